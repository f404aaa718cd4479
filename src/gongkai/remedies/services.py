"""Commands on reviews, suits and complaints: the only writers. Each is one transaction and may carry a key."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.ledger import clock
from gongkai.ledger.services import Actor, Done, act, next_number, replay
from gongkai.organs.models import Body
from gongkai.procedure import Invalid

from .procedure import LAWSUIT

#: The word in a case's number, and the event that opens it.
OPENING = {
    "reconsideration": ("复议", "file"),
    "lawsuit": ("应诉", "file"),
    "complaint": ("投诉", "receive"),
}
#: Lines that tell followers (``requests``) which request a result is about.
_TELLING = {"conclude", "rectify", "withdraw_appeal"}


def file_reconsideration(
    body: Body, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Enter a 行政复议 against ``body``, filed on the legal ``day``. Raises ``Invalid``, ``Refused``."""
    return _open("reconsideration", body, actor, data, day, key)


def file_lawsuit(
    body: Body, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Enter a 行政诉讼 against ``body``; a suit after review takes over the request of the review it names.

    Raises ``procedure.Invalid`` (also for a review nobody registered), ``procedure.Refused``.
    """
    named = str(data.get("reconsideration") or "").strip()
    if named:
        review = replay("reconsideration", named)
        if review is None or review.body != body.key:
            message = f"本机关没有编为“{named}”的复议案件；不在本系统的，请改填复议决定书文号"
            raise Invalid([("reconsideration", message)])
        if not data.get("request"):
            data = {**data, "request": review.request}
    return _open("lawsuit", body, actor, data, day, key)


def receive_complaint(
    body: Body, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Enter a 投诉举报 that reached ``body`` as competent office (Art 47) or superior (Art 51)."""
    return _open("complaint", body, actor, data, day, key)


def _open(kind: str, body: Body, actor: Actor, data: Mapping[str, Any], day: date | None, key: str | None) -> Done:
    on, (word, event) = day or clock.today(), OPENING[kind]
    with transaction.atomic():
        count = next_number(f"{kind}/{body.key}/{on.year}")
        number = f"{body.document_code or body.short_name}{word}〔{on.year}〕{count}号"
        subject = f"{body.key}-{on.year}-{count:05d}"
        done = act(
            kind, subject, event, actor, day=on, data=data, system_data={"body": body.key, "number": number}, key=key
        )
        if done.repeated:
            transaction.set_rollback(True)  # gives the number back
        return done


def do(
    kind: str,
    subject: str,
    event: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Make any later event of a case of this kind.

    Lines that fix a result carry the result and the request's key, so that ``requests`` can make a corrected
    decision anew. Raises ``procedure.Invalid``, ``procedure.Refused``, ``ledger.services.Conflict``.
    """
    return act(kind, subject, event, actor, day=day, data=data, system_data=_told(kind, subject, event), key=key)


def _told(kind: str, subject: str, event: str) -> dict[str, str]:
    if event not in _TELLING or (case := replay(kind, subject)) is None:
        return {}
    told = {"request": case.request}
    standing = case.endings[-1].result if case.endings else ""
    if kind == LAWSUIT.name and (event == "withdraw_appeal" or (event == "conclude" and case.state == "judged")):
        told["result"] = standing  # the judgment of first instance takes effect
    return told
