"""How items and proposals become their list rows, and a published item a record of the library."""

from typing import Any

from gongkai.ledger.subjects import Subject, register
from gongkai.records import shelf
from gongkai.records.models import Record

from . import events, models
from .procedure import ITEM, PROPOSAL

#: The kind its records have in the library.
RECORD_KIND = "disclosed"


def project_item(key: str, item: events.Item) -> None:
    """Write the desk's row, and once it has been published the library's."""
    row: dict[str, Any] = {
        "number": item.number,
        "body_id": item.body,
        "request": item.request,
        "title": item.draft.title,
        "outcome": item.outcome,
        "state": item.state,
        "proposed_on": item.on,
        "published_on": item.published_on,
        "withdrawn_on": item.withdrawn_on,
    }
    standing = models.Item.objects.filter(pk=key)
    later = {name: value for name, value in row.items() if name != "proposed_on"}
    if not standing.update(**later):
        standing.create(pk=key, **row)
    if item.shown is not None:
        _shelve(key, item, item.shown)


def _shelve(key: str, item: events.Item, shown: events.Copy) -> None:
    shelf.put(
        key,
        {
            "subject_kind": ITEM.name,
            "kind": RECORD_KIND,
            "state": item.state,
            "body_id": item.body,
            "bodies": [item.body],
            "title": shown.title,
            "written_on": item.decided_on,
            "published_on": item.published_on,
            "withdrawn_on": item.withdrawn_on,
            "withdrawn_why": item.withdrawn_why,
            "text": item.text,
            "attachments": [dict(one) for one in item.files],
            "data": {"asked": shown.asked, "answer": shown.answer, "outcome": item.outcome},
            "public": item.public,
        },
        texts=[shelf.Text(since, digest) for since, digest in item.texts],
    )


def project_proposal(key: str, proposal: events.Proposal) -> None:
    """Write the row of a proposal and of every request it rests on."""
    row: dict[str, Any] = {
        "number": proposal.number,
        "body_id": proposal.body,
        "title": proposal.title,
        "state": proposal.state,
        "count": len(proposal.requests),
        "suggested": len(proposal.suggested_by),
        "raised_on": proposal.raised_on,
        "accepted_on": proposal.accepted_on,
        "ended_on": proposal.published_on or proposal.declined_on,
        "record": proposal.record,
    }
    models.Proposal.objects.bulk_create(
        [models.Proposal(key=key, **row)], update_conflicts=True, unique_fields=["key"], update_fields=list(row)
    )
    bases = [
        models.Basis(proposal_id=key, request=request, suggested=request in proposal.suggested_by)
        for request in proposal.requests
    ]
    models.Basis.objects.bulk_create(
        bases, update_conflicts=True, unique_fields=["proposal", "request"], update_fields=["suggested"]
    )


SUBJECT = register(
    Subject(
        ITEM.name, ITEM.label, ITEM, events.Item(), events.step_item, project_item,
        (models.Item, Record), models.ItemTally, events.item_facts,
    )
)  # fmt: skip
PROPOSAL_SUBJECT = register(
    Subject(
        PROPOSAL.name, PROPOSAL.label, PROPOSAL, events.Proposal(), events.step_proposal, project_proposal,
        (models.Basis, models.Proposal), models.ProposalTally, events.proposal_facts,
    )
)  # fmt: skip
