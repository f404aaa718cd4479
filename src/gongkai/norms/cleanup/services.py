"""Commands on clean-ups: the only writers. Each is one transaction and may carry a key."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.ledger import blobs, clock
from gongkai.ledger.services import Actor, Done, act, next_number, replay, used
from gongkai.ledger.steps import Step, act_many
from gongkai.organs.models import Body
from gongkai.procedure import Invalid, Refused, Situation

from .. import numbering
from ..models import Norm
from ..queries import bodies_of, in_force
from . import events
from .procedure import AMEND, CLEANUP, LAPSE, REPEAL
from .result import result_text


def start(
    event: str, body: Body, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Begin a clean-up (``open``) or a package decision (``compose``) of ``body``. Raises ``Invalid``, ``Refused``."""
    on = day or clock.today()
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        subject = f"{body.key}-cleanup-{on.year}-{next_number(f'cleanup/{body.key}/{on.year}'):03d}"
        return act(
            "cleanup", subject, event, actor, day=on, data=data, system_data={"body": body.key}, key=key, opening=True
        )


def do(
    subject: str,
    event: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Make any later event of a clean-up; ``publish`` changes every norm it decides on, in the same transaction.

    Raises ``Invalid``, ``Refused`` (``ledger.steps.ManyRefused`` with every norm that cannot be changed), ``Conflict``.
    """
    on, told = day or clock.today(), dict(data or {})
    if event == "publish":
        return _publish(subject, actor, told, on, key)
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        system: dict[str, Any] = {}
        if event in {"draw", "include", "assign"}:
            one = _standing(subject)
            CLEANUP.may(one.state, event, Situation(one, actor.key, actor.roles, on))
            system = {"draw": _draw, "include": _include, "assign": _assign}[event](one, told, on)
        return act("cleanup", subject, event, actor, day=on, data=told, system_data=system, key=key)


def decide_for(
    subject: str,
    event: str,
    department: Body,
    actor: Actor,
    data: Mapping[str, Any],
    *,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """``decide`` or ``undecide`` by the unit responsible: only for the norms that are ``department``'s to decide on.

    ``actor`` has the roles held on the department. Raises as :func:`do`.
    """
    if event not in {"decide", "undecide"}:
        raise Refused("责任单位只能提出、撤回处理意见", kind="role")
    one = _standing(subject)
    items = data.get("items") or []
    others = [key for key in items if key in one.items and one.items[key].department != department.key]
    if others:
        raise Refused(f"{'、'.join(others[:5])} 不由{department.name}提出意见", kind="role")
    return do(subject, event, actor, data, day=day, key=key)


def _standing(subject: str) -> events.Cleanup:
    one: events.Cleanup | None = replay("cleanup", subject)
    if one is None:
        raise Refused("没有登记过这次清理")
    return one


def scope(one: events.Cleanup) -> Any:
    """The norms a clean-up is about: of its bodies, kinds and days of issue."""
    rows = Norm.objects.filter(body__in=bodies_of(Body.objects.get(key=one.body), one.reach).values("key"))
    if one.kind != "both":
        rows = rows.filter(kind=one.kind)
    if one.issued_from:
        rows = rows.filter(issued_on__gte=one.issued_from)
    return rows.filter(issued_on__lte=one.issued_to) if one.issued_to else rows


def _draw(one: events.Cleanup, data: dict[str, Any], day: date) -> dict[str, Any]:
    """Every norm of the scope in force on the day, each with the body that issued it."""
    rows = in_force(scope(one), day).order_by("issued_on", "key").values_list("key", "body_id")
    listed = [[key, body] for key, body in rows]
    if not listed:
        raise Refused("范围内没有现行有效的文件，请核对范围", kind="guard")
    return {"listed": listed}


def _include(one: events.Cleanup, data: dict[str, Any], day: date) -> dict[str, Any]:
    """Norms chosen by hand, by key or 文号; they must be the body's own or of a body below, and in force."""
    told = data.get("items") or []
    wanted = [
        part.strip()
        for part in (told if isinstance(told, list) else re.split(r"[、，,；;\s]+", str(told)))
        if part.strip()
    ]
    rows = in_force(Norm.objects.filter(body__in=bodies_of(Body.objects.get(key=one.body), "all").values("key")), day)
    found: dict[str, tuple[str, str]] = {}
    for name in ("key", "document_number"):
        known = rows.filter(**{f"{name}__in": [_number(part) for part in wanted] if name != "key" else wanted})
        found.update({getattr(norm, name): (norm.key, norm.body_id) for norm in known})
    if missing := [part for part in wanted if part not in found and _number(part) not in found]:
        said = "、".join(missing[:5])
        raise Invalid([("items", f"{said} 不是本机关及下级现行有效的文件，请核对文号或登记编号")])
    listed = dict.fromkeys(found.get(part) or found[_number(part)] for part in wanted)
    data["items"] = [key for key, _ in listed]
    return {"listed": [list(pair) for pair in listed]}


def _number(written: str) -> str:
    """A 文号 in its one form; what is none stays."""
    try:
        return numbering.normal(written)
    except Invalid:
        return written


def _assign(one: events.Cleanup, data: dict[str, Any], day: date) -> dict[str, Any]:
    if not Body.objects.filter(key=data.get("department", "")).exists():
        raise Invalid([("department", f"没有标识为“{data.get('department', '')}”的机关，请核对")])
    return {}


def _publish(subject: str, actor: Actor, data: dict[str, Any], day: date, key: str | None) -> Done:
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        one = _standing(subject)
        CLEANUP.may(one.state, "publish", Situation(one, actor.key, actor.roles, day))
        told = numbering.settled(data)
        since = told.get("from_on") or day.isoformat()
        standing = set(in_force(Norm.objects.filter(key__in=list(one.items)), day).values_list("key", flat=True))
        passed = [item for item in one.items if item not in standing]
        text = result_text(one, told, passed, day)
        system = {"record": blobs.put(text.encode()), "passed": passed}
        done = act("cleanup", subject, "publish", actor, day=day, data=told, system_data=system, key=key)
        by = f"{told.get('title', '')}（{told.get('document_number', '')}）"
        steps = [
            Step(norm, item.decision, {"by": by, "from_on": since}, {"decision": subject}, f"{subject}/{norm}"[:120])
            for norm, item in one.items.items()
            if item.decision in {AMEND, REPEAL, LAPSE} and norm in standing
        ]
        act_many("norm", steps, actor, day=day)
        return done
