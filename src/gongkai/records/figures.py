"""The figures of records: what was published, by kind and topic; documents marked with their attribute; on time or not.

A kind's file and the list of topics say which figures there are (:mod:`.kinds`, :mod:`.vocabulary`); the counting is one.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractMonth

from gongkai.figure import Ask, Family, Figure, Ratio, Value, by_month, register
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

TOTAL = Figure(
    "records_published", "主动公开信息", "条",
    "发布日期在本期、期末没有撤下的各类信息，不计规章和行政规范性文件（见表二）。单位：条。",
)  # fmt: skip


def _kind_figures() -> dict[str, Figure]:
    """The figure that counts a whole kind: the one its file names, else one of its own."""
    made = {}
    for one in kinds().values():
        named = next((spec.id for spec in one.figures if not spec.where), "")
        text = f"发布日期在本期、期末没有撤下的“{one.label}”。单位：条。"
        own = Figure(f"published.{one.key}", f"公开{one.label}", "条", text)
        made[one.key] = CONDITIONS[named][0] if named else own
    return made


BY_KIND = _kind_figures()


def _by_kind(kind: str, number: int) -> dict[str, int]:
    return {BY_KIND[kind].id: number} if kind in BY_KIND else {}


def count_kinds_by_body(ask: Ask) -> dict[str, dict[str, int]]:
    """What was published, in all and of each kind, for every body, in one query."""
    result: dict[str, dict[str, int]] = {}
    groups = _within(ask).filter(published(ask)).order_by().values_list("body_id", "kind")
    for body, kind, number in groups.annotate(number=Count("id")):
        values = result.setdefault(body, {TOTAL.id: 0})
        values[TOTAL.id] += number
        values.update(_by_kind(kind, number))
    return result


def count_kinds(ask: Ask) -> dict[str, int]:
    """The same for all of them together."""
    sums: dict[str, int] = {}
    for values in count_kinds_by_body(ask).values():
        for name, number in values.items():
            sums[name] = sums.get(name, 0) + number
    return sums


def count_kinds_by_month(ask: Ask) -> dict[str, dict[int, dict[str, int]]]:
    """The same for each body and month, in one query."""
    groups = _within(ask).filter(published(ask)).order_by().values_list("body_id", ExtractMonth("published_on"), "kind")
    found = []
    for body, month, kind, number in groups.annotate(number=Count("id")):
        found.append((body, month, TOTAL.id, number))
        found += [(body, month, name, value) for name, value in _by_kind(kind, number).items()]
    return by_month(found)


def kind_rows(ask: Ask, figure: str) -> QuerySet[Record]:
    """The records of one kind, or all that were published."""
    counted = _within(ask).filter(published(ask))
    own = [kind for kind, one in BY_KIND.items() if one.id == figure]
    return _records(counted.filter(kind__in=own) if figure != TOTAL.id else counted)


register(
    Family(
        "records.kinds",
        (TOTAL, *(one for one in BY_KIND.values() if one.id not in CONDITIONS)),
        count_kinds,
        kind_rows,
        count_kinds_by_body,
        count_kinds_by_month,
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
_SHARES = {
    one.id: one for one in (
        Figure(
            "attribute_labelling_rate", "公文标注公开属性率", "%",
            "标注公开属性的公文占本期印发公文的百分比，保留两位小数；没有印发公文的为 0。单位：%。",
            ratio=Ratio("documents_marked", "documents_issued"),
        ),
        Figure(
            "published_on_time_rate", "按期公开率", "%",
            "按期公开的占应在期限内公开并已公开的信息的百分比，保留两位小数；没有的为 0。单位：%。",
            ratio=Ratio("records_published_on_time", "records_due_published"),
        ),
    )
}  # fmt: skip


def _with_shares(counts: Mapping[str, int]) -> dict[str, Value]:
    return dict(counts) | {name: one.ratio.of(counts) for name, one in _SHARES.items() if one.ratio}


def _counts(ask: Ask) -> dict[str, Any]:
    return {name: Count("id", filter=condition(ask)) for name, (_, condition) in _DISCIPLINE.items()}


def count_discipline(ask: Ask) -> dict[str, Value]:
    """Documents marked, information published on time, and both as shares; one query."""
    return _with_shares(_within(ask).aggregate(**_counts(ask)))


def count_discipline_by_body(ask: Ask) -> dict[str, dict[str, Value]]:
    """The same for every body."""
    groups = _within(ask).order_by().values("body_id").annotate(**_counts(ask))
    return {group.pop("body_id"): _with_shares(group) for group in groups}


def discipline_rows(ask: Ask, figure: str) -> QuerySet[Record]:
    """The records behind a figure; of a share, those of its whole."""
    ratio = _SHARES[figure].ratio if figure in _SHARES else None
    name = ratio.whole if ratio else figure
    return _records(_within(ask).filter(_DISCIPLINE[name][1](ask)))


DISCIPLINE = register(
    Family(
        "records.discipline",
        (*(figure for figure, _ in _DISCIPLINE.values()), *_SHARES.values()),
        count_discipline,
        discipline_rows,
        count_discipline_by_body,
    )
)


def figures_of(one: Kind) -> list[Figure]:
    """The figures a kind is counted in."""
    return [CONDITIONS[spec.id][0] for spec in one.figures if spec.id in CONDITIONS]
