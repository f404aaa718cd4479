"""The figures of remedies: table four of the annual report, and what the narrative says of reviews, suits, complaints.

Counting rule: a case decided in the period counts by its result on the last day; one filed by the last day and not
decided by then is 尚未审结. Each case counts once, so E4 (维持 + 纠正 + 其他 + 未结 = 总计) holds for any period.
"""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Case, CharField, Count, DateField, F, Q, QuerySet, Value, When

from gongkai.figure import Ask, Family, Figure, register
from gongkai.law.remedies import Proceeding, Result
from gongkai.ledger.tally import OPEN, known

from .events import REOPENINGS
from .models import Complaint, ComplaintTally, Lawsuit, LawsuitTally, Reconsideration, ReconsiderationTally

TOTAL = "total"
SUITS = (Proceeding.DIRECT_SUIT, Proceeding.SUIT_AFTER_REVIEW)
_WHAT = {
    Proceeding.RECONSIDERATION: "行政复议案件（提起之日为申请之日，审结之日为复议决定之日）",
    Proceeding.DIRECT_SUIT: "未经复议直接起诉的行政诉讼案件（提起之日为起诉之日，审结之日为裁判文书落款之日）",
    Proceeding.SUIT_AFTER_REVIEW: "复议后起诉的行政诉讼案件（提起之日为起诉之日，审结之日为裁判文书落款之日）",
}
_HOW = {
    Result.UPHELD: "本年度审结、结果维持",
    Result.CORRECTED: "本年度审结、结果纠正",
    Result.OTHER: "本年度审结、其他结果（含不予受理、不予立案、撤回和终止）",
    Result.PENDING: "至统计截止日已提起、尚未审结（含一审后上诉、二审未结）",
}


def _definition(block: Proceeding, result: Result | None) -> str:
    how = _HOW[result] if result else "本年度审结和至统计截止日尚未审结（即前四项之和）"
    return f"{how}的{_WHAT[block]}；每件按截止日有效的最近一次裁决计一次。单位：件。"


def _figures() -> tuple[Figure, ...]:
    columns: list[tuple[Result | None, str, str]] = [(r, r.value, r.label) for r in Result]
    columns.append((None, TOTAL, "总计"))
    return tuple(
        Figure(f"t4.{block.value}.{column}", f"{block.label}（{label}）", "件", _definition(block, result))
        for block in Proceeding
        for result, column, label in columns
    )


def _standing(rows: QuerySet[Any], ask: Ask, reopenings: int) -> QuerySet[Any]:
    """Cases of the period with ``standing``, their result on the last day: decided in the period, or pending."""
    rows = known(rows, ask.known_at).filter(filed_on__lte=ask.last, ended_on__gte=ask.first)
    if ask.bodies is not None:
        rows = rows.filter(body__in=ask.bodies.values("key"))
    whens = [(Q(ended_on__lte=ask.last), "result", "ended_on")]
    for n in range(1, reopenings + 1):
        standing = Q(**{f"ended{n}_on__lte": ask.last, f"reopened{n}_on__gt": ask.last})
        whens.append((standing, f"result{n}", f"ended{n}_on"))
    return rows.annotate(
        standing=Case(*(When(q, then=F(result)) for q, result, _ in whens), default=Value(Result.PENDING.value)),
        decided_on=Case(*(When(q, then=F(day)) for q, _, day in whens), default=Value(OPEN), output_field=DateField()),
    ).filter(decided_on__gte=ask.first)


def _reconsiderations(ask: Ask) -> QuerySet[Any]:
    block = Value(Proceeding.RECONSIDERATION.value, output_field=CharField())
    return _standing(ReconsiderationTally.objects.annotate(block=block), ask, 0)


def _lawsuits(ask: Ask) -> QuerySet[Any]:
    return _standing(LawsuitTally.objects.all(), ask, REOPENINGS)


def _groups(ask: Ask, *keys: str) -> Iterable[dict[str, Any]]:
    for rows in (_reconsiderations(ask), _lawsuits(ask)):
        yield from rows.order_by().values(*keys, "block", "standing").annotate(number=Count("id"))


def _spread(groups: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Groups as the cells of table four; totals are made here, so E4 cannot fail."""
    cells: dict[str, int] = {}
    for group in groups:
        for column in (group["standing"], TOTAL):
            name = f"t4.{group['block']}.{column}"
            cells[name] = cells.get(name, 0) + group["number"]
    return cells


def count(ask: Ask) -> dict[str, int]:
    """Table four in two queries."""
    return _spread(_groups(ask))


def count_by_body(ask: Ask) -> dict[str, dict[str, int]]:
    """Table four of every body in two queries; keyed by the body's key."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for group in _groups(ask, "body_id"):
        groups.setdefault(group["body_id"], []).append(group)
    return {body: _spread(rows) for body, rows in groups.items()}


def rows(ask: Ask, figure: str) -> QuerySet[Any]:
    """The cases one cell counts, oldest first."""
    _, block, column = figure.split(".")
    review = block == Proceeding.RECONSIDERATION.value
    counted = (_reconsiderations(ask) if review else _lawsuits(ask)).filter(block=block)
    if column != TOTAL:
        counted = counted.filter(standing=column)
    return _cases(Reconsideration if review else Lawsuit, counted)


def _cases(model: Any, counted: QuerySet[Any]) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.select_related("body").filter(key__in=counted.values("subject"))
    return found.order_by("filed_on", "key")


TABLE_FOUR = register(Family("remedies.table4", _figures(), count, rows, count_by_body))

_PROCEEDINGS = (
    Figure("reconsiderations", "行政复议", "件", _definition(Proceeding.RECONSIDERATION, None)),
    Figure("lawsuits", "行政诉讼", "件", "表四“未经复议直接起诉”与“复议后起诉”两项总计之和。单位：件。"),
)


def _narrate(cells: dict[str, int]) -> dict[str, int]:
    reviews, *suits = (cells.get(f"t4.{block.value}.{TOTAL}", 0) for block in (Proceeding.RECONSIDERATION, *SUITS))
    return {"reconsiderations": reviews, "lawsuits": sum(suits)}


register(
    Family(
        "remedies.narrative",
        _PROCEEDINGS,
        lambda ask: _narrate(count(ask)),
        lambda ask, figure: (
            _cases(Lawsuit, _lawsuits(ask)) if figure == "lawsuits" else _cases(Reconsideration, _reconsiderations(ask))
        ),
        lambda ask: {body: _narrate(cells) for body, cells in count_by_body(ask).items()},
    )
)

_COMPLAINTS = (
    Figure(
        "complaints_received",
        "投诉、举报",
        "件",
        "收到之日在本年度的投诉举报（条例第四十七条、第五十一条）。单位：件。",
    ),
    Figure(
        "complaints_handled_rate",
        "投诉、举报已调查处理",
        "%",
        "本年度收到的投诉举报中，至统计截止日已审定处理意见、移送或撤回的所占百分比，保留一位小数；本年度没有收到的记为100%。",
        sums=False,
    ),
)


def _received(ask: Ask) -> QuerySet[ComplaintTally]:
    found = known(ComplaintTally.objects.all(), ask.known_at).filter(received_on__range=(ask.first, ask.last))
    return found if ask.bodies is None else found.filter(body__in=ask.bodies.values("key"))


def _handled(last: date) -> Any:
    return Count("id", filter=Q(handled_on__lte=last))


def handled_rate(received: int, handled: int) -> Decimal:
    """Per cent of complaints handled, one decimal; 100 when none was received: nothing is left undone."""
    if not received:
        return Decimal("100.0")
    return (Decimal(100 * handled) / received).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _complaints(received: int, handled: int) -> dict[str, int | Decimal]:
    return {"complaints_received": received, "complaints_handled_rate": handled_rate(received, handled)}


def count_complaints(ask: Ask) -> dict[str, int | Decimal]:
    """Complaints received and handled, in one query."""
    return _complaints(**_received(ask).aggregate(received=Count("id"), handled=_handled(ask.last)))


def count_complaints_by_body(ask: Ask) -> dict[str, dict[str, int | Decimal]]:
    """The same for every body that received one, in one query."""
    groups = _received(ask).order_by().values("body_id").annotate(received=Count("id"), handled=_handled(ask.last))
    return {group["body_id"]: _complaints(group["received"], group["handled"]) for group in groups}


def complaint_rows(ask: Ask, figure: str) -> QuerySet[Complaint]:
    """The complaints received; for the rate, those of them handled."""
    counted = _received(ask)
    if figure == "complaints_handled_rate":
        counted = counted.filter(handled_on__lte=ask.last)
    found = Complaint.objects.select_related("body").filter(key__in=counted.values("subject"))
    return found.order_by("received_on", "key")


register(Family("remedies.complaints", _COMPLAINTS, count_complaints, complaint_rows, count_complaints_by_body))
