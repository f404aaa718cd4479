"""A register of many cases, loaded in bulk and told honestly: as if each had come through the commands.

A few stories are played with the real commands. Every further case is a story moved to another day, with its own
number, title, person, unit and handler: its lines get true hashes, its row and tally rows come from the same replay and
the same functions that write them one by one (``step``, ``facts``, ``projection.row``), its personal data are sealed and
marked. ``gongkai verify`` and ``gongkai rebuild`` hold over the result (:func:`hold` tries both).
"""

import random
from collections import Counter as Tallied
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count, islice
from typing import Any

from _harness import progress

OFFICE = "cq-office"
TOPICS = (
    "轨道交通九号线二期",
    "老旧小区改造",
    "集体土地征收",
    "公租房配租",
    "学校划片",
    "供水价格调整",
    "长江岸线保护",
)
PLACES = ("渝中区", "万州区", "涪陵区", "江北区", "沙坪坝区", "九龙坡区", "南岸区", "北碚区", "渝北区", "巴南区")
PAPERS = ("批复文件", "实施方案", "会议纪要", "资金安排", "公告及附件", "统计数据")
UNITS = ("综合处", "规划处", "政务公开处")
HANDLERS = 40
CHUNK = 2000
#: Years the register covers, up to today; cases received in the last days are in hand, and one of so many older ones.
YEARS, IN_HAND, LATE = 5, 28, 200


def application(rng: random.Random) -> dict[str, Any]:
    """What an applicant writes; one in a hundred has written before."""
    title = f"申请公开{rng.choice(PLACES)}{rng.choice(TOPICS)}{rng.choice(PAPERS)}"
    if rng.random() < 0.6:
        title += f"（{rng.randrange(2008, 2026)}年第{rng.randrange(1, 400)}号）"
    who = rng.randrange(10**4) if rng.random() < 0.01 else rng.randrange(10**14)
    return {
        "category": "natural_person", "name": "陈小明", "id_type": "identity_card",
        "id_number": f"5000{who:014d}", "phone": f"199{who % 10**8:08d}",
        "email": "someone@example.com", "address": "某路1号", "title": title, "content": f"{title}（{rng.random()}）",
    }  # fmt: skip


@dataclass
class Rows:
    """What is written of a chunk of cases; ``lines`` numbers the ledger's lines, which name their tally rows."""

    lines: Iterator[int]
    made: dict[type, list[Any]] = field(default_factory=dict)
    tallies: list[tuple[Any, Any]] = field(default_factory=list)

    def add(self, row: Any) -> None:
        """One more row of its table."""
        self.made.setdefault(type(row), []).append(row)

    def write(self) -> None:
        """Table by table."""
        for line, row in self.tallies:
            row.id = line.id
            self.add(row)
        for model, rows in self.made.items():
            _insert(model, rows)


#: Fields whose values go to the database as they are.
_PLAIN = ("CharField", "BooleanField", "PositiveIntegerField", "PositiveSmallIntegerField", "BigIntegerField")


def _insert(model: Any, rows: list[Any]) -> None:
    """What ``bulk_create`` would write, three times as fast: every value prepared by its field, nothing else done."""
    from django.db import connection, transaction

    fields = [f for f in model._meta.concrete_fields if getattr(rows[0], f.attname) is not None or not f.primary_key]
    kinds = [(f.attname, None if f.get_internal_type() in _PLAIN else f.get_db_prep_save) for f in fields]
    values = [
        [prepare(getattr(row, name), connection) if prepare else getattr(row, name) for name, prepare in kinds]
        for row in rows
    ]
    names = ", ".join(connection.ops.quote_name(f.column) for f in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)
        else:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(fields))})", values)


@dataclass(frozen=True)
class Line:
    """A line of a story: so many days after the first."""

    kind: str
    after: timedelta
    actor: str
    data: dict[str, Any]


def _stories() -> dict[str, list[list[Line]]]:
    """Played once with the real commands: cases that are over, and cases in hand."""
    from gongkai.ledger.services import lines
    from gongkai.organs.testing import small_city
    from gongkai.requests.tests.paper_cases import draft, told

    city = small_city()
    begin = ("assign", {"unit": "政务公开处", "handler": "handler"}), ("accept", {}, 1)

    def end(leaf: str, days: int) -> tuple[Any, ...]:
        return (
            ("draft", draft(leaf), days), ("review", {"legality": "sound", "secrecy": "cleared"}, days + 1),
            ("sign", {}, days + 2), ("serve", {"method": "mail", "proof": "EMS 1000"}, days + 3),
        )  # fmt: skip

    more = {"days": 10, "reason": "检索量较大"}
    extended = ("ask_extension", more, 8), ("extend", more, 9)
    over = [(*begin, *end("3.1", 8)), (*begin, *extended, *end("3.3.6", 20)), (*begin, *end("3.4.1", 14))]
    in_hand = [begin, (*begin, *end("3.1", 2)[:1]), (*begin, *end("3.1", 2)[:2])]

    def lines_of(steps: tuple[Any, ...]) -> list[Line]:
        past = lines("request", told(city, *steps))
        return [Line(e.kind, e.legal_day - past[0].legal_day, e.actor, e.data) for e in past]

    return {"over": [lines_of(steps) for steps in over], "in hand": [lines_of(steps) for steps in in_hand]}


def load(cases: int) -> None:
    """A small city whose office keeps a register of so many cases, received one after the other until today."""
    from gongkai.ledger import clock
    from gongkai.ledger.models import Counter, Event

    with clock.at(clock.now() - timedelta(days=365 * (YEARS + 1))):
        stories = _stories()
    rng, numbers, today = random.Random(711), Tallied[str](), clock.today()
    for series in Counter.objects.all():
        numbers[series.series] = series.last
    first = today - timedelta(days=365 * YEARS)
    days = iter([first + timedelta(days=n * 365 * YEARS // cases) for n in range(cases)])
    done, lines = 0, count(Event.objects.latest("id").id + 1)
    with progress(f"{cases:,} cases loaded") as show:
        while chunk := list(islice(days, CHUNK)):
            rows = Rows(lines)
            for day in chunk:
                open_ = (today - day).days < IN_HAND or rng.randrange(LATE) == 0
                _case(rng.choice(stories["in hand" if open_ else "over"]), day, rng, numbers, rows)
            rows.write()
            show(done := done + len(chunk), cases)
    for series_name, last in numbers.items():
        Counter.objects.update_or_create(series=series_name, defaults={"last": last})
    _analyse()


def _case(story: list[Line], day: date, rng: random.Random, numbers: Tallied[str], rows: Rows) -> None:
    """One case: a story with its own number, title, person, unit and handler, begun on ``day``."""
    from gongkai.ledger import vault
    from gongkai.ledger.models import Secret
    from gongkai.requests import services, similar
    from gongkai.requests.models import Mark
    from gongkai.requests.procedure import PROCEDURE

    asked = application(rng)
    turn = _next(numbers, f"request/{OFFICE}/{day.year}")
    key, personal = f"{OFFICE}-{day.year}-{turn:05d}", f"request/{OFFICE}-{day.year}-{turn:05d}/1"
    own = {
        "number": f"渝府办依申〔{day.year}〕{turn}号", "personal": personal, "title": asked["title"],
        "unit": rng.choice(UNITS), "handler": f"handler{rng.randrange(HANDLERS)}",
    }  # fmt: skip
    if any(line.kind == "sign" for line in story):
        year = (day + next(line.after for line in story if line.kind == "sign")).year
        own["document_number"] = f"渝府办公复〔{year}〕{_next(numbers, f'decision/{OFFICE}/{year}')}号"
    _lines(key, story, day, own, rows)
    hidden = {f.name: asked[f.name] for f in PROCEDURE.events["register"][0].fields if f.personal and f.name in asked}
    rows.add(Secret(key=personal, sealed=vault.seal(hidden).encode()))
    code = {"query_code": services.new_code()}
    rows.add(Secret(key=services.code_key(key), sealed=vault.seal(code).encode()))
    for kind, mark in similar.marks(OFFICE, asked["title"], asked):
        rows.add(Mark(subject=key, kind=kind, mark=mark))


def _next(numbers: Tallied[str], series: str) -> int:
    numbers[series] += 1
    return numbers[series]


def _lines(key: str, story: list[Line], day: date, own: dict[str, Any], rows: Rows) -> None:
    """The lines with their hashes, and what they come to: the row and the tally rows."""
    from gongkai.ledger import clock
    from gongkai.ledger.chain import ROOT, line_hash
    from gongkai.ledger.models import Event
    from gongkai.requests import projection

    spec = projection.SUBJECT
    state, previous, today = spec.start, ROOT, clock.today()
    for seq, told in enumerate(story, 1):
        on = min(day + told.after, today)
        at = datetime(on.year, on.month, on.day, 9, seq, tzinfo=clock.SHANGHAI)
        data = told.data | {name: value for name, value in own.items() if name in told.data}
        digest = line_hash(spec.kind, key, seq, told.kind, on, at, told.actor, data, previous)
        line = Event(
            id=next(rows.lines), subject_kind=spec.kind, subject=key, seq=seq, kind=told.kind, legal_day=on, recorded_at=at,
            actor=told.actor, data=data, previous=previous, hash=digest,
        )  # fmt: skip
        rows.add(line)
        before, state, previous = state, spec.step(state, line), digest
        _tally(key, line, spec.facts(before), spec.facts(state), rows)
    rows.add(projection.row(key, state))


def _tally(key: str, line: Any, old: dict[str, Any] | None, new: dict[str, Any] | None, rows: Rows) -> None:
    """As ``ledger.tally.write``: close the row known so far, open the next."""
    from gongkai.requests.models import RequestTally

    if old == new:
        return
    if old is not None:
        rows.tallies[-1][1].known_to = line.recorded_at
    if new is not None:
        rows.tallies.append((line, RequestTally(subject=key, known_from=line.recorded_at, **new)))


def _analyse() -> None:
    """Sequences after the numbers given; and what a database does for itself overnight."""
    from django.core.management.color import no_style
    from django.db import connection

    from gongkai.ledger.models import Event
    from gongkai.requests.models import Mark

    sequences = connection.ops.sequence_reset_sql(no_style(), [Event, Mark])
    with connection.cursor() as cursor:
        for statement in sequences:
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _state(models: Iterator[type]) -> list[list[tuple[Any, ...]]]:
    return [sorted(model._default_manager.values_list()) for model in models]  # type: ignore[attr-defined]


def hold() -> str | None:
    """Verify every line; and, for as many cases as a rebuild takes seconds for, that it changes nothing. The fault, or None."""
    from gongkai.ledger.queries import verify
    from gongkai.requests.models import Request

    with progress("verified") as show:
        found = verify(show)
    if found.broken:
        return f"{found.broken.where}: {found.broken.reason}"
    if Request.objects.count() > REBUILT:
        return None
    return _rebuilt()


#: Up to how many cases the whole register is rebuilt and compared.
REBUILT = 5000


def _rebuilt() -> str | None:
    from gongkai.ledger.queries import rebuild
    from gongkai.requests.models import Request, RequestTally

    models = (Request, RequestTally)
    before = _state(iter(models))
    with progress("rebuilt") as show:
        rebuild(show)
    return None if _state(iter(models)) == before else "a rebuild gives other rows than the load"
