"""The application form for paper: the same fields as on the web, as rows to fill in by hand."""

from datetime import date
from pathlib import Path

from gongkai.typeset import press

from .public_forms import fields_of

TITLE = "政府信息公开申请表"
TEMPLATE = Path(__file__).with_name("paper_form.typ")
#: Height of the space to write in, in lines.
_LINES = {"content": 6, "address": 2, "title": 2}
NOTES = (
    "申请人应当提供身份证明、联系方式（电话、邮箱、地址至少一项），所申请信息的名称、文号或者便于查询的其他特征性描述，以及形式要求（条例第二十九条）。",
    "不需要说明用途。填写确有困难的，可以口头提出，由工作人员代为填写。",
    "当面提交的，提交之日为收到申请之日；邮寄的，签收之日为收到申请之日；平常信函、传真，以双方确认之日为收到申请之日（条例第三十一条）。",
    "行政机关应当自收到申请之日起二十个工作日内答复；需要延长的，经批准并告知申请人，最长延长二十个工作日（条例第三十三条）。",
)


def rows() -> list[tuple[str, list[str], int]]:
    """Each field as (label, choices to tick, lines of space)."""
    found = []
    for step in ("who", "what"):
        for field in fields_of(step, asked=()):
            label = field.label if field.required else f"{field.label}（选填）"
            found.append((label, [choice for _, choice in field.choices], _LINES.get(field.name, 1)))
    return found


def pdf(day: date) -> bytes:
    """The form as PDF. Raises ``typeset.fonts.FontsMissing``, ``typeset.press.TypesetError``."""
    return press.pdf(TEMPLATE, {"title": TITLE, "rows": rows(), "notes": NOTES}, day=day)
