"""Several people asking one body for the same thing (Art 44 para 1): found by the marks of ``requests.similar``.

Two requests ask for the same thing when their titles are nearly equal, or their whole text is the same; two applicants
are one when they share an identity number or a telephone number. Only keyed hashes are compared, nothing is opened.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from gongkai.requests import similar
from gongkai.requests.models import Mark, Request

from .procedure import PART, WHOLE

#: Decisions that do not say the information cannot be published.
OPEN = ("", WHOLE, PART)


def alike(row: Request) -> list[Request]:
    """The requests of the same body for the same thing within the period before, oldest first, this one among them.

    Void ones are left out, and those whose decision says that the information cannot be disclosed.
    """
    if row.received_on is None:
        return []
    since = row.received_on - timedelta(days=settings.ART44_DAYS)
    own = Mark.objects.filter(subject=row.key, kind__in=(similar.BAND, similar.TEXT)).values_list("kind", "mark")
    texts = {mark for kind, mark in own if kind == similar.TEXT}
    bands = {mark for kind, mark in own if kind == similar.BAND}
    same = set(Mark.objects.filter(mark__in=texts, kind=similar.TEXT).values_list("subject", flat=True))
    near = Mark.objects.filter(mark__in=bands, kind=similar.BAND).values("subject")
    rows = Request.objects.filter(Q(key__in=near) | Q(key__in=same), body=row.body_id, leaf__in=OPEN)
    rows = rows.filter(received_on__range=(since, row.received_on)).exclude(state="void")
    return [
        one
        for one in rows.order_by("received_on", "key")
        if one.key in same or one.key == row.key or similar.likeness(row.title, one.title) >= similar.ALIKE
    ]


def applicants(rows: Iterable[Request]) -> int:
    """How many different applicants made these requests."""
    keys = [row.key for row in rows]
    kinds = (similar.IDENTITY, similar.PHONE)
    marks = Mark.objects.filter(subject__in=keys, kind__in=kinds).values_list("subject", "kind", "mark")
    leader = {key: key for key in keys}

    def find(key: str) -> str:
        while leader[key] != key:
            key = leader[key]
        return key

    seen: dict[tuple[str, str], str] = {}
    for subject, kind, mark in marks:
        first = seen.setdefault((kind, mark), subject)
        leader[find(subject)] = find(first)
    return len({find(key) for key in keys})


def enough(rows: Iterable[Request]) -> bool:
    """Whether so many applicants asked that a proposal is due (setting ``ART44_APPLICANTS``)."""
    return applicants(rows) >= settings.ART44_APPLICANTS
