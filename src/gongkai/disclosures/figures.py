"""The figures of the disclosure log and of Art 44. They stand beside the statutory tables and are no part of them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet

from gongkai.figure import Ask, Family, Figure, register
from gongkai.ledger.tally import known

from .models import Item, ItemTally, Proposal, ProposalTally


def _items(ask: Ask) -> QuerySet[ItemTally]:
    rows = known(ItemTally.objects.all(), ask.known_at).filter(published_on__range=(ask.first, ask.last))
    return rows if ask.bodies is None else rows.filter(body__in=ask.bodies.values("key"))


def count_items(ask: Ask) -> dict[str, int]:
    """Items published in the period, in one query."""
    return {"disclosure_log_items": _items(ask).count()}


def count_items_by_body(ask: Ask) -> dict[str, dict[str, int]]:
    """The same for every body that published one."""
    groups = _items(ask).order_by().values("body_id").annotate(number=Count("id"))
    return {group["body_id"]: {"disclosure_log_items": group["number"]} for group in groups}


def item_rows(ask: Ask, figure: str) -> QuerySet[Item]:
    """The items counted, oldest first."""
    found = Item.objects.select_related("body").filter(key__in=_items(ask).values("subject"))
    return found.order_by("published_on", "key")


register(
    Family(
        "disclosures.log",
        (
            Figure(
                "disclosure_log_items",
                "公开到依申请公开信息目录",
                "条",
                "首次公开之日在本期的依申请公开信息目录条目，公开后又撤下的也计入。单位：条。",
            ),
        ),
        count_items,
        item_rows,
        count_items_by_body,
    )
)

_RAISED, _ACCEPTED = "art44_raised", "art44_accepted"


def _proposals(ask: Ask) -> QuerySet[ProposalTally]:
    rows = known(ProposalTally.objects.all(), ask.known_at)
    return rows if ask.bodies is None else rows.filter(body__in=ask.bodies.values("key"))


def _in_period(ask: Ask) -> dict[str, Q]:
    period = (ask.first, ask.last)
    return {_RAISED: Q(raised_on__range=period), _ACCEPTED: Q(accepted_on__range=period)}


def _counts(ask: Ask) -> Mapping[str, Any]:
    return {name: Count("id", filter=condition) for name, condition in _in_period(ask).items()}


def count_proposals(ask: Ask) -> dict[str, int]:
    """Proposals raised and accepted in the period, in one query."""
    return _proposals(ask).aggregate(**_counts(ask))


def count_proposals_by_body(ask: Ask) -> dict[str, dict[str, int]]:
    """The same for every body that has proposals."""
    groups = _proposals(ask).order_by().values("body_id").annotate(**_counts(ask))
    return {group["body_id"]: {name: group[name] for name in (_RAISED, _ACCEPTED)} for group in groups}


def proposal_rows(ask: Ask, figure: str) -> QuerySet[Proposal]:
    """The proposals one figure counts, oldest first."""
    counted = _proposals(ask).filter(_in_period(ask)[figure])
    found = Proposal.objects.select_related("body").filter(key__in=counted.values("subject"))
    return found.order_by("raised_on", "key")


register(
    Family(
        "disclosures.art44",
        (
            Figure(
                _RAISED,
                "转主动公开建议",
                "项",
                "本期提出的转主动公开建议（条例第四十四条）：多个申请人就相同信息提出申请的，以及申请人建议的。单位：项。",
            ),
            Figure(_ACCEPTED, "纳入主动公开", "项", "本期研究决定纳入主动公开的建议（条例第四十四条）。单位：项。"),
        ),
        count_proposals,
        proposal_rows,
        count_proposals_by_body,
    )
)
