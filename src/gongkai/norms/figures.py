"""The figures of table two: norms issued, ceased and in force; decisions and fees of the counted registers.

现行有效 counts what is issued and has not ceased, those not yet applied included, and 废止 everything that ceases to be in
force in the period (repealed, declared lapsed, expired): 现行有效 = 现行有效(before) + 制发 − 废止 (X2) by construction.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractMonth

from gongkai.figure import Ask, Family, Figure, by_month, register
from gongkai.ledger.tally import known

from .models import Entry, EntryTally, Norm, NormTally
from .procedure import COERCION, FEE, KINDS, LICENCE, NORMATIVE, PENALTY, REGISTERS, REGULATION
from .queries import two_levels

FEN_IN_TEN_THOUSAND_YUAN = 1_000_000
_COLUMNS = {
    "issued": ("本年制发件数", "公布日期在本年度的{kind}（条例第二十条第一项）。单位：件。"),
    "repealed": (
        "本年废止件数",
        "本年度内不再有效的{kind}，包括废止、宣布失效和有效期届满失效，按不再有效之日计。单位：件。",
    ),
    "in_force": (
        "现行有效件数",
        "截止日已公布且未废止、失效的{kind}，含已公布尚未施行的；等于上年现行有效件数加本年制发件数减本年废止件数。单位：件。",
    ),
}


def _norm_figures() -> tuple[Figure, ...]:
    return tuple(
        Figure(f"t2.{kind}.{column}", f"{name}：{label}", "件", definition.format(kind=name))
        for kind, name in KINDS
        for column, (label, definition) in _COLUMNS.items()
    )


def _condition(column: str, ask: Ask) -> Q:
    return {
        "issued": Q(issued_on__range=(ask.first, ask.last)),
        "repealed": Q(ceased_on__range=(ask.first, ask.last)),
        "in_force": Q(issued_on__lte=ask.last, ceased_on__gt=ask.last),
    }[column]


def _within(rows: QuerySet[Any], ask: Ask) -> QuerySet[Any]:
    rows = known(rows, ask.known_at)
    return rows if ask.bodies is None else rows.filter(body__in=ask.bodies.values("key"))


def _norms(ask: Ask) -> QuerySet[Any]:
    """Norms issued by the last day and not ceased before the first."""
    return _within(NormTally.objects.filter(issued_on__lte=ask.last, ceased_on__gte=ask.first), ask)


def _norm_groups(ask: Ask, *keys: str) -> QuerySet[Any, Any]:
    counts = {column: Count("id", filter=_condition(column, ask)) for column in _COLUMNS}
    return _norms(ask).order_by().values(*keys, "kind").annotate(**counts)


def _norm_cells(groups: Iterable[dict[str, Any]]) -> dict[str, int]:
    return {f"t2.{group['kind']}.{column}": group[column] for group in groups for column in _COLUMNS}


def count_norms(ask: Ask) -> dict[str, int]:
    """Norms of table two, in one query."""
    return _norm_cells(_norm_groups(ask))


def count_norms_by_body(ask: Ask) -> dict[str, dict[str, int]]:
    """The same for every body, in one query; keyed by the body's key."""
    result: dict[str, dict[str, int]] = {}
    for group in _norm_groups(ask, "body_id"):
        result.setdefault(group["body_id"], {}).update(_norm_cells([group]))
    return result


def norm_rows(ask: Ask, figure: str) -> QuerySet[Norm]:
    """The norms one figure counts."""
    _, kind, column = figure.split(".")
    counted = _norms(ask).filter(_condition(column, ask), kind=kind)
    found = Norm.objects.select_related("body").filter(key__in=counted.values("subject"))
    return found.order_by("issued_on", "key")


def count_norms_by_month(ask: Ask) -> dict[str, dict[int, dict[str, int]]]:
    """Norms issued in each month, for every body, in one query."""
    issued = _norms(ask).filter(_condition("issued", ask)).order_by()
    counts = issued.values_list("body_id", ExtractMonth("issued_on"), "kind").annotate(number=Count("id"))
    return by_month((body, month, f"t2.{kind}.issued", number) for body, month, kind, number in counts)


NORMS = register(
    Family("norms.table2", _norm_figures(), count_norms, norm_rows, count_norms_by_body, count_norms_by_month)
)

#: What the narrative says, each the same as a cell of table two.
_TOLD = {
    "regulations_published": (f"t2.{REGULATION}.issued", "公开规章"),
    "normative_documents_published": (f"t2.{NORMATIVE}.issued", "公开行政规范性文件"),
    "regulations_in_force": (f"t2.{REGULATION}.in_force", "现行有效规章"),
}


def _narrate(cells: dict[str, int]) -> dict[str, int]:
    return {name: cells.get(cell, 0) for name, (cell, _) in _TOLD.items()}


def _told_figures() -> tuple[Figure, ...]:
    definitions = {figure.id: figure.definition for figure in NORMS.figures}
    return tuple(Figure(name, label, "件", definitions[cell]) for name, (cell, label) in _TOLD.items())


register(
    Family(
        "norms.narrative",
        _told_figures(),
        lambda ask: _narrate(count_norms(ask)),
        lambda ask, figure: norm_rows(ask, _TOLD[figure][0]),
        lambda ask: {body: _narrate(cells) for body, cells in count_norms_by_body(ask).items()},
    )
)

TWO_LEVELS = "normative_documents_in_force_two_levels"


def _both_levels(ask: Ask) -> QuerySet[Any]:
    """Normative documents in force on the last day, of the governments asked for and the districts below them."""
    wide = replace(ask, bodies=two_levels(ask.bodies))
    return _norms(wide).filter(_condition("in_force", wide), kind=NORMATIVE)


def _two_level_rows(ask: Ask, figure: str) -> QuerySet[Norm]:
    found = Norm.objects.select_related("body").filter(key__in=_both_levels(ask).values("subject"))
    return found.order_by("issued_on", "key")


register(
    Family(
        "norms.two_levels",
        (
            Figure(
                TWO_LEVELS, "市、区县两级现行有效行政规范性文件", "件",
                "截止日已公布且未废止、失效的行政规范性文件，计市政府及其办公厅、各区县政府及其办公室制发的，不含部门和乡镇。单位：件。",
                sums=False,
            ),
        ),
        lambda ask: {TWO_LEVELS: _both_levels(ask).count()},
        _two_level_rows,
        lambda ask: {body: {TWO_LEVELS: number} for body, number in
                     _both_levels(ask).order_by().values_list("body_id").annotate(number=Count("id"))},
    )
)  # fmt: skip

_ITEMS = {LICENCE: "五", PENALTY: "六", COERCION: "六", FEE: "八"}
_ENTRY_ID = {register_: f"t2.{register_}.{'amount' if register_ == FEE else 'decisions'}" for register_, _ in REGISTERS}


def _entry_figure(register_: str, name: str) -> Figure:
    article = f"条例第二十条第{_ITEMS[register_]}项"
    if register_ == FEE:
        definition = f"收取日期在本年度的{name}金额合计（{article}）。单位：万元。"
        return Figure(_ENTRY_ID[register_], f"{name}：本年收费金额", "万元", definition)
    definition = f"决定日期在本年度的{name}处理决定数量合计（{article}）。单位：件。"
    return Figure(_ENTRY_ID[register_], f"{name}：本年处理决定数量", "件", definition)


def ten_thousand_yuan(fen: int) -> int | Decimal:
    """An amount in 分 as 万元, exact; an int when whole."""
    whole, rest = divmod(fen, FEN_IN_TEN_THOUSAND_YUAN)
    return (Decimal(fen) / FEN_IN_TEN_THOUSAND_YUAN).normalize() if rest else whole


def _entries(ask: Ask) -> QuerySet[Any]:
    return _within(EntryTally.objects.filter(decided_on__range=(ask.first, ask.last)), ask)


def _entry_groups(ask: Ask, *keys: str) -> QuerySet[Any, Any]:
    return _entries(ask).order_by().values(*keys, "register").annotate(numbers=Sum("number"), money=Sum("fen"))


def _entry_cells(groups: Iterable[dict[str, Any]]) -> dict[str, int | Decimal]:
    return {
        _ENTRY_ID[group["register"]]: (
            ten_thousand_yuan(int(group["money"])) if group["register"] == FEE else int(group["numbers"])
        )
        for group in groups
    }


def count_entries(ask: Ask) -> dict[str, int | Decimal]:
    """Registers of table two, in one query."""
    return _entry_cells(_entry_groups(ask))


def count_entries_by_body(ask: Ask) -> dict[str, dict[str, int | Decimal]]:
    """The same for every body, in one query; keyed by the body's key."""
    result: dict[str, dict[str, int | Decimal]] = {}
    for group in _entry_groups(ask, "body_id"):
        result.setdefault(group["body_id"], {}).update(_entry_cells([group]))
    return result


def entry_rows(ask: Ask, figure: str) -> QuerySet[Entry]:
    """The entries one figure adds up."""
    counted = _entries(ask).filter(register=figure.split(".")[1])
    found = Entry.objects.select_related("body").filter(key__in=counted.values("subject"))
    return found.order_by("decided_on", "key")


REGISTER_FIGURES = register(
    Family(
        "norms.registers",
        tuple(_entry_figure(*entry) for entry in REGISTERS),
        count_entries,
        entry_rows,
        count_entries_by_body,
    )
)
