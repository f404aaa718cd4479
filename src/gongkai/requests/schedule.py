"""The retention schedule 保管期限表: a versioned data pack, not code. How long a case's personal data is kept, by outcome.

The built-in pack is a starting value; a file in ``HOME/retention`` takes its place from its ``valid_from`` on. A file
with a fault is never passed over: until it is mended nothing may be erased.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q

from gongkai.law.decisions import LEAVES

BUILT_IN = Path(__file__).with_name("schedules")


class ScheduleFault(ValueError):
    """A file that is not a schedule; the message is Chinese and names file and fault."""


@dataclass(frozen=True)
class Class:
    """Cases kept equally long: by the rows of table three they were decided under; ``""`` is no decision."""

    id: str
    title: str
    leaves: tuple[str, ...]
    years: int

    def over_on(self, archived_on: date) -> date:
        """The first day after the period, which begins on 1 January after the year of archiving."""
        return date(archived_on.year + 1 + self.years, 1, 1)

    def archived_until(self, today: date) -> date:
        """The last day of archiving for which the period is over today."""
        return date(today.year - 1 - self.years, 12, 31)


@dataclass(frozen=True)
class Schedule:
    """One version of the schedule. ``waiting_days`` are calendar days between proposal and approval."""

    version: str
    valid_from: date
    source: str
    waiting_days: int
    classes: tuple[Class, ...]

    def of(self, leaf: str) -> Class:
        """The class of a case decided under a row of table three; the longest prefix counts."""
        fits = [(len(one), kept) for kept in self.classes for one in kept.leaves if _fits(leaf, one)]
        return max(fits, key=lambda pair: pair[0])[1]

    def over(self, today: date) -> Q:
        """The archived requests whose period is over today, as a condition on their rows."""
        codes = ["", *LEAVES]
        condition = Q(pk__in=[])
        for kept in self.classes:
            mine = [code for code in codes if self.of(code) is kept]
            condition |= Q(leaf__in=mine, archived_on__lte=kept.archived_until(today))
        return Q(state="archived") & condition


def _fits(leaf: str, prefix: str) -> bool:
    return leaf == prefix if not prefix or not leaf else f"{leaf}.".startswith(f"{prefix}.")


def read(content: str, name: str) -> Schedule:
    """A schedule from its JSON. Raises :class:`ScheduleFault`."""
    try:
        found: dict[str, Any] = json.loads(content)
        classes = tuple(
            Class(str(one["id"]), str(one["title"]), tuple(map(str, one["leaves"])), int(one["years"]))
            for one in found["classes"]
        )
        made = Schedule(
            str(found["version"]),
            date.fromisoformat(found["valid_from"]),
            str(found["source"]),
            int(found["waiting_days"]),
            classes,
        )
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise ScheduleFault(f"保管期限表 {name} 不能采用：缺少或者写错了 {fault}") from fault
    if made.waiting_days < 1 or any(one.years < 1 for one in classes):
        raise ScheduleFault(f"保管期限表 {name} 不能采用：年数和等待日数应为 1 以上的整数")
    known = {code[:n] for code in LEAVES for n in range(3, len(code) + 1)} | {""}
    if unknown := sorted({leaf for one in classes for leaf in one.leaves} - known):
        raise ScheduleFault(f"保管期限表 {name} 不能采用：没有处理决定 {'、'.join(unknown)}")
    missing = [code for code in ("", *LEAVES) if not any(_fits(code, leaf) for one in classes for leaf in one.leaves)]
    if missing:
        raise ScheduleFault(f"保管期限表 {name} 不能采用：没有写明 {missing[0] or '未作处理决定'} 的保管期限")
    return made


def present(today: date) -> Schedule:
    """The schedule in force today: the newest local one, else the built-in. Raises :class:`ScheduleFault`."""
    for folder in (Path(settings.HOME) / "retention", BUILT_IN):
        found = [read(path.read_text(encoding="utf-8"), path.name) for path in sorted(folder.glob("*.json"))]
        valid = [one for one in found if one.valid_from <= today]
        if valid:
            return max(valid, key=lambda one: (one.valid_from, one.version))
    raise ScheduleFault("没有现行有效的保管期限表")
