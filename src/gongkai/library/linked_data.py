"""A record for machines that read pages: schema.org JSON-LD, ``Legislation`` for what has the force of rules."""

from typing import Any

import orjson
from django.utils.safestring import SafeString, mark_safe

from gongkai.ledger import clock
from gongkai.ledger.tally import OPEN

from . import showing
from .queries import Sight
from .validity import Status

#: Kinds that schema.org calls Legislation; all others are a DigitalDocument.
LEGISLATION = {"law", "regulation", "normative_document"}
_FORCE = {
    Status.IN_FORCE: "InForce", Status.AMENDED: "InForce", Status.EXPIRING: "InForce", Status.PENDING: "NotInForce",
    Status.EXPIRED: "NotInForce", Status.LAPSED: "NotInForce", Status.REPEALED: "NotInForce",
}  # fmt: skip
#: Our verbs, as seen from the acting record, in the vocabulary's.
_VERBS = {"修改": "legislationChanges", "废止": "legislationRepeals"}


def describe(sight: Sight, site: str) -> dict[str, Any]:
    """The description of a record; unknown properties are left out. ``site`` is what addresses begin with."""
    record = sight.record
    url = site + showing.address(record.key)
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@id": url,
        "url": url,
        "name": record.title,
        "identifier": [number for number in (record.index_number, record.document_number) if number],
        "inLanguage": "zh-CN",
        "publisher": {"@type": "GovernmentOrganization", "name": record.body.name},
        "datePublished": _iso(record.published_on),
        "dateCreated": _iso(record.written_on),
        "about": record.theme,
        "isAccessibleForFree": True,
    }
    issuing = [{"@type": "GovernmentOrganization", "name": name} for name in sight.issuers]
    if record.kind not in LEGISLATION:
        return _known(made | {"@type": "DigitalDocument", "author": issuing})
    found = showing.status_of(sight, clock.today())
    own = made | {
        "@type": "Legislation",
        "legislationIdentifier": record.document_number,
        "legislationPassedBy": issuing,
        "legislationDate": _iso(record.written_on),
        "legislationDateOfApplicability": _iso(record.effective_on),
        "legislationLegalForce": f"https://schema.org/{_FORCE[found]}" if found in _FORCE else "",
        "temporalCoverage": _coverage(sight),
    }
    for one in sight.related:
        if one.key and one.words in _VERBS:
            target = site + showing.address(one.key)
            own.setdefault(_VERBS[one.words], []).append({"@type": "Legislation", "@id": target, "name": one.title})
    return _known(own)


def _coverage(sight: Sight) -> str:
    record = sight.record
    if not record.effective_on:
        return ""
    return f"{record.effective_on.isoformat()}/{'..' if record.ceased_on == OPEN else record.ceased_on.isoformat()}"


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""


def _known(made: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in made.items() if value not in ("", [], None)}


def script(sight: Sight, site: str) -> SafeString:
    """The description for the inside of a ``<script>``: nothing in it can end the element."""
    text = orjson.dumps(describe(sight, site)).decode()
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(text)
