"""The clock: the law's cases by hand, then equality with counting day by day."""

import os
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.law import clocks
from gongkai.law.calendar import CHINA, FIRST_DAY
from gongkai.law.clocks import SUB_CLOCKS, ClockEvent, ImpossibleSequence, deadline, recompute
from gongkai.law.receipt import Channel
from gongkai.law.tests.histories import Dice, as_clock_event, compare, event, explore, worked_days
from gongkai.law.tests.oracle import Oracle

RECEIVED = date(2021, 2, 8)
WORKED = worked_days()
# The complete run is benchmarks/clocks.py --exhaustive; here every 53rd receipt day.
STRIDE = int(os.environ.get("GONGKAI_CLOCK_STRIDE", "53"))


def on(month: int, day: int, year: int = 2021) -> date:
    return date(year, month, day)


def happened(*events: tuple[str, date] | tuple[str, date, int | date]) -> list[ClockEvent]:
    made = []
    for kind, day, *more in events:
        detail = {"days" if isinstance(more[0], int) else "until": more[0]} if more else {}
        made.append(ClockEvent(kind, day, **detail))
    return made


ASKED = ("consultation_sent", on(3, 2))
UNCLEAR = ("clarification_requested", on(2, 19))


@pytest.mark.parametrize(
    ("events", "due"),
    [
        ((), on(3, 12)),  # 11–17 February off, Saturday 20 February worked
        ((ASKED, ("consultation_returned", on(3, 10))), on(3, 22)),
        ((ASKED,), on(4, 2)),  # silence: fifteen days, to 23 March
        ((ASKED, ("consultation_returned", on(4, 30))), on(4, 2)),
        ((ASKED, ("consultation_returned", on(3, 3)), ("consultation_sent", on(3, 5)), ("consultation_returned", on(3, 8))), on(3, 16)),
        ((("extended", on(3, 12), 20),), on(4, 12)),
        ((UNCLEAR, ("clarified", on(3, 1))), on(3, 29)),
        ((UNCLEAR,), on(3, 12)),  # stands where it stood
        ((("extended", on(2, 18), 20), UNCLEAR, ("clarified", on(3, 1))), on(3, 29)),
        ((UNCLEAR, ("clarified", on(3, 1)), ("extended", on(3, 29), 5)), on(4, 6)),
        ((ASKED, ("fee_noticed", on(3, 4)), ("fee_paid", on(3, 9))), on(4, 21)),  # letter still out: 10–23 March excluded
        ((("reasonable_delay", on(3, 1), on(6, 1)),), on(6, 1)),
        ((("fee_noticed", on(3, 1)), ("fee_paid", on(3, 29))), on(4, 26)),
    ],
)  # fmt: skip
def test_due(events, due):
    assert deadline(RECEIVED, happened(*events)).due == due


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ((("clarified", on(3, 1)),), "没有告知补正"),
        ((UNCLEAR, ("clarified", on(3, 1)), ("clarification_requested", on(3, 2))), "一次性"),
        ((UNCLEAR, ("extended", on(3, 1), 5)), "等待申请人补正"),
        ((("clarification_requested", on(2, 19), on(2, 19)),), "补正期限"),
        ((ASKED, ("consultation_sent", on(3, 23))), "尚未收回"),
        ((("consultation_returned", on(3, 2)),), "没有发出征求意见书"),
        ((("extended", on(3, 15), 5),), "2021-03-12 届满"),
        ((("extended", on(3, 1), 21),), "1 至 20"),
        ((("extended", on(3, 1)),), "1 至 20"),
        ((("extended", on(3, 1), 5), ("extended", on(3, 2), 5)), "只能延长一次"),
        ((("reasonable_delay", on(3, 1)),), "延迟到哪一天"),
        ((("reasonable_delay", on(3, 1), on(3, 12)),), "晚于现有期限"),
        ((("reasonable_delay", on(3, 1), on(4, 12)), ("extended", on(3, 2), 5)), "不再延期"),
        ((("reasonable_delay", on(3, 1), on(4, 12)), ("reasonable_delay", on(3, 2), on(5, 12))), "已经确定过"),
        ((("fee_paid", on(3, 1)),), "没有发出收费通知"),
        ((("fee_noticed", on(3, 1)), ("fee_paid", on(3, 30))), "视为放弃"),
        ((("fee_noticed", on(3, 1)), ("fee_paid", on(3, 2)), ("fee_noticed", on(3, 3))), "只收费一次"),
        ((("fee_noticed", on(3, 1)), ASKED), "等待申请人缴费"),
        ((ASKED, ("consultation_returned", on(3, 1))), "早于前一事件"),
        ((("extended", on(2, 7), 5),), "早于收到申请之日"),
        ((("withdrawn", on(3, 1)),), "没有这种事件"),
    ],
)
def test_impossible(events, reason):
    with pytest.raises(ImpossibleSequence, match=reason):
        deadline(RECEIVED, happened(*events))


def test_the_derivation_explains_the_day():
    events = happened(ASKED, ("consultation_returned", on(3, 10)))
    steps = deadline(RECEIVED, events, channel=Channel.MAIL_SIGNED).steps
    assert [(step.text, step.article.short) for step in steps] == [
        ("2月8日 签收之日为收到申请之日", "条例第三十一条第（二）项"),
        ("自次日起 20 个工作日 → 3月12日", "条例第三十三条第二款"),
        ("3月2日—3月10日 征求意见，6 个工作日不计入 → 3月22日", "条例第三十三条第三款"),
    ]
    assert steps[2].as_json() == {
        "rule": "consultation",
        "article": "条例第三十三条第三款",
        "from": "2021-03-02",
        "to": "2021-03-10",
        "days": 6,
    }


def test_waiting():
    letter = deadline(RECEIVED, happened(ASKED)).waiting
    assert letter and (letter.kind, letter.due, letter.article.short) == ("consultation", on(3, 23), "条例第三十二条")
    fee = deadline(RECEIVED, happened(("fee_noticed", on(3, 1))))
    assert fee.stopped and fee.waiting and fee.waiting.due == on(3, 29)
    assert not fee.waiting.lapsed(on(3, 29)) and fee.waiting.lapsed(on(3, 30))
    correction = deadline(RECEIVED, happened((*UNCLEAR, on(3, 5)))).waiting
    assert correction and correction.due == on(3, 5)


def test_as_of_counts_an_open_letter_to_that_day():
    assert deadline(RECEIVED, happened(ASKED), as_of=on(3, 10)).due == on(3, 22)
    assert deadline(RECEIVED, happened(ASKED), as_of=on(3, 2)).due == on(3, 12)
    assert deadline(RECEIVED, happened(ASKED), as_of=on(12, 1)).due == on(4, 2)


@pytest.mark.parametrize(
    ("events", "rule"),
    [
        ((("clarification_requested", on(2, 23)),), None),  # the seventh working day
        ((("clarification_requested", on(2, 24)),), "clarification_late"),
        (((*UNCLEAR, on(2, 26)), ("clarified", on(3, 1))), "correction_late"),
        ((ASKED, ("consultation_returned", on(3, 24))), "opinion_late"),
        ((("consultation_sent", on(3, 15)),), "consultation_late"),
    ],
)
def test_faults_are_found_not_refused(events, rule):
    assert [finding.rule for finding in deadline(RECEIVED, happened(*events)).findings] == ([rule] if rule else [])


def test_provisional():
    announced = max(year for year in range(2004, 2060) if CHINA.announced(year))
    assert not deadline(date(announced, 6, 1)).provisional
    assert deadline(date(announced, 12, 20)).provisional
    assert not deadline(date(announced, 12, 20), calendar=CHINA.corrected({}, announced=[announced + 1])).provisional


def test_sub_clocks():
    assert {code: clock.due(RECEIVED) for code, clock in SUB_CLOCKS.items()} == {
        "third_party": on(3, 5),
        "joint_maker": on(3, 5),
        "clarification_notice": on(2, 23),
        "fee_payment": on(3, 12),
        "active_publication": on(3, 12),
    }


def test_a_correction_never_makes_a_recorded_case_unreadable():
    events = happened(("extended", on(3, 12), 5))
    earlier = CHINA.corrected({on(2, 21): True})  # the last day moves from 12 to 11 March
    with pytest.raises(ImpossibleSequence, match="届满"):
        deadline(RECEIVED, events, earlier)
    replayed = deadline(RECEIVED, events, earlier, replay=True)
    assert replayed.due == on(3, 18)
    assert [finding.rule for finding in replayed.findings] == ["calendar_moved"]


@pytest.mark.parametrize("day", range(date(2008, 1, 1).toordinal(), date(2027, 1, 1).toordinal(), STRIDE))
def test_every_history_four_deep_equals_counting_day_by_day(day):
    possible = list(explore(day, WORKED, 4, Dice(day)))
    assert 20 < sum(possible) < len(possible)


kinds = st.sampled_from(list(clocks.EventKind))


@st.composite
def histories(draw, longest: int = 8, first: date = date(2008, 1, 1), last_receipt: date = date(2026, 12, 31)):
    received = draw(st.dates(first, last_receipt)).toordinal()
    dice, raw, last = Dice(draw(st.integers(0, 2**32))), [], received
    for kind in draw(st.lists(kinds, max_size=longest)):
        raw.append(event(kind.value, last, dice))
        last = raw[-1][1]
    return received, tuple(raw)


@given(histories())
@settings(max_examples=300)
def test_long_histories_equal_counting_day_by_day(history):
    received, raw = history
    oracle = Oracle(received, WORKED, FIRST_DAY.toordinal())
    for length in range(len(raw) + 1):
        after = compare(oracle, received, raw[:length])
        if after is None:
            return
        oracle = after


def possible(received: int, raw) -> list[ClockEvent]:
    """The history without its impossible events."""
    kept: list[ClockEvent] = []
    for candidate in map(as_clock_event, raw):
        try:
            deadline(date.fromordinal(received), [*kept, candidate])
        except ImpossibleSequence:
            continue
        kept.append(candidate)
    return kept


@given(histories())
def test_the_derivation_adds_up(history):
    received, raw = history
    found = deadline(date.fromordinal(received), possible(received, raw))
    restarts = [n for n, step in enumerate(found.steps) if step.rule in ("answer", "clarified", "fee_paid")]
    period = found.steps[restarts[-1] :]
    assert period[0].start == found.start
    counted = sum(
        step.days for step in period if step.rule in ("answer", "clarified", "fee_paid", "extension", "consultation")
    )
    delays = [step.end for step in period if step.rule == "reasonable_delay"]
    before = [step for step in found.steps[: restarts[-1]] if step.rule == "consultation"]
    if all(step.end <= found.start for step in before):
        assert found.due == max([CHINA.add_workdays(found.start, counted), *delays])
    assert found.steps[-1].text and all(step.article for step in found.steps)


changes = st.dictionaries(st.dates(date(2021, 1, 1), date(2021, 6, 30)), st.booleans(), max_size=6)


@given(st.lists(histories(4, date(2020, 11, 1), date(2021, 6, 30)), max_size=8), changes)
def test_recompute_lists_exactly_the_moved(cases, changed):
    new = CHINA.corrected(changed)
    real = [(key, date.fromordinal(received), possible(received, raw)) for key, (received, raw) in enumerate(cases)]
    pairs = {key: (deadline(day, evs).due, deadline(day, evs, new, replay=True).due) for key, day, evs in real}
    moved = {move.case: (move.old, move.new) for move in recompute(real, CHINA, new)}
    assert moved == {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
