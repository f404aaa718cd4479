"""Words, pills and charts the desk and the public pages share."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from gongkai.law.calendar import CHINA
from gongkai.ui.pieces import BarChart

from .questions import SINGLE, TEXT, Question
from .survey_events import OVER, RUNNING, TOLD
from .survey_procedure import OUTCOMES

STATE_KINDS = {
    "received": "soon", "assigned": "brand", "drafted": "soon", "returned": "late", "merged": "pause", "answered": "ok",
    "prepared": "soon", "published": "ok", "confirmed": "soon", "mended": "ok", "approved": "brand", "summarised": "soon",
    "settled": "ok",
}  # fmt: skip
PHASE_KINDS = {RUNNING: "brand", OVER: "soon", TOLD: "ok"}
OUTCOME_KINDS = {"adopted": "ok", "partly": "brand"}


def left(due: date, today: date) -> tuple[str, str]:
    """What remains to a day in working days, in words, and the kind of pill: 还剩 3 个工作日."""
    days = CHINA.workdays_between(today, due)
    if due < today:
        return f"已逾期 {max(1, -days)} 个工作日", "late"
    return (f"还剩 {days} 个工作日", "soon" if days <= 1 else "") if days else ("今日到期", "soon")


def charts(asked: Sequence[Question], results: Mapping[str, Any]) -> list[BarChart]:
    """A chart with its table for each question that is chosen from; all options, also those nobody chose."""
    made = []
    for number, one in enumerate(asked):
        if one.kind == TEXT:
            continue
        counted = results.get("chosen", {}).get(str(number), {})
        title = f"{number + 1}. {one.text}" + (
            "" if one.kind == SINGLE else "（可多选）" if one.kind == "multiple" else ""
        )
        chart = BarChart.of(title, [(words, counted.get(value, 0)) for value, words in one.choices], "份")
        made.append(replace(chart, heading="选项"))
    return made


def outcomes(results: Mapping[str, Any]) -> BarChart | None:
    """What became of the opinions; None where there were none."""
    counted = results.get("outcomes", {})
    rows = [(label, counted.get(name, 0)) for name, label in OUTCOMES]
    return replace(BarChart.of("意见处理情况", rows, "条"), heading="处理") if counted else None


def opinions(results: Mapping[str, Any]) -> list[tuple[str, str, str, str, int]]:
    """(gist, outcome, kind of pill, reason, how many said so) of each opinion."""
    words = dict(OUTCOMES)
    return [
        (gist, words[outcome], OUTCOME_KINDS.get(outcome, ""), reason, count)
        for gist, outcome, reason, count in results.get("opinions", ())
    ]


def written(asked: Sequence[Question], content: str) -> list[tuple[str, str]]:
    """(question, answer) of what somebody answered in words, from the vault's entry."""
    texts = json.loads(content) if content else {}
    return [(one.text, texts[str(number)]) for number, one in enumerate(asked) if str(number) in texts]


def chosen(asked: Sequence[Question], picked: Sequence[tuple[int, int]]) -> list[tuple[str, str]]:
    """(question, options) of what somebody chose."""
    made = []
    for number, one in enumerate(asked):
        words = dict(one.choices)
        if mine := [words.get(str(option), "") for question, option in picked if question == number]:
            made.append((one.text, "、".join(mine)))
    return made
