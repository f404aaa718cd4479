"""The requests of the demonstration: how many of which kind, and the story of each.

A story is written like a case is worked: received by some channel, handed to a unit, perhaps clarified, consulted,
extended, then drafted, reviewed, signed and served — every date a possible one under the law's own clock.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from gongkai.law.calendar import CHINA
from gongkai.law.clocks import ClockEvent, deadline
from gongkai.ledger.services import Done
from gongkai.requests import services
from gongkai.requests.services import WAITING

from . import desk, words
from .city import Cast
from .play import Scene, before, draw, instant, workday

#: Requests decided in 2021, by leaf: (natural persons, commercial enterprises).
DECIDED_2021 = {
    "3.1": (210, 6), "3.2": (22, 0), "3.3.1": (5, 0), "3.3.5": (4, 0), "3.3.8": (0, 1), "3.4.1": (232, 6), "3.4.2": (5, 0),
    "3.5.1": (8, 2), "3.5.2": (3, 0), "3.6.1": (28, 0),
}  # fmt: skip
#: Of those, how many had come in before the year; and how many more wait at its end.
CARRIED_IN, CARRIED_OUT = (30, 1), (21, 0)
#: The year before, smaller and more mixed.
DECIDED_2020 = {
    "3.1": (98, 5), "3.2": (9, 1), "3.3.1": (2, 0), "3.3.5": (3, 0), "3.3.6": (1, 0), "3.4.1": (109, 4), "3.4.2": (3, 0),
    "3.4.3": (2, 0), "3.5.1": (6, 0), "3.5.2": (2, 0), "3.6.1": (12, 0), "3.6.3": (4, 0),
}  # fmt: skip

PEOPLE = ("natural_person", "commercial_enterprise")
MONTHS = (0.8, 0.5, 1.2, 1.1, 1.0, 1.0, 0.9, 0.9, 1.1, 0.8, 1.2, 1.0)
CHANNELS = {
    "web": 0.44, "mail-signed": 0.27, "in-person": 0.11, "email": 0.08, "mail-ordinary": 0.05, "fax": 0.02, "oral": 0.03,
}  # fmt: skip
PATHS = {"direct": 0.72, "clarify": 0.12, "consult": 0.06, "joint": 0.03, "extend": 0.06, "delay": 0.01}
PATHS_PARTIAL = {"direct": 0.25, "consult": 0.6, "extend": 0.15}
FORCED = {
    "3.6.1": "lapse",
    "3.6.3": "withdraw",
    "3.4.3": "clarify",
    "3.3.8": "direct",
    "3.5.1": "direct",
    "3.5.2": "direct",
}


@dataclass(frozen=True)
class Plan:
    """One request to be told: a name, applicant, leaf, and the days between which it is received and decided."""

    name: str
    category: str
    leaf: str
    received: tuple[date, date]
    decided: tuple[date, date]
    slip: str = ""
    #: Title, content, unit and handler, where they are not left to chance.
    wish: tuple[str, str, str, str] | None = None


def plans() -> Iterator[Plan]:
    """Every request of the demonstration; those that stand at a chosen step today as :mod:`.desk` has them."""
    for plan in _plans():
        case = desk.CASES.get(plan.name)
        yield replace(plan, leaf=case.leaf, received=case.received, wish=case.wish) if case else plan


def _plans() -> Iterator[Plan]:
    y20, y21 = (date(2020, 1, 6), date(2020, 12, 31)), (date(2021, 1, 4), date(2021, 12, 31))
    for leaf, counts in DECIDED_2020.items():
        for category, count in zip(PEOPLE, counts, strict=True):
            yield from (Plan(f"2020/{leaf}/{category}/{n}", category, leaf, y20, y20) for n in range(count))
    for category, leaf in (("research_institution", "3.1"), ("legal_service_institution", "3.1"), ("other", "3.4.1")):
        yield Plan(f"2020/{leaf}/{category}/0", category, leaf, y20, y20)
    for column, category in enumerate(PEOPLE):
        pool = [leaf for leaf, counts in DECIDED_2021.items() for _ in range(counts[column])]
        Random(f"carry/{category}").shuffle(pool)
        for n, leaf in enumerate(pool):
            early = n < CARRIED_IN[column]
            slip = "wrong category" if n in {60, 190} else ""
            window = (date(2020, 11, 20), date(2020, 12, 31)) if early else y21
            yield Plan(f"2021/{leaf}/{category}/{n}", category, leaf, window, y21, slip)
        rng = Random(f"open/{category}")
        for n in range(CARRIED_OUT[column]):
            leaf = draw({"3.1": 5, "3.4.1": 5, "3.2": 2}, rng)
            window = (date(2021, 12, 6), date(2021, 12, 31))
            yield Plan(f"open/{category}/{n}", category, leaf, window, (date(2022, 1, 4), date(2022, 3, 31)))
    for n in range(7):
        window = (date(2022, 1, 4), date(2022, 1, 10))
        category = PEOPLE[n % 4 == 3]
        yield Plan(f"2022/{n}", category, "3.1", window, (date(2022, 1, 11), date(2022, 3, 31)))
    for n in range(3):
        yield Plan(f"slip/void/{n}", PEOPLE[0], "", y21, y21, "entered twice")
        yield Plan(f"slip/unconfirmed/{n}", PEOPLE[0], "", y21, y21, "never confirmed")


class Story:
    """One request being told: scenes in order, and the law's clock running along."""

    def __init__(self, plan: Plan, cast: Cast, attempt: int):
        self.plan, self.cast = plan, cast
        self.rng = Random(f"{plan.name}/{attempt}")
        self.scenes: list[Scene] = []
        self.events: list[ClockEvent] = []
        self.day, self.minute = plan.received[0], 0
        self.title, self.content, self.unit, self.handler = plan.wish or words.wish(self.rng, plan.name)
        self.reviewer = self.rng.choice(("shenhe", "shenhe2"))
        self.decided: date | None = None

    def tell(
        self, event: str, day: date, who: str, data: dict[str, Any] | None = None, legal: date | None = None
    ) -> None:
        """Add a scene: ``event`` on ``day`` by a person (or ``applicant``); a legal day that differs from it is given."""
        actor = services.APPLICANT if who == "applicant" else self.cast.actor(who)
        office, values, on = self.cast.office, data or {}, legal or max(day, self.day)
        name = self.plan.name

        def run(key: str, subjects: Any) -> Done:
            if event in {"register", "submit"}:
                return services.receive(office, actor, values, day=on, key=key)
            return services.do(subjects[name], event, actor, values, day=on, key=key)

        self.show(day, run)

    def show(self, day: date, run: Callable[[str, Mapping[str, str]], Done]) -> None:
        """Add a scene made by any command."""
        self.minute = (
            self.rng.randrange(0, 200) if day > self.day or not self.scenes else self.minute + self.rng.randrange(4, 18)
        )
        self.day = max(day, self.day)
        self.scenes.append(Scene(instant(self.day, self.minute), self.plan.name, len(self.scenes), run))

    def clock(self, kind: str, **details: Any) -> None:
        """Let the law's clock know of the event just told."""
        self.events.append(ClockEvent(kind, self.day, **details))

    def ahead(self, least: int, most: int) -> date:
        """Some working days on."""
        return workday(self.day, self.rng.randrange(least, most + 1))

    @property
    def due(self) -> date:
        """The due date as things stand."""
        return deadline(self.received, tuple(self.events)).due

    def receive(self) -> None:
        """The request arrives."""
        rng, plan = self.rng, self.plan
        channel = "web" if plan.slip == "never confirmed" else draw(CHANNELS, rng)
        first, last = plan.received
        day = _some_day(rng, first, last)
        self.received = workday(day)
        applicant = words.person(rng) if plan.category == "natural_person" else words.company(rng)
        category = "other" if plan.slip == "wrong category" else plan.category
        data = applicant | {"channel": channel, "category": category, "title": self.title, "content": self.content}
        data |= {
            "form": rng.choice(("paper", "electronic")),
            "delivery": rng.choice(("mail", "mail", "email", "collect")),
        }
        desk = rng.choice(("dengji", "dengji2"))
        if channel in WAITING:
            # Sent at any hour of any day; received when both sides have confirmed, on a working day.
            sent = max(first, day - timedelta(days=rng.randrange(2)))
            self.tell("submit", sent, desk, data)
            if plan.slip == "never confirmed":
                return
            self.tell("confirm", self.received, desk, {"how": "电话确认，已告知申请人收到日期"})
        else:
            # Now and then a letter signed for late in the day is entered on the next working day.
            late = channel == "mail-signed" and rng.random() < 0.15 and self.received < date(2021, 12, 28)
            self.tell("register", workday(self.received, 1) if late else self.received, desk, data, legal=self.received)
        if plan.slip == "wrong category":
            reason = {"reason": "登记时误选类别，经核对身份证明更正"}
            self.tell("correct", self.ahead(1, 2), "gongkaiban", {"category": plan.category} | reason)

    def hand_over(self) -> None:
        """The disclosure office hands the case to a unit."""
        self.tell("assign", self.ahead(0, 1), "gongkaiban", {"unit": self.unit, "handler": self.handler})
        self.tell("accept", self.ahead(0, 1), self.handler)

    def clarify(self, answered: bool) -> None:
        """The content is unclear: told once, within seven working days of receipt."""
        day = min(self.ahead(0, 4), CHINA.add_workdays(self.received, 7))
        until = CHINA.add_workdays(day, 15)
        what = {"what": "请写明所申请信息的名称、文号或者便于查询的其他特征性描述", "until": until.isoformat()}
        self.tell("request_clarification", day, self.handler, what)
        self.clock("clarification_requested", until=until)
        if answered:
            back = workday(self.day, self.rng.randrange(2, 13))
            self.tell("clarify", back, "dengji", {"content": f"补正：{self.content}"})
            self.clock("clarified")
        else:
            self.tell(
                "lapse_unclarified",
                workday(until, self.rng.randrange(1, 3)),
                self.handler,
                {"reason": "补正期满未收到补正"},
            )
            self.decided = self.day

    def consult(self, whom: str) -> None:
        """Ask a third party or a joint maker; the days do not count."""
        name = f"重庆{self.rng.choice(words.COMPANIES)}有限公司" if whom == "third_party" else "市有关部门"
        self.tell(
            "consult", self.ahead(1, 4), self.handler, {"whom": whom, "name": name, "about": "是否同意公开所申请的信息"}
        )
        self.clock("consultation_sent")
        wait = self.rng.randrange(4, 19)
        opinion = "silent" if wait > 15 else self.rng.choice(("agree", "agree", "refuse"))
        self.tell("consulted", workday(self.day, min(wait, 15)), self.handler, {"opinion": opinion})
        self.clock("consultation_returned")

    def extend(self) -> None:
        """The head of the disclosure office agrees to more time."""
        days = self.rng.choice((5, 10, 15, 20))
        day = max(self.ahead(3, 6), before(self.due, self.rng.randrange(2, 5)))
        told = {"days": days, "reason": "涉及年份久远、档案检索工作量大"}
        self.tell("ask_extension", day, self.handler, told)
        self.tell("extend", day, "zhuguan", told)
        self.clock("extended", days=days)

    def delay(self) -> None:
        """Too many requests for reasonable purposes: reasons asked and given, a reasonable delay set."""
        self.tell(
            "ask_reasons", self.ahead(1, 3), self.handler, {"reason": "同一申请人短期内提出多件申请，明显超过合理范围"}
        )
        self.tell("give_reasons", self.ahead(3, 6), "dengji", {"content": "因撰写地方史志，需要系统查阅相关文件"})
        until = CHINA.add_workdays(self.due, 15)
        self.tell(
            "delay", self.ahead(1, 2), "zhuguan", {"until": until.isoformat(), "reason": "申请理由合理，数量较大"}
        )
        self.clock("reasonable_delay", until=until)

    def decide(self) -> None:
        """Draft, review, sign and serve, in time."""
        lead = CHINA.workdays_between(self.day, self.due)
        used = min(lead, max(2, round(self.rng.triangular(2, max(2, lead), lead * 0.75))))
        signing = self.due if lead < 3 else CHINA.add_workdays(self.day, used)
        draft = words.letter(self.plan.leaf, self.title, Random(f"letter/{self.plan.name}"))
        start = max(self.day, before(signing, self.rng.randrange(0, 3)))
        self.tell("draft", start, self.handler, draft)
        if self.rng.random() < 0.05:
            self.tell("send_back", self.day, self.reviewer, {"reason": "请补充检索过程和法律依据的款、项"})
            self.tell("draft", self.day, self.handler, draft)
        self.tell(
            "review", self.day, self.reviewer, {"legality": "sound", "secrecy": "cleared", "note": "事实清楚，依据适当"}
        )
        self.tell("sign", signing, "qianfa")
        self.decided = self.day
        method = self.rng.choice(("mail", "mail", "email", "in_person"))
        proof = {
            "mail": {"proof": f"EMS 演示 {self.rng.randrange(10**6):06d}"},
            "email": {"proof": "申请人回复邮件确认收到"},
            "in_person": {"signer": "申请人本人"},
        }[method]
        self.tell("serve", self.ahead(0, 2), "dengji", {"method": method} | proof)
        if self.rng.random() < 0.8:
            self.tell("archive", self.ahead(15, 40), "dengji2")


def _some_day(rng: Random, first: date, last: date) -> date:
    """A day in the window, by the seasons."""
    while True:
        day = first + timedelta(days=rng.randrange((last - first).days + 1))
        if workday(day) <= last and rng.random() < MONTHS[day.month - 1] / 1.2 * (1 if CHINA.is_workday(day) else 0.3):
            return day


def story(plan: Plan, cast: Cast) -> Story:
    """A plan told: again with other chances until its days fit. Raises RuntimeError if they never do."""
    for attempt in range(500):
        told = Story(plan, cast, attempt)
        told.receive()
        if not plan.leaf:
            _slip(told)
            return told
        told.hand_over()
        case = desk.CASES.get(plan.name)
        (case.tell if case else _middle)(told)
        first, last = plan.decided
        if told.decided and first <= told.decided <= last:
            return told
    raise RuntimeError(f"no story fits {plan}")


def _middle(told: Story) -> None:
    leaf = told.plan.leaf
    path = FORCED.get(leaf) or draw(PATHS_PARTIAL if leaf == "3.2" else PATHS, told.rng)
    if path == "lapse":
        return told.clarify(answered=False)
    if path == "withdraw":
        told.tell("withdraw", told.ahead(2, 9), "dengji", {"reason": "申请人来函撤回申请"})
        told.decided = told.day
        return None
    if path == "clarify":
        told.clarify(answered=True)
    elif path in {"consult", "joint"}:
        told.consult("third_party" if path == "consult" else "joint_maker")
    elif path == "extend":
        told.extend()
    elif path == "delay":
        told.delay()
    return told.decide()


def _slip(told: Story) -> None:
    """What goes wrong at a desk: entered twice, or never confirmed and given up."""
    if told.plan.slip == "entered twice":
        told.tell("void", told.ahead(0, 1), "gongkaiban", {"reason": "与前一件为同一信函，重复登记"})
    else:
        told.tell("withdraw", told.ahead(5, 9), "dengji", {"reason": "多次联系未能确认，申请人来电表示不再申请"})


def stories(cast: Cast) -> list[Story]:
    """Every request's story."""
    return [story(plan, cast) for plan in plans()]
