"""A document that is disclosed in part: an invented form with what must go from it, and the copy made at the desk.

Setting it needs Chinese fonts; on a machine without them the case goes on without a copy.
"""

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from gongkai.ledger.services import Done
from gongkai.ledger.uploads import Upload
from gongkai.papers import pdf
from gongkai.papers.compose import Paper
from gongkai.papers.template import Table
from gongkai.requests import redactions
from gongkai.typeset import fonts

if TYPE_CHECKING:
    from .cases import Story

PRIVACY, BUSINESS = "3.3.4/1", "3.3.4/2"
#: What goes from the form, and why.
REMOVALS = (
    ("500103197002030415", PRIVACY), ("19900010203", PRIVACY), ("6222 0000 0000 0415", PRIVACY), ("人民币 86500 元", BUSINESS),
)  # fmt: skip
ROWS = (
    ("被补偿人", "王建明（演示）"), ("公民身份号码", REMOVALS[0][0]), ("联系电话", REMOVALS[1][0]),
    ("开户银行和账号", f"演示银行渝中支行　{REMOVALS[2][0]}"), ("补偿方式", "货币补偿"),
    ("补偿总额", "按所在区域公布的补偿标准计算，见附表"), ("评估机构", "重庆缙云环保有限公司（演示）"),
    ("评估服务报价", REMOVALS[3][0]), ("备案意见", "经审核，补偿标准和程序符合规定，同意备案。"),
)  # fmt: skip


@cache
def has_fonts() -> bool:
    """Whether this machine can set a Chinese PDF."""
    try:
        return bool(fonts.choose(frozenset(fonts.library(fonts.folders()).families())))
    except fonts.FontsMissing:
        return False


def _original(title: str) -> Upload:
    """The form as a PDF."""
    paper = Paper(
        template="",
        version="",
        name=title,
        agency="重庆市住房和城乡建设委员会（演示）",
        number="渝建备〔2019〕演示415号",
        addressee="市政府办公厅：",
        blocks=(
            "按照房屋征收补偿管理的有关规定，现将下列补偿协议报请备案。本文件为演示数据，内容均为虚构。",
            Table(ROWS),
        ),
        signature="重庆市住房和城乡建设委员会（演示）",
        date="2019年8月15日",
        notes=("联系人：何清越　023-00000000",),
        stamp=date(2019, 8, 15),
    )
    return Upload(f"{title}.pdf", pdf.write(paper))


def store(told: "Story", day: date) -> None:
    """The document is stored, sealed, and what must go from it chosen."""
    name, maker, title = told.plan.name, told.cast.actor(told.handler), told.title.removeprefix("申请公开")

    def run(key: str, subjects: Any) -> Done:
        done = redactions.store(subjects[name], _original(title), title, maker, key=key)
        for text, basis in REMOVALS:
            redactions.add_text(subjects[name], 1, text, [0], basis, maker)
        return done

    if has_fonts():
        told.show(day, run)


def make(told: "Story", day: date) -> None:
    """The copy is made, checked and kept."""
    name, maker = told.plan.name, told.cast.actor(told.handler)
    if has_fonts():
        told.show(day, lambda key, subjects: redactions.make(subjects[name], 1, maker, key=key))


def release(told: "Story", day: date, who: str) -> None:
    """A reviewer compares the copy with the original and lets it go."""
    name, reviewer = told.plan.name, told.cast.actor(who)
    if has_fonts():
        told.show(day, lambda key, subjects: redactions.release(subjects[name], 1, 1, reviewer, key=key))
