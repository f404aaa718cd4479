"""The figures of records: what was published, by kind and topic; documents marked with their attribute; on time or not.

A kind's file and the list of topics say which figures there are (:mod:`.kinds`, :mod:`.vocabulary`); the counting is one.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from gongkai.figure import Ask, Family, Figure, register
from gongkai.ledger.tally import OPEN, known

from .kinds import Kind, kinds
from .models import Record, RecordTally
from .vocabulary import Topic, topics

#: Topics that count everything placed under them, not policies alone.
ITEMS = frozenset({"chuanyu"})


def _within(ask: Ask) -> QuerySet[Any]:
    rows = known(RecordTally.objects.all(), ask.known_at)
    return rows if ask.bodies is None else rows.filter(body__in=ask.bodies.values("key"))


def published(ask: Ask) -> Q:
    """Published in the period and not withdrawn by its end."""
    return Q(published_on__range=(ask.first, ask.last), withdrawn_on__gt=ask.last)


def issued(ask: Ask) -> Q:
    """Documents issued in the period."""
    return Q(document=True, issued_on__range=(ask.first, ask.last))


def _tagged(*tags: str) -> Q:
    condition = Q()
    for tag in tags:
        condition &= Q(tags__contains=f"|{tag}|")
    return condition


def _kind_conditions() -> dict[str, tuple[Figure, Q]]:
    made = {}
    for one in kinds().values():
        for spec in one.figures:
            where = "、".join(f"{one.name_of(name)}为{one.words(name, value)}" for name, value in spec.where)
            text = f"发布日期在本期、期末没有撤下的“{one.label}”{f'（{where}）' if where else ''}。单位：{spec.unit}。"
            condition = Q(kind=one.key) & _tagged(*(f"data.{name}:{value}" for name, value in spec.where))
            made[spec.id] = (Figure(spec.id, spec.label, spec.unit, text), condition)
    return made


def _topic_conditions() -> dict[str, tuple[Figure, Q]]:
    policies = [one.key for one in kinds().values() if one.policy]
    made = {}
    for topic in topics().values():
        if topic.figure:
            every = topic.key in ITEMS
            condition = _tagged(f"topic:{topic.key}") & (Q() if every else Q(kind__in=policies))
            made[topic.figure["id"]] = (_topic_figure(topic, every), condition)
    return made


def _topic_figure(topic: Topic, every: bool) -> Figure:
    assert topic.figure is not None
    what = "信息" if every else "政策类信息"
    text = f"发布日期在本期、期末没有撤下、标有专题“{topic.label}”的{what}。单位：{topic.figure['unit']}。"
    return Figure(topic.figure["id"], topic.figure["label"], topic.figure["unit"], text)


CONDITIONS = _kind_conditions() | _topic_conditions()


def _groups(ask: Ask, *keys: str) -> QuerySet[Any, Any]:
    counts = {name: Count("id", filter=condition) for name, (_, condition) in CONDITIONS.items()}
    return _within(ask).filter(published(ask)).order_by().values(*keys).annotate(**counts)


def count_published(ask: Ask) -> dict[str, int]:
    """Every figure of what was published, in one query."""
    counts = {name: Count("id", filter=condition) for name, (_, condition) in CONDITIONS.items()}
    return _within(ask).filter(published(ask)).aggregate(**counts)


def count_published_by_body(ask: Ask) -> dict[str, dict[str, int]]:
    """The same for every body, in one query; keyed by the body's key."""
    return {group.pop("body_id"): group for group in _groups(ask, "body_id")}


def _records(tallied: QuerySet[Any]) -> QuerySet[Record]:
    rows = Record.objects.select_related("body").filter(key__in=tallied.values("subject"))
    return rows.order_by("published_on", "key")


def published_rows(ask: Ask, figure: str) -> QuerySet[Record]:
    """The records one figure counts."""
    return _records(_within(ask).filter(published(ask), CONDITIONS[figure][1]))


PUBLISHED = register(
    Family(
        "records.published",
        tuple(figure for figure, _ in CONDITIONS.values()),
        count_published,
        published_rows,
        count_published_by_body,
    )
)

_DISCIPLINE: dict[str, tuple[Figure, Callable[[Ask], Q]]] = {
    "documents_issued": (
        Figure("documents_issued", "印发公文", "件", "签发（已有文件为成文）日期在本期的公文。单位：件。"),
        issued,
    ),
    "documents_marked": (
        Figure("documents_marked", "标注公开属性的公文", "件", "本期印发的公文中标注了公开属性的。单位：件。"),
        lambda ask: issued(ask) & ~Q(attribute=""),
    ),
    "records_due_published": (
        Figure(
            "records_due_published", "应在期限内公开并已公开的信息", "条",
            "发布日期在本期、有二十个工作日期限（条例第二十六条）的信息；启用前已公开的和导入的没有期限，不计。单位：条。",
        ),
        lambda ask: published(ask) & ~Q(due_on=OPEN),
    ),
    "records_published_on_time": (
        Figure(
            "records_published_on_time", "按期公开的信息", "条",
            "其中自形成之日起二十个工作日内公开的（条例第二十六条）。单位：条。",
        ),
        lambda ask: published(ask) & ~Q(due_on=OPEN) & Q(published_on__lte=F("due_on")),
    ),
}  # fmt: skip
#: Shares: (what is counted, out of what).
_SHARES = {
    "attribute_labelling_rate": (
        "documents_marked", "documents_issued",
        Figure(
            "attribute_labelling_rate", "公文标注公开属性率", "%",
            "标注公开属性的公文占本期印发公文的百分比，保留两位小数；没有印发公文的为 0。单位：%。",
        ),
    ),
    "published_on_time_rate": (
        "records_published_on_time", "records_due_published",
        Figure(
            "published_on_time_rate", "按期公开率", "%",
            "按期公开的占应在期限内公开并已公开的信息的百分比，保留两位小数；没有的为 0。单位：%。",
        ),
    ),
}  # fmt: skip


def share(part: int, whole: int) -> int | Decimal:
    """A percentage with two decimals; whole numbers as such, 0 of nothing."""
    if not whole:
        return 0
    value = (Decimal(100 * part) / whole).quantize(Decimal("0.01"))
    return int(value) if value == int(value) else value


def _with_shares(counts: Mapping[str, int]) -> dict[str, int | Decimal]:
    shares = {name: share(counts[part], counts[whole]) for name, (part, whole, _) in _SHARES.items()}
    return dict(counts) | shares


def _counts(ask: Ask) -> dict[str, Any]:
    return {name: Count("id", filter=condition(ask)) for name, (_, condition) in _DISCIPLINE.items()}


def count_discipline(ask: Ask) -> dict[str, int | Decimal]:
    """Documents marked, information published on time, and both as shares; one query."""
    return _with_shares(_within(ask).aggregate(**_counts(ask)))


def count_discipline_by_body(ask: Ask) -> dict[str, dict[str, int | Decimal]]:
    """The same for every body."""
    groups = _within(ask).order_by().values("body_id").annotate(**_counts(ask))
    return {group.pop("body_id"): _with_shares(group) for group in groups}


def discipline_rows(ask: Ask, figure: str) -> QuerySet[Record]:
    """The records behind a figure; of a share, those of its whole."""
    name = _SHARES[figure][1] if figure in _SHARES else figure
    return _records(_within(ask).filter(_DISCIPLINE[name][1](ask)))


DISCIPLINE = register(
    Family(
        "records.discipline",
        (*(figure for figure, _ in _DISCIPLINE.values()), *(figure for *_, figure in _SHARES.values())),
        count_discipline,
        discipline_rows,
        count_discipline_by_body,
    )
)


def figures_of(one: Kind) -> list[Figure]:
    """The figures a kind is counted in."""
    return [CONDITIONS[spec.id][0] for spec in one.figures if spec.id in CONDITIONS]
