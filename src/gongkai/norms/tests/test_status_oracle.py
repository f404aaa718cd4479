"""Status on any day against a slow oracle that walks through the calendar one day at a time, for random histories."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace

from hypothesis import assume, given
from hypothesis import strategies as st

from gongkai.law.validity import SOON, Status, status
from gongkai.norms import events
from gongkai.norms.procedure import NORM
from gongkai.procedure import Refused, Situation

START = date(2020, 1, 1)
ROLES = frozenset(NORM.roles)
LAST = 1500


@dataclass
class Story:
    """Lines of one norm, as (day, event, data)."""

    lines: list[tuple[date, str, dict]] = field(default_factory=list)
    norm: events.Norm = field(default_factory=events.Norm)

    def tell(self, day: date, event: str, data: dict) -> bool:
        """Add a line if table and guards allow it."""
        actor = f"{event}-officer"
        try:
            NORM.check(self.norm.state, event, Situation(self.norm, actor, ROLES, day, data))
        except Refused:
            return False
        self.norm = events.step_norm(self.norm, line(day, event, data, actor))
        self.lines.append((day, event, data))
        return True


def line(day: date, event: str, data: dict, actor: str = "x") -> SimpleNamespace:
    return SimpleNamespace(kind=event, legal_day=day, data=data, actor=actor)


offsets = st.integers(0, 200)
LATER = {
    "consult": lambda d, a, b: {"until": (d + timedelta(a + 1)).isoformat()},
    "close_comments": lambda d, a, b: {"received": 1, "adopted": 0},
    "review": lambda d, a, b: {},
    "approve": lambda d, a, b: {"meeting": "x"},
    "register": lambda d, a, b: {"document_number": "渝府发〔2020〕1号", "register_number": "1"},
    "send_back": lambda d, a, b: {"reason": "x"},
    "abandon": lambda d, a, b: {"reason": "x"},
    "issue": lambda d, a, b: dates(d, a, b),
    "amend": lambda d, a, b: {"by": "x", "from_on": (d + timedelta(a - 60)).isoformat()},
    "renew": lambda d, a, b: {"by": "x", "valid_until": (d + timedelta(5 * a + b)).isoformat()},
    "repeal": lambda d, a, b: {"by": "x"} | ({"from_on": (d + timedelta(b)).isoformat()} if a % 2 else {}),
    "declare_lapsed": lambda d, a, b: {"by": "x", "from_on": (d + timedelta(b)).isoformat()},
    "expire": lambda d, a, b: {},
    "evaluate": lambda d, a, b: {"conclusion": "keep"},
}


def dates(day: date, a: int, b: int) -> dict:
    """Effective and end, each sometimes left out."""
    effective = day + timedelta(a if a % 3 else 0)
    end = {"valid_until": (effective + timedelta(4 * b)).isoformat()} if b % 4 else {}
    return ({"effective_on": effective.isoformat()} if a % 3 else {}) | end


@st.composite
def stories(draw) -> Story:
    """A random history from a draft or from an issue elsewhere, with months or days between its lines."""
    story, day = Story(), START
    a, b = draw(offsets), draw(offsets)
    title = {"kind": "normative_document", "title": "x"}
    if draw(st.booleans()):
        story.tell(day, "draft", title)
        for event in draw(st.permutations(["review", "approve", "register", "issue"])):
            day += timedelta(draw(st.integers(0, 40)))
            story.tell(day, event, LATER[event](day, a, b))
        for event in ("review", "approve", "register", "issue"):
            day += timedelta(draw(st.integers(0, 10)))
            story.tell(day, event, LATER[event](day, a, b))
    else:
        story.tell(day, "issue", title | {"document_number": "x"} | dates(day, a, b))
    for _ in range(draw(st.integers(0, 8))):
        day += timedelta(draw(st.integers(0, 220)))
        event = draw(st.sampled_from(sorted(LATER)))
        story.tell(day, event, LATER[event](day, draw(offsets), draw(offsets)))
    return story


class Wall:
    """A person with a wall calendar: notes what was decided, turns the page, and says what the norm is that evening."""

    def __init__(self, lines: list[tuple[date, str, dict]]):
        self.lines = lines
        self.stage, self.issued, self.ended, self.amended = Status.UNISSUED, False, None, False
        self.effective = self.until = None
        self.notes: dict[date, list] = {}
        self.found: dict[date, Status] = {}

    def hear(self, today: date, event: str, data: dict) -> None:
        """Something was recorded today."""
        if event in STAGES:
            self.stage = STAGES[event]
        elif event == "issue":
            self.issued, self.effective = True, date.fromisoformat(data.get("effective_on", today.isoformat()))
        if event in {"issue", "renew"}:
            self.until = date.fromisoformat(data["valid_until"]) if "valid_until" in data else None
        elif event == "amend":
            self._amend(today, date.fromisoformat(data["from_on"]))
        elif event in ENDS:
            start = date.fromisoformat(data.get("from_on", today.isoformat()))
            self.notes.setdefault(start, []).append(ENDS[event])

    def _amend(self, today: date, start: date) -> None:
        """An amendment that reaches back is true of the days before as well, as known now."""
        self.amended = self.amended or start <= today
        self.notes.setdefault(start, []).append("amended")
        for past in [day for day in self.found if day >= start and self.found[day] is Status.IN_FORCE]:
            self.found[past] = Status.AMENDED

    def turn(self, today: date) -> None:
        """The evening of a day."""
        for on, event, data in self.lines:
            if on == today:
                self.hear(today, event, data)
        for note in self.notes.get(today, []):
            if note == "amended":
                self.amended = True
            else:
                self.ended = self.ended or note
        if self.issued and self.ended is None and self.until and today > self.until:
            self.ended = Status.EXPIRED
        self.found[today] = self.word(today)

    def word(self, today: date) -> Status:
        """What one would call it."""
        if not self.issued or self.ended:
            return self.ended or self.stage
        if today < self.effective:
            return Status.PENDING
        if self.until and (self.until - today).days <= SOON.days:
            return Status.EXPIRING
        return Status.AMENDED if self.amended else Status.IN_FORCE


STAGES = {
    "draft": Status.DRAFT, "close_comments": Status.DRAFT, "consult": Status.COMMENTING,
    "register": Status.REGISTERED, "abandon": Status.ABANDONED,
}  # fmt: skip
ENDS = {"repeal": Status.REPEALED, "declare_lapsed": Status.LAPSED}


def walk(lines: list[tuple[date, str, dict]]) -> dict[date, Status]:
    """What the norm is at the end of each day: no formula of the product."""
    wall = Wall(lines)
    for n in range(LAST):
        wall.turn(START + timedelta(n))
    return wall.found


@given(stories())
def test_status_equals_the_walk_through_the_calendar(story: Story):
    assume(story.lines)
    expected = walk(story.lines)
    validity = story.norm.validity
    wrong = [(day, status(validity, day), said) for day, said in expected.items() if status(validity, day) is not said]
    assert not wrong, (story.lines, wrong[:3])


@given(stories())
def test_in_force_is_between_issue_and_end(story: Story):
    """The two dates the figures count by say the same as the status of every day."""
    norm = story.norm
    for n in range(0, LAST, 7):
        day = START + timedelta(n)
        counted = norm.issued_on is not None and norm.issued_on <= day < norm.ceased_on
        assert status(norm.validity, day).in_force == counted
