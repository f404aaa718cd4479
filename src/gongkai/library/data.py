"""A record as plain data: what ``.json``, the API and the bulk download say, in the same words."""

from datetime import date
from typing import Any

from django.urls import reverse

from gongkai.law.attributes import Attribute
from gongkai.law.categories import CATEGORIES
from gongkai.ledger import clock
from gongkai.ledger.tally import OPEN
from gongkai.records import kinds
from gongkai.records.models import Record

from . import queries, showing
from .validity import status


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day and day != OPEN else None


def summary(record: Record, site: str = "") -> dict[str, Any]:
    """What is known of a record without its text; unknown things are null. ``site`` is what addresses begin with."""
    found = status(record, clock.today())
    category = CATEGORIES.get(record.category)
    return {
        "key": record.key,
        "url": site + showing.address(record.key),
        "title": record.title,
        "kind": record.kind,
        "kind_label": kinds.label(record.kind),
        "body": record.body_id,
        "body_name": record.body.name,
        "bodies": record.bodies,
        "issuer": record.issuer or None,
        "document_number": record.document_number or None,
        "register_number": record.register_number or None,
        "index_number": record.index_number or None,
        "theme": record.theme or None,
        "category": record.category or None,
        "category_label": category.label if category else None,
        "audience": record.audience,
        "attribute": record.attribute or None,
        "attribute_label": Attribute(record.attribute).label if record.attribute else None,
        "written_on": _iso(record.written_on),
        "published_on": _iso(record.published_on),
        "effective_on": _iso(record.effective_on),
        "valid_until": _iso(record.valid_until),
        "ceased_on": _iso(record.ceased_on),
        "validity": found.value or None,
        "validity_label": found.label or None,
        "ended_by": record.ended_by or None,
        "text_sha256": record.text or None,
        "data": record.data,
        "attachments": [
            {
                "name": one["name"],
                "type": one.get("type"),
                "size": one.get("size"),
                "sha256": one["digest"],
                "url": site + reverse("portal:library:attachment", args=[record.key, place]),
            }
            for place, one in enumerate(record.attachments, 1)
            if one.get("digest")
        ],
    }


def whole(sight: queries.Sight, site: str = "") -> dict[str, Any]:
    """Everything: the summary with text, versions, relations, citations and what cites it."""
    record = sight.record
    page = site + showing.address(record.key)
    return summary(record, site) | {
        "text": queries.text_of(record.text),
        "versions": [
            {"number": v.number, "since": v.since.isoformat(), "by": v.by or None, "sha256": v.text,
             "url": site + showing.address(record.key, v.since)}
            for v in sight.versions
        ],
        "relations": [
            {"relation": one.words, "title": one.title, "key": one.key or None, "since": _iso(one.since)}
            for one in sight.related
        ],
        "citations": [
            {"start": one.start, "end": one.end, "words": one.words, "anchor": one.anchor or None,
             "key": one.target if one.target in sight.titles or one.target == record.key else None,
             "as_of": _iso(one.as_of)}
            for one in sight.citations
        ],
        "cited_by": [{"key": key, "title": title} for key, title in sight.cited_by],
        "formats": {name: page[:-1] + f".{name}" for name in ("txt", "docx", "pdf")},
    }  # fmt: skip
