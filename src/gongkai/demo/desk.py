"""Cases that stand at the desk today: each at a step the everyday stories pass through too fast to be seen.

They are among the requests in hand at the end of 2021 or of the first days of 2022, so that no figure of 2021 moves.
What is told here after the demonstration's present has not happened yet: it only keeps the stories whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from gongkai.ledger.services import Done
from gongkai.requests import services
from gongkai.requests.models import Request
from gongkai.requests.queries import case as case_of

from . import redactions, words

if TYPE_CHECKING:
    from .cases import Story

#: A day by which everything told here has been seen: after the present.
LATER = date(2022, 1, 12)


@dataclass(frozen=True)
class Case:
    """One of them: what is asked for, between which days it came, how it will be decided, and its story from hand-over on."""

    title: str
    unit: str
    handler: str
    received: tuple[date, date]
    tell: Callable[["Story"], None]
    leaf: str = "3.1"
    content: str = ""

    @property
    def wish(self) -> tuple[str, str, str, str]:
        """Title, content, unit and handler, as a story has them."""
        return self.title, f"{self.content or self.title}。【演示数据】", self.unit, self.handler


def _noticed(told: "Story", day: date, amount: str, counted: str) -> None:
    told.tell("notice_fee", day, told.handler, {"amount": amount, "counted": counted})
    told.clock("fee_noticed")


def _paid(told: "Story", day: date) -> None:
    """The answer period begins anew, and the case is decided in it."""
    told.tell("pay", day, "dengji")
    told.clock("fee_paid")
    told.decide()


def _by_page(told: "Story") -> None:
    """Paid, and being handled again."""
    _noticed(told, date(2021, 12, 22), "880", "109 页")
    _paid(told, date(2022, 1, 5))


def _by_page_waiting(told: "Story") -> None:
    """The applicant says it is paid; the desk has not seen the money."""
    _noticed(told, date(2021, 12, 29), "300", "60 页")
    told.tell(
        "report_payment", date(2022, 1, 7), "applicant", {"note": "1月6日已由手机银行缴纳，缴款单号（演示）2022-0106"}
    )
    _paid(told, LATER)


def _by_item(told: "Story") -> None:
    """Fifteen items in one letter, handled together and counted as fifteen; not paid yet."""
    together = {"items": 15, "reason": "十五个区县的同类文件一并检索、一并答复更便民"}
    told.tell("keep_together", told.ahead(1, 1), "gongkaiban", together)
    _noticed(told, date(2021, 12, 28), "500", "15 件")
    _paid(told, LATER)


def _pending_extension(told: "Story") -> None:
    """More time is asked for; the head of the disclosure office has not decided."""
    asked = {"days": 10, "reason": "涉及 1998 年至 2008 年未数字化的纸质档案，需要逐卷检索"}
    told.tell("ask_extension", date(2022, 1, 6), told.handler, asked)
    told.tell("extend", date(2022, 1, 11), "zhuguan", asked)
    told.clock("extended", days=10)
    told.decide()


def _letter(told: "Story") -> dict[str, str]:
    return words.letter("3.2", told.title, told.rng) | {
        "withheld": "附件中被补偿人的身份证号码、电话、银行账号（个人隐私）和评估机构的报价（商业秘密）",
        "provided": "区分处理后的复印件1份，已删除部分在件后逐项列明依据",
    }


def _in_part(told: "Story", made: date, released: date) -> None:
    """Third party asked, document stored, copy made, letter drafted; the reviewer lets the copy go with the letter."""
    asked = {"whom": "third_party", "name": "重庆缙云环保有限公司", "about": "是否同意公开评估服务报价"}
    told.tell("consult", date(2021, 12, 14), told.handler, asked)
    told.clock("consultation_sent")
    answer = {"opinion": "refuse", "note": "报价属于本公司商业秘密"}
    told.tell("consulted", date(2021, 12, 22), told.handler, answer)
    told.clock("consultation_returned")
    redactions.store(told, date(2021, 12, 24))
    redactions.make(told, made)
    told.tell("draft", made, told.handler, _letter(told))
    redactions.release(told, released, "shenhe")
    told.tell("review", released, "shenhe", {"legality": "sound", "secrecy": "cleared", "note": "各处删除依据适当"})
    told.tell("sign", max(released, date(2022, 1, 5)), "qianfa")
    told.decided = told.day
    told.tell("serve", told.ahead(1, 1), "dengji", {"method": "mail", "proof": "EMS 演示 300415"})


def _disclosed_in_part(told: "Story") -> None:
    """All of it done: the applicant has the copy."""
    _in_part(told, date(2021, 12, 29), date(2021, 12, 31))


def _copy_awaits_release(told: "Story") -> None:
    """The copy waits for the reviewer's eyes."""
    _in_part(told, date(2022, 1, 6), LATER)


def _copy_to_be_made(told: "Story") -> None:
    """What must go is chosen; the copy is not made yet."""
    _in_part(told, LATER, LATER)


ITEMS = ("申请公开北碚区公租房配租实施方案", "申请公开北碚区公租房租金标准批复", "申请公开北碚区公租房轮候名册统计数据")


def _split(told: "Story") -> None:
    """Three items of one letter become three cases: one stays, one is handed to another unit, one waits to be."""
    name, office, day = told.plan.name, told.cast.actor("gongkaiban"), told.day

    def split(key: str, subjects: Any) -> Done:
        reason = "三项内容分属不同承办处室"
        return services.split(subjects[name], ITEMS, office, reason, day=day, key=key)

    def hand_over(key: str, subjects: Any) -> Done:
        part = Request.objects.get(number=case_of(subjects[name]).parts[0])
        data = {"unit": "规划发展处", "handler": "chengban2"}
        return services.do(part.key, "assign", office, data, day=day, key=key)

    told.show(told.day, split)
    told.show(told.day, hand_over)
    told.decide()


def _days(first: int, last: int) -> tuple[date, date]:
    return date(2021, 12, first), date(2021, 12, last)


#: By the name of the plan whose place each takes.
CASES: dict[str, Case] = {
    "open/natural_person/0": Case(
        "申请公开渝北区等十五个区县老旧小区改造年度计划", "城乡建设处", "chengban3", _days(14, 17), _by_item
    ),
    "open/natural_person/1": Case(
        "申请公开长寿区产业园区扩区调位规划环境影响评价全文", "规划发展处", "chengban2", _days(9, 14), _by_page
    ),
    "open/natural_person/2": Case(
        "申请公开城市供水价格成本监审报告及附表", "政务公开处", "chengban", _days(16, 22), _by_page_waiting
    ),
    "open/natural_person/3": Case(
        "申请公开三峡库区移民后期扶持资金安排文件", "社会事务处", "chengban4", _days(14, 16), _pending_extension
    ),
    "open/natural_person/4": Case(
        "申请公开九龙坡区国有土地上房屋征收补偿备案表", "城乡建设处", "chengban3", _days(8, 9), _disclosed_in_part, "3.2"
    ),
    "open/natural_person/5": Case(
        "申请公开巴南区集体土地征收补偿备案表", "城乡建设处", "chengban3", _days(8, 10), _copy_awaits_release, "3.2"
    ),
    "open/natural_person/6": Case(
        "申请公开合川区水库移民房屋补偿备案表", "城乡建设处", "chengban3", _days(9, 10), _copy_to_be_made, "3.2"
    ),
    "2022/0": Case(
        ITEMS[0],
        "城乡建设处",
        "chengban3",
        (date(2022, 1, 4), date(2022, 1, 4)),
        _split,
        content="；".join(ITEMS),
    ),
}  # fmt: skip
