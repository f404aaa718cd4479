"""The figures of requests: table three of the annual report, how soon and by what channel, and what the narrative says.

Counting rule: 新收 = receipt day in the period; 上年结转 = received before, undecided on its first day; results =
decided in the period, by leaf; 结转下年 = undecided on its last day. E1–E4 hold for any period by construction.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractMonth

from gongkai.figure import Ask, Family, Figure, Ratio, Value, by_month, register
from gongkai.law.applicants import COLUMNS
from gongkai.law.decisions import CARRIED_IN, CARRIED_OUT, LEAVES, NEW, ROWS, TOTAL
from gongkai.law.receipt import Channel
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
    return _requests(counted)


def _requests(counted: QuerySet[RequestTally]) -> QuerySet[Request]:
    found = Request.objects.select_related("body").filter(key__in=counted.order_by().values("subject"))
    return found.order_by("received_on", "key")


def count_by_month(ask: Ask) -> dict[str, dict[int, dict[str, int]]]:
    """Requests received and decided in each month, for every body: one query for each."""
    groups = []
    for row, day in ((NEW, "received_on"), (TOTAL, "decided_on")):
        dated = _within(ask).filter(**{f"{day}__range": (ask.first, ask.last)}).order_by()
        counts = dated.values_list("body_id", ExtractMonth(day)).annotate(number=Count("category"))
        groups += [(body, month, f"t3.{row}.{TOTAL_COLUMN}", number) for body, month, number in counts]
    return by_month(groups)


TABLE_THREE = register(Family("requests.table3", _figures(), count, rows, count_by_body, count_by_month))

_RECEIVED = Figure("requests_received", "全年收到政府信息公开申请", "件", _definition(NEW, "总计"))


def _narrate(cells: Mapping[str, int]) -> dict[str, int]:
    return {_RECEIVED.id: cells.get(f"t3.{NEW}.{TOTAL_COLUMN}", 0)}


register(
    Family(
        "requests.narrative",
        (_RECEIVED,),
        lambda ask: _narrate(count(ask)),
        lambda ask, figure: rows(ask, f"t3.{NEW}.{TOTAL_COLUMN}"),
        lambda ask: {body: _narrate(cells) for body, cells in count_by_body(ask).items()},
    )
)

#: How requests came in: figure of each channel.
CHANNELS = {channel.value: f"received_by_{channel.value.replace('-', '_')}" for channel in Channel}


def _received(ask: Ask) -> QuerySet[RequestTally]:
    return _within(ask).filter(received_on__gte=ask.first).order_by()


def _by_channel(groups: Iterable[tuple[str, int]]) -> dict[str, int]:
    return {CHANNELS[channel]: number for channel, number in groups if channel in CHANNELS}


def count_channels(ask: Ask) -> dict[str, int]:
    """New requests by channel, in one query."""
    return _by_channel(_received(ask).values_list("channel").annotate(number=Count("id")))


def count_channels_by_body(ask: Ask) -> dict[str, dict[str, int]]:
    """The same for every body, in one query."""
    result: dict[str, dict[str, int]] = {}
    for body, channel, number in _received(ask).values_list("body_id", "channel").annotate(number=Count("id")):
        result.setdefault(body, {}).update(_by_channel([(channel, number)]))
    return result


def channel_rows(ask: Ask, figure: str) -> QuerySet[Request]:
    """The requests that came by one channel."""
    channel = next(one for one, name in CHANNELS.items() if name == figure)
    return _requests(_received(ask).filter(channel=channel))


register(
    Family(
        "requests.channels",
        tuple(
            Figure(
                CHANNELS[channel.value], f"新收申请：{channel.label}", "件",
                f"收到申请之日（条例第三十一条）在本期、以{channel.label}方式提出的申请。单位：件。",
            )
            for channel in Channel
        ),
        count_channels,
        channel_rows,
        count_channels_by_body,
    )
)  # fmt: skip

ANSWERED, ON_TIME, WORKDAYS = "requests_answered", "requests_answered_on_time", "answer_workdays"
ON_TIME_RATE, AVERAGE = "answered_on_time_rate", "average_answer_workdays"
_ANSWERS = (
    Figure(ANSWERED, "答复申请", "件", "本期以书面答复作出处理决定的申请，不计撤回和逾期不补正、不缴费的；每件只计第一次答复。单位：件。"),
    Figure(ON_TIME, "按期答复申请", "件", "其中在答复期限（条例第三十三条，含依法延长、不计征求意见时间）内答复的。单位：件。"),
    Figure(
        WORKDAYS, "答复用时合计", "个工作日",
        "本期答复的申请用时之和：自收到申请（补正、缴费的自收到补正、缴费）次日起至答复之日的工作日，不计征求意见的时间。单位：个工作日。",
    ),
    Figure(
        ON_TIME_RATE, "按期答复率", "%", "按期答复申请占本期答复申请的百分比，保留一位小数；没有答复的为 0。单位：%。",
        ratio=Ratio(ON_TIME, ANSWERED, places=1),
    ),
    Figure(
        AVERAGE, "平均答复用时", "个工作日", "答复用时合计除以本期答复申请的件数，保留一位小数；没有答复的为 0。单位：个工作日。",
        ratio=Ratio(WORKDAYS, ANSWERED, 1, 1),
    ),
)  # fmt: skip


def _answered(ask: Ask) -> QuerySet[RequestTally]:
    decided = _within(ask).filter(decided_on__range=(ask.first, ask.last))
    return decided.filter(late__isnull=False).order_by()


_TIMES = {ANSWERED: Count("id"), ON_TIME: Count("id", filter=Q(late=False)), WORKDAYS: Sum("workdays", default=0)}


def _with_ratios(values: Mapping[str, int]) -> dict[str, Value]:
    return dict(values) | {one.id: one.ratio.of(values) for one in _ANSWERS if one.ratio}


def count_answers(ask: Ask) -> dict[str, Value]:
    """How many were answered, on time, and how long it took, in one query."""
    return _with_ratios(_answered(ask).aggregate(**_TIMES))


def count_answers_by_body(ask: Ask) -> dict[str, dict[str, Value]]:
    """The same for every body that answered one, in one query."""
    groups = _answered(ask).values("body_id").annotate(**_TIMES)
    return {group.pop("body_id"): _with_ratios(group) for group in groups}


def answer_rows(ask: Ask, figure: str) -> QuerySet[Request]:
    """The requests answered; of what is on time, those."""
    counted = _answered(ask)
    return _requests(counted.filter(late=False) if figure == ON_TIME else counted)


register(Family("requests.answers", _ANSWERS, count_answers, answer_rows, count_answers_by_body))


def _deflected(ask: Ask) -> QuerySet[Deflection]:
    found = Deflection.objects.select_related("body").filter(outcome=Deflection.FOUND, on__range=(ask.first, ask.last))
    return found if ask.bodies is None else found.filter(body__in=ask.bodies.values("key"))


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
        lambda ask: {
            body: {_DEFLECTED.id: number}
            for body, number in _deflected(ask).order_by().values_list("body_id").annotate(number=Count("token"))
        },
    )
)
