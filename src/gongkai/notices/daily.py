"""The morning's warnings: once for each working day, what falls due within three working days and what is late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction

from gongkai.law.calendar import CHINA
from gongkai.law.clocks import URGENCIES
from gongkai.ledger import clock
from gongkai.ledger.subjects import SUBJECTS
from gongkai.organs.models import Body, Person

from .audiences import handler, holders
from .models import Preference, Round
from .outbox import Draft, post, to_people

JOB = "deadlines"
#: Nobody is woken at midnight.
MORNING = time(8)
#: Working days ahead that are warned of.
AHEAD = 3
#: Cases a message lists by number; the rest are counted.
LISTED = 20


@dataclass(frozen=True)
class Watch:
    """A kind of subject with a due date: the column of its list row, and the states in which the body owes the answer."""

    kind: str
    due: str
    states: tuple[str, ...]
    what: str = ""


#: Days during which the law's clock stands still for the applicant's sake (补正, 缴费) are not watched.
WATCHES = (
    Watch(
        "request", "due_on", ("awaiting", "registered", "handling", "consulting", "explaining", "drafted", "reviewed")
    ),
    Watch("reconsideration", "answer_due_on", ("accepted", "drafted")),
    Watch("lawsuit", "answer_due_on", ("accepted", "drafted")),
    Watch("norm", "filing_due_on", ("issued", "repealed", "lapsed", "expired"), "备案"),
)
#: So many days before the validity of a norm ends its disclosure office is told, on the first working day from then on.
ENDING = (183, 92, 31, 7)


@dataclass
class _Sheet:
    """What one person is told."""

    person: Person
    soon: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    office: list[str] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)


def warn() -> bool:
    """Write today's warnings unless that was done; whether it was done now."""
    now, today = clock.now(), clock.today()
    if now.astimezone(clock.SHANGHAI).time() < MORNING or not CHINA.is_workday(today):
        return False
    if Round.objects.filter(job=JOB, day=today).exists():
        return False
    with transaction.atomic():
        # A second worker waits here for the first, and then finds the row.
        _, first = Round.objects.get_or_create(job=JOB, day=today)
        if first:
            _write(today)
    return first


def _write(today: date) -> None:
    sheets: dict[int, _Sheet] = {}
    handlers: dict[tuple[str, str, str], list[Person]] = {}
    offices: dict[str, list[Person]] = {}

    def sheet(person: Person) -> _Sheet:
        return sheets.setdefault(person.pk, _Sheet(person))

    for row, due, what in due_rows(today):
        line, late, body = _line(row, due, today, what), due < today, row.body
        who = (body.key, getattr(row, "handler", ""), getattr(row, "unit", ""))
        if who not in handlers:
            handlers[who] = handler(row, body)
        for person in handlers[who]:
            (sheet(person).late if late else sheet(person).soon).append(line)
        if late and body.key not in offices:
            offices[body.key] = holders(body, "disclosure")
        for person in offices[body.key] if late else ():
            if person not in handlers[who]:
                sheet(person).office.append(line)
    for row in ending_rows(today):
        line = f"{row.number} {row.title}：有效期至 {row.valid_until.isoformat()}"
        for person in offices.setdefault(row.body.key, holders(row.body, "disclosure")):
            sheet(person).ending.append(line)
    _post(today, list(sheets.values()))


def ending_rows(today: date) -> Iterator[Any]:
    """The norms in force whose validity ends so many days (:data:`ENDING`) after today, or after a day off before it."""
    days = [today]
    while not CHINA.is_workday(days[-1] - timedelta(1)):
        days.append(days[-1] - timedelta(1))
    ends = [day + timedelta(ahead) for ahead in ENDING for day in days]
    rows: Any = SUBJECTS["norm"].models[0]._default_manager.filter(state="issued", valid_until__in=ends)
    yield from rows.filter(ceased_on__gt=today).select_related("body").order_by("valid_until", "pk")


def due_rows(today: date) -> Iterator[tuple[Any, date, str]]:
    """Every list row that is late today or falls due within :data:`AHEAD` working days, with its due date and for what."""
    until = CHINA.add_workdays(today, AHEAD)
    for watch in WATCHES:
        model: Any = SUBJECTS[watch.kind].models[0]
        rows = model._default_manager.filter(**{f"{watch.due}__lte": until}, state__in=watch.states)
        for row in rows.select_related("body").order_by(watch.due, "pk"):
            yield row, getattr(row, watch.due), watch.what


def _line(row: Any, due: date, today: date, what: str = "") -> str:
    matter = getattr(row, "title", "") or getattr(row, "matter", "")
    return f"［{_urgency(due, today)}］{row.number} {matter}：{what}{_left(due, today)}"


def _urgency(due: date, today: date) -> str:
    left = CHINA.workdays_between(today, due) if due >= today else -1
    return next(level.label for level in URGENCIES if level.at_most is None or left <= level.at_most)


def _left(due: date, today: date) -> str:
    if due < today:
        return f"{due.isoformat()} 到期，已逾期 {CHINA.workdays_between(due, today)} 个工作日"
    if due == today:
        return "今日到期"
    return f"{due.isoformat()} 到期，还剩 {CHINA.workdays_between(today, due)} 个工作日"


def _post(today: date, sheets: list[_Sheet]) -> None:
    wishes = Preference.objects.in_bulk([sheet.person.pk for sheet in sheets])
    bodies = Body.objects.in_bulk({sheet.person.body_id for sheet in sheets})
    rows = []
    for sheet in sheets:
        title, text = words(sheet.soon, sheet.late, sheet.office, sheet.ending)
        draft = Draft(f"{JOB}/{today.isoformat()}", bodies[sheet.person.body_id], title, text)
        rows += to_people(draft, [sheet.person], wishes)
    post(rows)


def words(soon: list[str], late: list[str], office: list[str], ending: Sequence[str] = ()) -> tuple[str, str]:
    """Title and text of one person's warning."""
    parts = (("您承办的，已逾期", late), (f"您承办的，{AHEAD} 个工作日内到期", soon), ("本机关其他逾期事项", office),
             ("有效期临近，请评估后延长、修改、废止或者到期失效的文件", ending))  # fmt: skip
    counted = "，".join(f"{title} {len(listed)} 件" for title, listed in parts if listed)
    blocks = []
    for title, listed in parts:
        if listed:
            more = [f"……共 {len(listed)} 件"] if len(listed) > LISTED else []
            blocks.append("\n".join([f"{title}：", *listed[:LISTED], *more]))
    return f"期限提醒：{counted}", "\n\n".join(blocks)
