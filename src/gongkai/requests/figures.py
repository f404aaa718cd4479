"""The figures of requests: table three of the annual report, and what the narrative says about requests.

Counting rule: 新收 = receipt day in the period; 上年结转 = received before, undecided on its first day; results =
decided in the period, by leaf; 结转下年 = undecided on its last day. E1–E4 hold for any period by construction.
"""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from gongkai.figure import Ask, Family, Figure, register
from gongkai.law.applicants import COLUMNS
from gongkai.law.decisions import CARRIED_IN, CARRIED_OUT, LEAVES, NEW, ROWS, TOTAL
from gongkai.ledger.tally import known
from gongkai.organs.models import Body

from .models import Deflection, Request, RequestTally

TOTAL_COLUMN = "total"
_MEANING = {
    NEW: "收到申请之日（条例第三十一条）在本年度的申请",
    CARRIED_IN: "本年度以前收到、至本年度1月1日尚未作出处理决定的申请",
    TOTAL: "本年度作出处理决定的全部申请，每件只按第一次处理决定计一次",
    CARRIED_OUT: "至统计截止日尚未作出处理决定的申请",
}


def _definition(row: str, column: str) -> str:
    meaning = _MEANING.get(row) or f"本年度作出处理决定、决定种类为“{LEAVES[row].title}”的申请（{LEAVES[row].meaning}）"
    return meaning + ("" if column == "总计" else f"；申请人为{column}") + "。单位：件。"


def _figures() -> tuple[Figure, ...]:
    columns = [(category.value, category.label) for category in COLUMNS] + [(TOTAL_COLUMN, "总计")]
    return tuple(
        Figure(f"t3.{row}.{column}", f"{label}（{name}）", "件", _definition(row, name))
        for row, label in ROWS.items()
        for column, name in columns
    )


def _within(ask: Ask) -> QuerySet[RequestTally]:
    """Requests received by the last day and not decided before the first."""
    rows = known(RequestTally.objects.all(), ask.known_at).filter(received_on__lte=ask.last, decided_on__gte=ask.first)
    bodies = _keys(ask)
    return rows if bodies is None else rows.filter(body__in=bodies)


def _keys(ask: Ask) -> list[str] | None:
    """The keys of the bodies asked for; None when they are all there are, which needs no filter.

    A list, not a subquery: SQLite guesses that a subquery finds 25 bodies and then reads every row even for one.
    """
    if ask.bodies is None:
        return None
    keys = list(ask.bodies.values_list("key", flat=True))
    return None if len(keys) == Body.objects.count() else keys


def _grouped(ask: Ask, *keys: str) -> QuerySet[Any, Any]:
    return (
        _within(ask)
        .values(*keys, "category", "leaf")
        .order_by()
        .annotate(
            # Any column of the covering indexes, none of them null: the table itself is not read.
            all=Count("category"),
            received=Count("category", filter=Q(received_on__gte=ask.first)),
            decided=Count("category", filter=Q(decided_on__lte=ask.last)),
        )
    )


def _spread(groups: Any) -> dict[str, int]:
    """Groups of (category, leaf) as the cells of table three; sums are made here, so E2 and E3 cannot fail."""
    cells: dict[str, int] = {}

    def add(row: str, category: int, value: int) -> None:
        for column in (COLUMNS[category].value, TOTAL_COLUMN):
            cells[f"t3.{row}.{column}"] = cells.get(f"t3.{row}.{column}", 0) + value

    for group in groups:
        category, all_, received, decided = (group[name] for name in ("category", "all", "received", "decided"))
        add(NEW, category, received)
        add(CARRIED_IN, category, all_ - received)
        add(CARRIED_OUT, category, all_ - decided)
        if decided:
            add(group["leaf"], category, decided)
            add(TOTAL, category, decided)
    return cells


def count(ask: Ask) -> dict[str, int]:
    """Table three in one pass over an index."""
    return _spread(_grouped(ask))


def count_by_body(ask: Ask) -> dict[str, dict[str, int]]:
    """Table three of every body, in one pass; keyed by the body's key."""
    groups: dict[str, list[Any]] = {}
    for group in _grouped(ask, "body_id"):
        groups.setdefault(group["body_id"], []).append(group)
    return {body: _spread(rows) for body, rows in groups.items()}


def _condition(row: str, first: date, last: date) -> Q:
    decided = Q(decided_on__range=(first, last))
    if row in LEAVES:
        return decided & Q(leaf=row)
    return {
        NEW: Q(received_on__range=(first, last)),
        CARRIED_IN: Q(received_on__lt=first, decided_on__gte=first),
        TOTAL: decided,
        CARRIED_OUT: Q(received_on__lte=last, decided_on__gt=last),
    }[row]


def rows(ask: Ask, figure: str) -> QuerySet[Request]:
    """The requests one cell counts."""
    _, rest = figure.split(".", 1)
    row, column = rest.rsplit(".", 1)
    counted = _within(ask).filter(_condition(row, ask.first, ask.last))
    if column != TOTAL_COLUMN:
        counted = counted.filter(category=[c.value for c in COLUMNS].index(column))
    return (
        Request.objects.select_related("body").filter(key__in=counted.values("subject")).order_by("received_on", "key")
    )


TABLE_THREE = register(Family("requests.table3", _figures(), count, rows, count_by_body))

_RECEIVED = Figure("requests_received", "全年收到政府信息公开申请", "件", _definition(NEW, "总计"))
register(
    Family(
        "requests.narrative",
        (_RECEIVED,),
        lambda ask: {_RECEIVED.id: count(ask).get(f"t3.{NEW}.{TOTAL_COLUMN}", 0)},
        lambda ask, figure: rows(ask, f"t3.{NEW}.{TOTAL_COLUMN}"),
    )
)


def _deflected(ask: Ask) -> QuerySet[Deflection]:
    found = Deflection.objects.select_related("body").filter(outcome=Deflection.FOUND, on__range=(ask.first, ask.last))
    return found if ask.bodies is None else found.filter(body__in=ask.bodies)


_DEFLECTED = Figure(
    "requests_deflected",
    "提交前已找到所需信息",
    "件",
    "公众填写申请时，看到提示的已公开信息后不再提交的次数；同一张表只计一次，不记录个人信息",
)
register(
    Family(
        "requests.deflected",
        (_DEFLECTED,),
        lambda ask: {_DEFLECTED.id: _deflected(ask).count()},
        lambda ask, figure: _deflected(ask),
    )
)
