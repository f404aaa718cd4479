"""The clock while it runs: events are read in order, each by its own rule; impossible ones are refused.

Use :func:`gongkai.law.clocks.deadline`; this is its engine.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from gongkai.law.articles import Article, article
from gongkai.law.calendar import Calendar
from gongkai.law.derivation import ClockEvent, EventKind, Finding, ImpossibleSequence, Step, Waiting, chinese_day

ANSWER_WORKDAYS = 20
LONGEST_EXTENSION = 20
CLARIFICATION_NOTICE_WORKDAYS = 7
OPINION_WORKDAYS = 15
PAYMENT_WORKDAYS = 20

RECEIPT = article("31")
ANSWER = article("33.2")
EXTENSION = article("33.2")
EXCLUSION = article("33.3")
CLARIFICATION = article("30")
THIRD_PARTY = article("32")
JOINT_MAKER = article("34")
DELAY = article("35")
PAYMENT = article("fees:6")


@dataclass(slots=True)
class Clock:
    """The state of a request's clock.

    ``start``: the day the running period counts from (itself not counted). ``replay``: the events were accepted when
    they happened, so what only a calendar corrected since would refuse is noted as a finding.
    """

    received: date
    calendar: Calendar
    start: date
    replay: bool = False
    steps: list[Step] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    extension: int = 0
    delay: date | None = None
    closed: list[tuple[date, date]] = field(default_factory=list)
    asked: date | None = None
    waiting: Waiting | None = None
    clarified_once: bool = False
    charged_once: bool = False

    def paused(self, day: date | None = None) -> list[tuple[date, date]]:
        """Consultations (after, until], the open one counted to its last day or to ``day``."""
        if self.asked is None:
            return self.closed
        last = opinion_due(self.asked, self.calendar)
        return [*self.closed, (self.asked, last if day is None else max(self.asked, min(last, day)))]

    def statutory(self, day: date | None = None) -> date:
        """The end of the period of Art 33: twenty days and the extension, without the excluded days."""
        calendar, due = self.calendar, self.calendar.add_workdays(self.start, ANSWER_WORKDAYS + self.extension)
        for after, until in self.paused(day):
            # Days before a restart are not of this period; a letter sent once it had run out takes nothing from it.
            if until > self.start and after <= due:
                excluded = calendar.workdays_between(max(after, self.start), until)
                due = calendar.add_workdays(due, excluded) if excluded else due
        return due

    def due(self, day: date | None = None) -> date:
        """The due date: the statutory one or, if later, the end of a reasonable delay."""
        statutory = self.statutory(day)
        return max(statutory, self.delay) if self.delay else statutory

    def step(self, rule: str, basis: Article, start: date, end: date, days: int, due: date, note: str = "") -> None:
        """Add a step to the derivation."""
        self.steps.append(Step(rule, basis, start, end, days, due, note))

    def find(self, rule: str, basis: Article, on: date, text: str) -> None:
        """Note a fault."""
        self.findings.append(Finding(rule, basis, on, text))

    def restart(self, rule: str, basis: Article, on: date) -> None:
        """Begin a new answer period; extension and delay of the former end with it."""
        self.start, self.extension, self.delay, self.waiting = on, 0, None, None
        due = self.due(on)
        self.step(rule, basis, on, due, ANSWER_WORKDAYS, due)

    def close_consultation(self, until: date, note: str) -> None:
        """End the open consultation: its interval is excluded, with the working days it takes from this period."""
        asked = self.asked
        assert asked is not None
        before = self.statutory(asked)
        self.asked = None
        self.closed.append((asked, until))
        due = self.due()
        self.step("consultation", EXCLUSION, asked, until, self.excluded(asked, until, before), due, note)

    def excluded(self, asked: date, until: date, statutory: date) -> int:
        """Working days a consultation takes from the running period, whose end was ``statutory`` without it."""
        if until <= self.start or asked > statutory:
            return 0
        return self.calendar.workdays_between(max(asked, self.start), until)


def opinion_due(asked: date, calendar: Calendar) -> date:
    """The last day for an opinion: fifteen working days from the letter (Arts 32, 34)."""
    return calendar.add_workdays(asked, OPINION_WORKDAYS)


def _refusal(event: ClockEvent, reason: str) -> ImpossibleSequence:
    return ImpossibleSequence(f"{event.on.isoformat()} {EventKind(event.kind).label}：{reason}")


def _refuse_unless_replayed(clock: Clock, event: ClockEvent, basis: Article, reason: str) -> None:
    """Refuse what depends on the calendar; on replay the event stands, as it was possible on the calendar of its day."""
    if not clock.replay:
        raise _refusal(event, reason)
    clock.find("calendar_moved", basis, event.on, f"按更正后的日历：{EventKind(event.kind).label}时，{reason}")


def _before_due(clock: Clock, event: ClockEvent) -> date:
    # An open consultation keeps the period from running out, so it is counted to its last day here.
    if event.on > (last := clock.due()):
        _refuse_unless_replayed(clock, event, ANSWER, f"答复期限已于 {last.isoformat()} 届满")
    return clock.due(event.on)


def _awaited(clock: Clock, event: ClockEvent, kind: str, missing: str) -> Waiting:
    if clock.waiting is None or clock.waiting.kind != kind:
        raise _refusal(event, missing)
    return clock.waiting


def _clarification_requested(clock: Clock, event: ClockEvent) -> None:
    if clock.clarified_once:
        raise _refusal(event, "补正应当一次性告知，不能再次要求补正（条例第三十条）")
    if event.until and event.until <= event.on:
        raise _refusal(event, "补正期限应当晚于告知之日")
    last = clock.calendar.add_workdays(clock.received, CLARIFICATION_NOTICE_WORKDAYS)
    if event.on > last:
        text = f"补正应于 {chinese_day(last)} 前告知，实际于 {chinese_day(event.on)} 告知"
        clock.find("clarification_late", CLARIFICATION, event.on, text)
    clock.clarified_once = True
    clock.waiting = Waiting("clarification", event.on, event.until, CLARIFICATION)
    used = clock.calendar.workdays_between(clock.received, event.on)
    clock.step("clarification", CLARIFICATION, clock.received, event.on, used, clock.due(event.on))


def _clarified(clock: Clock, event: ClockEvent) -> None:
    waiting = _awaited(clock, event, "clarification", "此前没有告知补正")
    if waiting.due and event.on > waiting.due:
        text = f"补正期限为 {chinese_day(waiting.due)}，{chinese_day(event.on)} 收到补正，仍予接收"
        clock.find("correction_late", CLARIFICATION, event.on, text)
    clock.restart("clarified", CLARIFICATION, event.on)


def _consultation_sent(clock: Clock, event: ClockEvent) -> None:
    if clock.asked:
        last = opinion_due(clock.asked, clock.calendar)
        if event.on <= last:
            reason = (
                f"{clock.asked.isoformat()} 发出的征求意见书尚未收回；同时征求多方意见的，请按一次登记，"
                "以收到最后一份意见之日为收回之日"
            )
            _refuse_unless_replayed(clock, event, THIRD_PARTY, reason)
        # Silence: the time for an opinion has run out and the agency decides (Arts 32, 34).
        clock.close_consultation(min(event.on, last), "征求意见，逾期未提出意见")
    if event.on > clock.due(event.on):
        text = f"{chinese_day(event.on)} 发出征求意见书时答复期限已经届满，所需时间不予扣除"
        clock.find("consultation_late", EXCLUSION, event.on, text)
    clock.asked = event.on


def _consultation_returned(clock: Clock, event: ClockEvent) -> None:
    if clock.asked is None:
        raise _refusal(event, "此前没有发出征求意见书")
    last = opinion_due(clock.asked, clock.calendar)
    if event.on > last:
        text = f"意见应于 {chinese_day(last)} 前提出，{chinese_day(event.on)} 收到，只扣除至 {chinese_day(last)}"
        clock.find("opinion_late", THIRD_PARTY, event.on, text)
    clock.close_consultation(min(event.on, last), "征求意见")


def _extended(clock: Clock, event: ClockEvent) -> None:
    if clock.extension:
        raise _refusal(event, "答复期限只能延长一次（条例第三十三条第二款）")
    if clock.delay:
        raise _refusal(event, "已经确定延迟答复的合理期限，不再延期（条例第三十五条）")
    if event.days is None or not 1 <= event.days <= LONGEST_EXTENSION:
        raise _refusal(event, f"请写明延长的期限，1 至 {LONGEST_EXTENSION} 个工作日（条例第三十三条第二款）")
    before = _before_due(clock, event)
    clock.extension = event.days
    due = clock.due(event.on)
    clock.step("extension", EXTENSION, before, due, event.days, due, chinese_day(event.on, before.year))


def _reasonable_delay(clock: Clock, event: ClockEvent) -> None:
    if clock.delay:
        raise _refusal(event, "已经确定过延迟答复的合理期限（条例第三十五条）")
    before = _before_due(clock, event)
    if event.until is None:
        raise _refusal(event, "请写明延迟到哪一天（条例第三十五条）")
    if event.until <= before:
        _refuse_unless_replayed(clock, event, DELAY, f"延迟到的日期应当晚于现有期限 {before.isoformat()}")
    clock.delay = event.until
    days = clock.calendar.workdays_between(before, event.until)
    note = chinese_day(event.on, before.year)
    clock.step("reasonable_delay", DELAY, before, event.until, days, event.until, note)


def _fee_noticed(clock: Clock, event: ClockEvent) -> None:
    if clock.charged_once:
        raise _refusal(event, "已经发出过收费通知，一件申请只收费一次")
    due = _before_due(clock, event)
    clock.charged_once = True
    last = clock.calendar.add_workdays(event.on, PAYMENT_WORKDAYS)
    clock.waiting = Waiting("fee", event.on, last, PAYMENT)
    clock.step("fee_notice", PAYMENT, event.on, last, PAYMENT_WORKDAYS, due)


def _fee_paid(clock: Clock, event: ClockEvent) -> None:
    waiting = _awaited(clock, event, "fee", "此前没有发出收费通知")
    if waiting.due and event.on > waiting.due:
        reason = f"缴费期限已于 {waiting.due.isoformat()} 届满，视为放弃申请（信息处理费办法第六条）"
        _refuse_unless_replayed(clock, event, PAYMENT, reason)
    clock.restart("fee_paid", PAYMENT, event.on)


_RULES: dict[EventKind, Callable[[Clock, ClockEvent], None]] = {
    EventKind.CLARIFICATION_REQUESTED: _clarification_requested,
    EventKind.CLARIFIED: _clarified,
    EventKind.CONSULTATION_SENT: _consultation_sent,
    EventKind.CONSULTATION_RETURNED: _consultation_returned,
    EventKind.EXTENDED: _extended,
    EventKind.REASONABLE_DELAY: _reasonable_delay,
    EventKind.FEE_NOTICED: _fee_noticed,
    EventKind.FEE_PAID: _fee_paid,
}
# While the clock waits for the applicant only these can happen; an opinion asked for before may still arrive.
_WHILE_WAITING = {
    "clarification": ("正在等待申请人补正", {EventKind.CLARIFIED, EventKind.CONSULTATION_RETURNED}),
    "fee": ("正在等待申请人缴费", {EventKind.FEE_PAID, EventKind.CONSULTATION_RETURNED}),
}


def apply(clock: Clock, event: ClockEvent, previous: date) -> None:
    """Let one event happen to the clock; ``previous`` is the day of the event before (or of receipt)."""
    try:
        kind = EventKind(event.kind)
    except ValueError:
        raise ImpossibleSequence(f"没有这种事件：{event.kind}") from None
    if event.on < previous:
        which = "收到申请之日" if event.on < clock.received else "前一事件"
        raise _refusal(event, f"日期早于{which}，事件应当按先后排列")
    if clock.waiting:
        words, possible = _WHILE_WAITING[clock.waiting.kind]
        if kind not in possible:
            raise _refusal(event, f"{words}，此时不能办理")
    _RULES[kind](clock, event)
