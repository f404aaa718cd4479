"""Opening hours by weekday, as people write them: 周一至周五 9:00-12:00、14:00-17:30；周六 9:00-12:00."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

#: A day is its spans of opening, each (from, to) as "09:00"; a week has seven days from Monday on.
Span = tuple[str, str]
Week = tuple[tuple[Span, ...], ...]

DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
NEVER: Week = ((),) * 7
_SIGN = {sign: number for number, sign in enumerate("一二三四五六日")} | {"天": 6}
_GROUPS = {"每天": range(7), "每日": range(7), "工作日": range(5), "周末": range(5, 7), "双休日": range(5, 7)}
_TO = r"(?:至|到|-|~)"
_DAY = r"(?:周|星期|礼拜)?([一二三四五六日天])"
_RANGE = re.compile(rf"(?:周|星期|礼拜)([一二三四五六日天])(?:{_TO}{_DAY})?")
_SPAN = re.compile(rf"(\d{{1,2}})[:点时](\d{{2}})?分?{_TO}(\d{{1,2}})[:点时](\d{{2}})?分?")
HOW = "请写成“周一至周五 9:00-12:00、14:00-17:30；周六 9:00-12:00”"


@lru_cache(maxsize=1024)
def parse(text: str) -> Week:
    """The week a text describes. Raises ValueError (Chinese: what is wrong and how to write it)."""
    plain = unicodedata.normalize("NFKC", text).replace("—", "-").replace("–", "-").replace("～", "~").replace(" ", "")
    week: list[tuple[Span, ...] | None] = [None] * 7
    for part in filter(None, re.split(r"[;。\n]", plain)):
        days, rest = _days(part)
        spans = () if rest in {"休息", "不开放", "闭馆"} else _spans(rest, part)
        for day in days:
            if week[day] is not None:
                raise ValueError(f"{DAYS[day]}写了两次；{HOW}")
            week[day] = spans
    found = tuple(spans or () for spans in week)
    if not any(found):
        raise ValueError(f"没有写明开放的日子和时间；{HOW}")
    return found


def _days(part: str) -> tuple[list[int], str]:
    """The days a part begins with, and what follows."""
    days: list[int] = []
    while part:
        part = part.lstrip("、,")
        group = next((word for word in _GROUPS if part.startswith(word)), "")
        if group:
            days += _GROUPS[group]
            part = part[len(group) :]
        elif match := _RANGE.match(part):
            first, last = _SIGN[match[1]], _SIGN[match[2] or match[1]]
            if last < first:
                raise ValueError(f"“{match[0]}”次序不对；{HOW}")
            days += range(first, last + 1)
            part = part[match.end() :]
        else:
            break
    if not days:
        raise ValueError(f"“{part[:20]}”没有写明是星期几；{HOW}")
    return days, part.lstrip(":")


def _spans(text: str, part: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    for piece in filter(None, re.split(r"[、,和及]", text)):
        match = _SPAN.fullmatch(re.sub(r"上午|下午|晚上", "", piece))
        if not match:
            raise ValueError(f"“{piece[:20]}”不是时间；{HOW}")
        span = (_time(match[1], match[2]), _time(match[3], match[4]))
        if span[0] >= span[1]:
            raise ValueError(f"“{piece}”结束时间应晚于开始时间，请用二十四小时制")
        spans.append(span)
    if not spans:
        raise ValueError(f"“{part[:20]}”没有写明时间；{HOW}")
    if any(one[1] > two[0] for one, two in itertools.pairwise(spans)):
        raise ValueError(f"“{text[:30]}”时间重叠或者次序不对，请按先后填写")
    return tuple(spans)


def _time(hour: str, minute: str | None) -> str:
    found = (int(hour), int(minute or 0))
    if not (0, 0) <= found <= (24, 0) or found[1] > 59:
        raise ValueError(f"“{hour}:{minute or '00'}”不是时间")
    return f"{found[0]:02d}:{found[1]:02d}"


def write(week: Sequence[Sequence[Sequence[str]]]) -> str:
    """A week as text that :func:`parse` reads back: neighbouring days with the same hours together."""
    parts, start = [], 0
    days = [[tuple(span) for span in day] for day in week]
    for day in range(1, 8):
        if day < 7 and days[day] == days[start]:
            continue
        if days[start]:
            name = DAYS[start] if day - 1 == start else f"{DAYS[start]}至{DAYS[day - 1]}"
            parts.append(f"{name} {'、'.join(f'{since}-{until}' for since, until in days[start])}")
        start = day
    return "；".join(parts)


def rows(week: Sequence[Sequence[Sequence[str]]]) -> list[tuple[str, list[str]]]:
    """(day, spans in words) for every day of the week; no spans: closed."""
    return [(name, [f"{since}–{until}" for since, until in day]) for name, day in zip(DAYS, week, strict=True)]
