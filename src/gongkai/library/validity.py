"""What a record is on a day, read from its row (:mod:`gongkai.law.validity` derives it), and the banner over its text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.bake.reading import until as holds_until
from gongkai.law import validity
from gongkai.law.validity import OPEN, SOON, Status
from gongkai.ledger import clock
from gongkai.records.models import Record

__all__ = ["SOON", "Status", "banner", "has_validity", "status", "turns"]


def has_validity(record: Record) -> bool:
    """Whether one asks of this record if it is in force: it applies from a day, until a day, or was ended."""
    return bool(record.effective_on or record.valid_until or record.ended_how)


def status(record: Record, day: date, changes: Sequence[date] = ()) -> Status:
    """The status of a record on ``day``; ``changes`` are the days from which later texts apply."""
    if not has_validity(record):
        return Status.NONE
    start = record.effective_on or record.published_on or date.min
    by_act = record.ended_how in {Status.REPEALED, Status.LAPSED}
    until = record.valid_until or (None if by_act or record.ceased_on == OPEN else record.ceased_on - timedelta(1))
    return validity.status(
        validity.Validity(
            min(record.published_on or start, start), start, until,
            record.ceased_on if by_act else None, record.ended_how if by_act else "", tuple(changes),
        ),
        day,
    )  # fmt: skip


def turns(record: Record, changes: Sequence[date] = (), today: date | None = None) -> None:
    """Say to the baker until when a page that shows the record's status of today holds."""
    days = [record.effective_on, record.ceased_on, *changes]
    if record.valid_until:
        days += [max(record.valid_until - SOON, date.min + SOON), record.valid_until + timedelta(days=1)]
    today = today or clock.today()
    holds_until(*(day for day in days if day is not None and today < day < OPEN))


@dataclass(frozen=True)
class Banner:
    """What stands over the text of whatever is not simply in force: kind and word of the notice, the sentence."""

    kind: str
    word: str
    text: str


def _cn(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def banner(record: Record, day: date, changes: Sequence[date] = (), shown: date | None = None) -> Banner | None:
    """The banner on the page of a record, None where none is needed. ``shown``: the day whose text is shown."""
    found = status(record, day, changes)
    if found.ended:
        how = {Status.REPEALED: "已废止", Status.LAPSED: "已宣布失效"}.get(found, "有效期已届满")
        return Banner("late", "不再有效", f"本文件{how}，自{_cn(record.ceased_on)}起不再有效。")
    if found is Status.PENDING:
        assert record.effective_on is not None
        return Banner("", "尚未施行", f"本文件自{_cn(record.effective_on)}起施行。")
    if found is Status.EXPIRING:
        assert record.valid_until is not None
        return Banner("soon", "即将到期", f"本文件有效期至{_cn(record.valid_until)}。")
    if found is Status.AMENDED:
        last = max(change for change in changes if change <= day)
        if shown is not None and shown < last:
            return Banner("soon", "已修改", f"这是修改以前的文本，{_cn(last)}起适用修改后的文本。")
        return Banner("", "已修改", f"以下为修改后的文本，自{_cn(last)}起适用。")
    return None
