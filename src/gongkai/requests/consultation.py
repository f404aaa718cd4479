"""Several parties consulted at once: each has its own fifteen working days, the clock excludes the union of them.

The law's clock (:mod:`gongkai.law.clocks`) reads one consultation after the other. Letters that overlap are written
here as such a sequence, cut at the day of each further letter, so that no day is excluded twice and none is lost.
A party's interval runs from its letter to its opinion, at the latest to the end of its fifteen working days
(Arts 32, 33 para 3, 34).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import inf

from gongkai.law.calendar import CHINA, Calendar
from gongkai.law.clocks import SUB_CLOCKS, ClockEvent

SENT, RETURNED = "consultation_sent", "consultation_returned"


@dataclass(frozen=True)
class Party:
    """Somebody asked for an opinion.

    ``letter`` and ``reply`` are the places of its two events among the clock's; ``personal`` leads to its name in the
    vault; ``returned_on`` is None while no opinion has come.
    """

    whom: str
    sent_on: date
    letter: int
    personal: str = ""
    returned_on: date | None = None
    reply: int = 0
    opinion: str = ""

    def due(self, calendar: Calendar = CHINA) -> date:
        """The last day for this party's opinion: fifteen working days from its letter."""
        return SUB_CLOCKS.get(self.whom, SUB_CLOCKS["joint_maker"]).due(self.sent_on, calendar)

    def end(self, calendar: Calendar = CHINA) -> date:
        """Where its interval ends: with the opinion, at the latest on its last day."""
        due = self.due(calendar)
        return min(due, self.returned_on) if self.returned_on else due


def sequence(
    events: Sequence[ClockEvent], parties: Sequence[Party], calendar: Calendar = CHINA
) -> tuple[ClockEvent, ...]:
    """The clock's events with the consultations as one sequence that excludes the union of the parties' intervals."""
    if not _overlap(parties, calendar):
        return tuple(events)
    placed = [((event.on, float(n)), event) for n, event in enumerate(events) if event.kind not in {SENT, RETURNED}]
    placed += _pieces(parties, calendar)
    return tuple(event for _, event in sorted(placed, key=lambda pair: pair[0]))


def _overlap(parties: Sequence[Party], calendar: Calendar) -> bool:
    return any(
        later.sent_on <= earlier.due(calendar) and not (earlier.returned_on and earlier.reply < later.letter)
        for n, earlier in enumerate(parties)
        for later in parties[n + 1 :]
    )


def _pieces(parties: Sequence[Party], calendar: Calendar) -> list[tuple[tuple[date, float], ClockEvent]]:
    """The union, cut where a further letter went out; the last piece stays open while an opinion is awaited."""
    starts = {party.sent_on: party.letter for party in reversed(parties)}
    cuts = [day for day in sorted(starts) if not _within_open(day, parties, calendar)]
    made: list[tuple[tuple[date, float], ClockEvent]] = []
    for n, start in enumerate(cuts):
        following = cuts[n + 1] if n + 1 < len(cuts) else None
        until = [p for p in parties if following is None or p.sent_on < following]
        end = max(party.end(calendar) for party in until)
        made.append(((start, float(starts[start])), ClockEvent(SENT, start)))
        if following is None and any(p.returned_on is None and p.sent_on == start for p in until):
            break
        if following is not None and following <= end:
            place = (following, starts[following] - 0.5)
        else:
            place = (end, max((float(p.reply) for p in until if p.returned_on == end), default=inf))
        made.append((place, ClockEvent(RETURNED, place[0])))
    return made


def _within_open(day: date, parties: Sequence[Party], calendar: Calendar) -> bool:
    """Whether letters of this day and after add nothing to an earlier one that is still awaited."""
    later = [party for party in parties if party.sent_on >= day]
    if any(party.returned_on is None for party in later):
        return False
    last = max(party.end(calendar) for party in later)
    return any(
        party.returned_on is None and party.sent_on < day <= party.end(calendar) and last <= party.end(calendar)
        for party in parties
    )
