"""Commands on requests: the only writers. Each is one transaction and takes an optional idempotency key."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.law.receipt import RULES, Channel, ReceiptDay
from gongkai.ledger import clock, vault
from gongkai.ledger.services import Actor, Done, act, next_number, replay
from gongkai.ledger.services import used as command_used
from gongkai.organs.models import Body
from gongkai.procedure import Invalid, Refused, Situation

from . import editions, similar
from .models import Request
from .procedure import OWN_PAGES, PROCEDURE

KIND = "request"
#: Channels whose receipt day is the day both sides confirm.
WAITING = {channel.value for channel in Channel if RULES[channel].counts is ReceiptDay.CONFIRMED}


#: The applicant at the public site or the API; who it is stands in the vault.
APPLICANT = Actor("applicant", frozenset({"applicant"}))
#: Letters and digits nobody mistakes for each other when reading them out.
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_code() -> str:
    """A query code: ten characters, about 49 bits, shown on the receipt and needed with the number to see the case."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(10))


def code_key(subject: str) -> str:
    """Where the vault keeps a request's query code."""
    return f"{KIND}/{subject}/code"


def receive(
    body: Body,
    actor: Actor,
    data: Mapping[str, Any],
    *,
    day: date | None = None,
    key: str | None = None,
    attached: Sequence[Mapping[str, Any]] = (),
    code: str = "",
    application: str = "",
    place: str = "",
) -> Done:
    """Enter a request that reached ``body`` on the legal ``day``; gives it the next register number of the year.

    The channel decides which event it is: received at once, or awaiting the confirmation of both sides (Art 31).
    ``attached`` are stored files as :func:`gongkai.ledger.attachments.keep` describes them,
    ``code`` the query code (a new one unless given), ``application`` the number of the request this one was split from,
    ``place`` the zone 政务公开专区 where it was handed in.
    Raises ``procedure.Invalid``, ``procedure.Refused``.
    """
    on = day or clock.today()
    waits = str(data.get("channel", "")) in WAITING
    with transaction.atomic():
        count = next_number(f"{KIND}/{body.key}/{on.year}")
        issued = {"body": body.key, "number": f"{body.document_code or body.short_name}依申〔{on.year}〕{count}号"}
        subject = f"{body.key}-{on.year}-{count:05d}"
        vault.put(code_key(subject), {"query_code": code or new_code()})
        event = "submit" if waits else "register"
        told = issued | _attachments(attached) | editions.record(event)
        told |= {"application": application} if application else {}
        told |= {"place": place} if place else {}
        done = act(KIND, subject, event, actor, day=on, data=data, system_data=told, key=key, opening=True)
        if done.repeated:
            transaction.set_rollback(True)  # gives the number back, also when two tries ran side by side
        else:
            similar.remember(subject, body.key, data)
        return done


def _attachments(attached: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"attachments": [dict(one) for one in attached]} if attached else {}


def do(
    subject: str,
    event: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    key: str | None = None,
    attached: Sequence[Mapping[str, Any]] = (),
) -> Done:
    """Make any later event of a request; signing gives the decision its 文号.

    Raises ``procedure.Invalid``, ``procedure.Refused``, ``ledger.services.Conflict``.
    """
    if event in OWN_PAGES:
        _refuse_form(subject, event, actor, day)
    told = _attachments(attached) | editions.record(event)
    if event == "notice_fee":
        data = {**(data or {}), "before": str(similar.items_before(Request.objects.get(key=subject)))}
    if event != "sign":
        return act(KIND, subject, event, actor, day=day, data=data, system_data=told, key=key)
    on = day or clock.today()
    with transaction.atomic():
        if key and (done := command_used(key)):
            return done
        body = Body.objects.get(key=subject.rsplit("-", 2)[0])
        count = next_number(f"decision/{body.key}/{on.year}")
        issued = {"document_number": f"{body.document_code or body.short_name}公复〔{on.year}〕{count}号"}
        done = act(KIND, subject, event, actor, day=on, data=data, system_data=issued | told, key=key)
        if done.repeated:
            transaction.set_rollback(True)  # gives the number back
            return done
        if not (body.address and body.phone):
            raise Refused(f"答复书须写明联系方式：请先在机关资料中登记{body.name}的地址和电话", kind="guard")
        return done


def _refuse_form(subject: str, event: str, actor: Actor, day: date | None) -> None:
    """A form alone cannot make these events. Raises ``procedure.Refused``: state and role first."""
    case = replay(KIND, subject)
    if actor.roles.intersection(PROCEDURE.move(case.state, event).roles):
        page = {"redaction": "区分处理", "retention": "保管期限"}[OWN_PAGES[event]]
        raise Refused(f"请在“{page}”页面办理", kind="guard")
    PROCEDURE.check(case.state, event, Situation(case, actor.key, actor.roles, day or clock.today()))


def split(
    subject: str,
    items: Sequence[str],
    actor: Actor,
    reason: str,
    *,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Make several requests of one application: the first item stays in this case, each other gets its own.

    ``items`` are the titles. The new cases have the applicant, channel and receipt day of this one, numbers of their
    own and its number as their ``application``. Raises ``procedure.Invalid`` (field ``items``), ``procedure.Refused``.
    """
    titles = [line.strip() for line in items if line.strip()]
    if len(titles) < 2:
        raise Invalid([("items", "请至少写两项，每行一项")])
    with transaction.atomic():
        if key and (done := command_used(key)):
            return done
        case = replay(KIND, subject)
        body = Body.objects.get(key=case.body)
        PROCEDURE.check(case.state, "split", Situation(case, actor.key, actor.roles, day or clock.today()))
        personal = vault.peek(case.personal)
        kept = {
            name: getattr(case, name) for name in ("channel", "category", "form", "delivery") if getattr(case, name)
        }
        parts = []
        for title in titles[1:]:
            data = personal | kept | {"title": title, "content": title}
            made = receive(body, actor, data, day=case.received_on, application=case.number).event.subject
            if case.channel in WAITING:
                do(made, "confirm", actor, {"how": f"随 {case.number} 申请确认"}, day=case.received_on)
            parts.append(replay(KIND, made).number)
        told = {"parts": parts, "title": titles[0]}
        return act(KIND, subject, "split", actor, day=day, data={"reason": reason}, system_data=told, key=key)
