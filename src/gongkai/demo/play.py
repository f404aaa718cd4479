"""The player: scenes in the order of their instants, each through a real command, each exactly once.

A load that was cut off goes on where it stood: every scene has an idempotency key, and scenes already played are
skipped without touching the database.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from gongkai.law.calendar import CHINA
from gongkai.ledger import clock
from gongkai.ledger.models import Command
from gongkai.ledger.services import Done, seal

#: The day the ledger begins, and the demonstration's present: the second Monday of 2022.
FIRST, PRESENT = date(2020, 1, 2), date(2022, 1, 10)

Progress = Callable[[int, int, str], None]


@dataclass(order=True)
class Scene:
    """One command: when, and how. ``run`` gets its key and the subjects of all stories begun so far, by story."""

    at: datetime
    story: str
    number: int
    run: Callable[[str, Mapping[str, str]], Done] = field(compare=False)

    @property
    def key(self) -> str:
        """The idempotency key."""
        return f"demo/{self.story}/{self.number}"


def instant(day: date, minute: int) -> datetime:
    """A moment of a day, ``minute`` minutes after nine in the morning (Asia/Shanghai)."""
    return datetime.combine(day, time(9), clock.SHANGHAI) + timedelta(minutes=minute)


def play(scenes: Iterable[Scene], progress: Progress) -> int:
    """Play every scene not played before, sealing the ledger at the end of each day; returns how many were new."""
    subjects: dict[str, str] = {}
    played = set()
    for key, subject in Command.objects.filter(key__startswith="demo/").values_list("key", "event__subject"):
        played.add(key)
        subjects.setdefault(key.removeprefix("demo/").rsplit("/", 1)[0], subject)
    ordered = sorted(scenes)
    fresh, today = 0, None
    for done, scene in enumerate(ordered):
        if scene.key in played:
            continue
        day = scene.at.date()
        if today and day != today:
            _seal(today)
        today, fresh = day, fresh + 1
        with clock.at(scene.at):
            outcome = scene.run(scene.key, subjects)
        subjects.setdefault(scene.story, outcome.event.subject)
        if fresh % 100 == 0:
            progress(done, len(ordered), today.isoformat())
    if today:
        _seal(today)
    progress(len(ordered), len(ordered), "")
    return fresh


def _seal(day: date) -> None:
    with clock.at(instant(day, 10 * 60)):
        seal()


def workday(day: date, ahead: int = 0) -> date:
    """The first working day on or after ``day``, then ``ahead`` working days on."""
    while not CHINA.is_workday(day):
        day += timedelta(days=1)
    return CHINA.add_workdays(day, ahead) if ahead else day


def before(day: date, count: int) -> date:
    """``count`` working days earlier."""
    while count:
        day -= timedelta(days=1)
        count -= CHINA.is_workday(day)
    return day


def draw(weighted: dict[Any, float], rng: Any) -> Any:
    """One of the keys, by weight."""
    return rng.choices(list(weighted), list(weighted.values()))[0]
