"""Cases at the end of their retention: of an old register, taken over when the ledger began, archived ten years ago.

One nobody has looked at yet, one proposed for erasure and waiting, one whose waiting is over, one erased by two people.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from gongkai.ledger.services import Done
from gongkai.requests import retention

from . import words
from .city import Cast
from .departments import taken_over
from .play import FIRST, Scene, instant, workday


@dataclass(frozen=True)
class Row:
    """A case of the old register, and when its personal data was proposed and approved to be erased."""

    title: str
    received: date
    answered: date
    archived: date
    proposed: date | None = None
    approved: date | None = None


REGISTER = (
    Row(
        "申请公开城市供水价格调整听证会纪要", date(2010, 3, 9), date(2010, 3, 25), date(2010, 12, 20),
        date(2021, 3, 8), date(2021, 4, 12),
    ),
    Row(
        "申请公开煤矿关闭补偿资金安排文件", date(2010, 5, 18), date(2010, 6, 4), date(2010, 12, 20), date(2021, 11, 22)
    ),
    Row(
        "申请公开长江岸线保护规划批复文件", date(2010, 9, 7), date(2010, 9, 26), date(2010, 12, 20), date(2021, 12, 27)
    ),
    Row("申请公开企业退休人员待遇调整的政策依据", date(2010, 11, 2), date(2010, 11, 19), date(2011, 3, 15)),
    Row("申请公开行政区划调整的批复文件", date(2011, 1, 11), date(2011, 1, 27), date(2011, 3, 15)),
)  # fmt: skip


def scenes(cast: Cast) -> Iterator[Scene]:
    """The register, row by row, and what was done about each since."""
    for number, row in enumerate(REGISTER, 1):
        name, begin = f"retention/{number}", instant(workday(FIRST, 1), 200 + number)
        yield Scene(begin, name, 0, taken_over(cast.office, _values(cast.office.document_code, number, row)))
        reason = "保管期限届满，没有未结的复议、诉讼和投诉举报"
        if row.proposed:
            step = _step(retention.propose, name, reason, cast.actor("dengji2"))
            yield Scene(instant(row.proposed, 300), name, 1, step)
        if row.approved:
            step = _step(retention.approve, name, "经核对保管期限表和案卷，同意清除", cast.actor("zhuguan"))
            yield Scene(instant(row.approved, 300), name, 2, step)


def _values(code: str, number: int, row: Row) -> dict[str, Any]:
    """A row by the columns of a register."""
    party = words.person(Random(f"retention/{number}"))
    return {name: party[name] for name in ("name", "id_type", "id_number", "phone")} | {
        "number": f"{code}依申〔{row.received.year}〕{number}号", "received_on": row.received, "channel": "mail-signed",
        "category": "natural_person", "title": row.title, "unit": "政务公开处", "leaf": "3.1", "answered_on": row.answered,
        "document_number": f"{code}公复〔{row.answered.year}〕{number}号", "method": "mail", "served_on": row.answered,
        "archived_on": row.archived,
    }  # fmt: skip


def _step(command: Callable[..., Done], name: str, reason: str, actor: Any) -> Callable[..., Done]:
    return lambda key, subjects: command(subjects[name], reason, actor, key=key)
