"""Conditions on fields: from ``filters`` and from ``标题:…`` within a query."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from gongkai.search.documents import BadQuery, Between
from gongkai.search.fold import fold, number_key, strip
from gongkai.search.vocabulary import Vocabulary

#: What a field may be called in a query or a filter.
NAMES = {
    "title": ("标题", "题名", "title"),
    "number": ("文号", "编号", "登记号", "索引号", "number", "numbers"),
    "body": ("机关", "发文机关", "部门", "body", "bodies"),
    "kind": ("类别", "种类", "体裁", "kind"),
    "theme": ("主题", "theme"),
    "category": ("分类", "category"),
    "status": ("状态", "效力", "status"),
    "year": ("年", "年份", "year"),
    "written_on": ("成文", "成文日期", "written_on"),
    "published_on": ("发布", "发布日期", "published_on"),
    "effective_on": ("施行", "施行日期", "effective_on"),
    "key": ("key",),
}
FIELDS = {name: field for field, names in NAMES.items() for name in names}
#: Fields whose value is compared whole, and that can be counted as facets.
EXACT = ("kind", "theme", "category", "status")
DATES = ("written_on", "published_on", "effective_on")
#: Facets besides ``EXACT`` and the further fields of documents.
FACETS = (*EXACT, "bodies", "body_names", "year")

_DAY = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|年?)$")
_RANGE = re.compile(r"^(?P<start>[^~]*?)\s*(?:\.\.|~|至)\s*(?P<end>.*)$")


@dataclass(frozen=True)
class Condition:
    """A document must have (``negative``: must not have) one of ``values``, or a day from ``start`` to ``end``.

    Days and years are whole numbers, 20210315 and 2021.
    """

    field: str
    values: tuple[str, ...] = ()
    start: int | None = None
    end: int | None = None
    negative: bool = False


def field_name(name: str) -> str:
    """The field a prefix in a query means; empty when it means none."""
    return FIELDS.get(name, "")


def day_number(day: date) -> int:
    """2021-03-15 as 20210315."""
    return day.year * 10000 + day.month * 100 + day.day


def from_filters(filters: Mapping[str, object], vocabulary: Vocabulary | None = None) -> Iterator[Condition]:
    """The ``filters`` of a search. Empty values are no condition. Raises ``BadQuery``."""
    for name, value in filters.items():
        values = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]
        if values and values != [None] and values != [""]:
            yield condition(FIELDS.get(name, name), *values, vocabulary=vocabulary)


def condition(field: str, *values: object, vocabulary: Vocabulary | None = None) -> Condition:
    """One condition: any of ``values`` in ``field``."""
    if field == "year" or field in DATES:
        return _interval(field, values)
    texts = [str(value) for value in values]
    if field == "number":
        return Condition(field, tuple(number_key(text) for text in texts))
    if field in ("title", "body"):
        folded = [strip(fold(text)) for text in texts]
        if not all(folded):
            raise BadQuery(f"“{_chinese(field)}”的条件里没有文字：请写成 {_chinese(field)}:几个字。")
        ways = (way for text in folded for way in (vocabulary.ways(text) if vocabulary else (text,)))
        return Condition(field, tuple(dict.fromkeys(ways)))
    return Condition(field, tuple(texts))


def _interval(field: str, values: tuple[object, ...]) -> Condition:
    if len(values) == 1:
        start, end = _ends(field, values[0])
        return Condition(field, start=start, end=end)
    if len(values) == 2 and all(value is None or isinstance(value, date) for value in values):
        return _interval(field, (Between(*values),))  # type: ignore[arg-type]
    # Several years: any of them. An interval per value would be another kind of condition; years are few.
    if field == "year":
        ends = [_ends(field, value) for value in values]
        return Condition(field, tuple(str(year) for a, b in ends for year in _years(a, b)))
    raise BadQuery(f"“{_chinese(field)}”只能给一个日期或一段日期，例如 2021-01-01..2021-12-31。")


def _years(start: int | None, end: int | None) -> range:
    if start is None or end is None:
        raise BadQuery("“年”写了几个值时，每个都要有头有尾，例如 2019 或 2019..2021。")
    return range(start, end + 1)


def _ends(field: str, value: object) -> tuple[int | None, int | None]:
    """The first and the last day (or year) of one value: a day, a year, a ``Between`` or ``2019..2021``."""
    if isinstance(value, Between):
        return _bound(field, value.start, 0), _bound(field, value.end, 1)
    if isinstance(value, str):
        found = _RANGE.match(value) or (re.match(r"^(?P<start>\d{4})-(?P<end>\d{4})$", value))
        if found:
            return _bound(field, found["start"] or None, 0), _bound(field, found["end"] or None, 1)
    return _bound(field, value, 0), _bound(field, value, 1)


def _bound(field: str, value: object, last: int) -> int | None:
    """``value`` as a number: a month or a year stands for its first or its ``last`` day."""
    if value is None:
        return None
    if isinstance(value, date):
        return value.year if field == "year" else day_number(value)
    found = _DAY.match(fold(str(value)).strip())
    if not found:
        example = "2021 或 2019..2021" if field == "year" else "2021-03-15 或 2021-01-01..2021-12-31"
        raise BadQuery(f"“{_chinese(field)}:{value}”看不懂：请写成 {example}。")
    year, month, day = int(found[1]), int(found[2] or (12 if last else 1)), int(found[3] or (31 if last else 1))
    return year if field == "year" else year * 10000 + month * 100 + day


def _chinese(field: str) -> str:
    return NAMES[field][0]
