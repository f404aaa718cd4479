"""Commands on norms and registers: the only writers. Each is one transaction and may carry a key."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.ledger import clock
from gongkai.ledger.bulk import Opening, open_many, used_keys
from gongkai.ledger.services import SYSTEM, Actor, Conflict, Done, act, next_number, replay, used
from gongkai.ledger.steps import Step, act_many
from gongkai.organs.models import Body
from gongkai.procedure import Invalid, Refused, Situation

from . import events, numbering, packs, texts
from .models import Norm
from .procedure import NORM, REGULATION
from .queries import expired_unrecorded

#: Bodies with no power to make 规章 (立法法 Arts 91, 93).
NO_REGULATIONS = {Body.Kind.DISTRICT, Body.Kind.TOWNSHIP}
#: Openings of what the public reads from the same moment on.
_PUBLIC_AT_ONCE = {"issue", "register_existing"}
#: What a decision does to the norms it names, and how the decision's own page says it.
ACTS = {"amend": "amends", "repeal": "repeals", "declare_lapsed": "declares_lapsed", "renew": "renews"}


def draft(
    body: Body, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Begin a norm of ``body``. Raises ``procedure.Invalid``, ``procedure.Refused``."""
    return _open_norm("draft", body, actor, data, day, key)


def issue(
    body: Body, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Enter a norm drafted elsewhere and issued on ``day``. Raises ``Invalid`` (also for a number already entered)."""
    return _open_norm("issue", body, actor, data, day, key)


def register_existing(
    body: Body, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Enter a norm issued earlier (``issued_on`` in the data) and still in force."""
    return _open_norm("register_existing", body, actor, data, day, key)


def register_many(
    body: Body,
    actor: Actor,
    rows: Sequence[Mapping[str, Any]],
    *,
    day: date | None = None,
    keys: Sequence[str] = (),
) -> int:
    """Enter many existing norms of one body, all or none; returns how many were new.

    Each row is the data of ``register_existing`` and may have a ``text`` (its SHA-256, stored before). ``keys`` (one for
    each row) make every row once only. Raises ``Invalid`` (numbers entered before, with their rows, from 1), ``Refused``.
    """
    on = day or clock.today()
    with transaction.atomic():
        before = used_keys(keys)
        fresh = [(n, row) for n, row in enumerate(rows) if not keys or keys[n] not in before]
        if not fresh:
            return 0
        told = [numbering.settled({k: v for k, v in row.items() if k != "text"}, as_written=True) for _, row in fresh]
        numbering.all_free(body.key, [(n + 1, one) for (n, _), one in zip(fresh, told, strict=True)])
        if body.kind in NO_REGULATIONS and any(one.get("kind") == REGULATION for one in told):
            raise Invalid([("kind", f"{body.name}无权制定规章，请核对类别")])
        first = next_number(f"norm/{body.key}/{on.year}", len(fresh))
        indexed = numbering.index_numbers(body, told, on)
        ready = [
            Opening(
                f"{body.key}-{on.year}-{first + m:05d}", told[m],
                {"body": body.key} | indexed[m] | ({"text": row["text"]} if row.get("text") else {}), on,
                keys[n] if keys else None,
            )
            for m, (n, row) in enumerate(fresh)
        ]  # fmt: skip
        return open_many("norm", "register_existing", ready, actor)


def enter(
    body: Body, actor: Actor, data: Mapping[str, Any], *, day: date | None = None, key: str | None = None
) -> Done:
    """Enter decisions or an amount into a register of ``body``."""
    return _open("register_entry", "enter", body, actor, data, day, key)


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
    """Make any later event of a norm or an entry. Raises ``Invalid``, ``Refused``, ``ledger.services.Conflict``."""
    prepare = _PREPARED.get(event) if kind == "norm" else None
    if prepare is None:
        return act(kind, subject, event, actor, day=day, data=data, key=key)
    with numbering.once(), transaction.atomic():
        if key and (done := used(key)):
            return done
        norm = replay(kind, subject)
        if norm is None:
            raise Refused("没有登记过这份文件")
        on = day or clock.today()
        # Whoever may not, or cannot now, is told so before the data are looked at.
        NORM.may(norm.state, event, Situation(norm, actor.key, actor.roles, on))
        told, system = prepare(norm, subject, dict(data or {}), on)
        done = act(kind, subject, event, actor, day=on, data=told, system_data=system, key=key)
        if event in ACTS and told.get("by_norm"):
            _say_both_ways(subject, event, told, done, actor, on)
        return done


def amend(
    subject: str,
    actor: Actor,
    data: Mapping[str, Any],
    amendments: Sequence[Any],
    *,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Record an amendment as data: ``amendments`` of :mod:`gongkai.text.versions`, applied to the text of the norm.

    Raises ``Invalid`` where they do not fit the text, ``Refused``, ``Conflict``.
    """
    return do("norm", subject, "amend", actor, {**data, "amendments": texts.as_data(amendments)}, day=day, key=key)


def change_many(
    subjects: Sequence[str],
    event: str,
    actor: Actor,
    data: Mapping[str, Any],
    *,
    day: date | None = None,
    key: str = "",
    decision: str = "",
) -> int:
    """One decision changes many norms (``event``: amend, repeal, declare_lapsed, renew): all or none, in one transaction.

    ``decision`` is the record of the decision in the library, where it has one. ``key`` makes it once for each norm.
    Returns how many were changed. Raises ``ledger.steps.ManyRefused`` with every refusal, ``Invalid``.
    """
    if event not in ACTS:
        raise ValueError(f"no decision on many norms: {event}")
    told = dict(data)
    by_norm = told.get("by_norm", "")
    on = day or clock.today()
    system = {"decision": decision} if decision else {}
    with transaction.atomic():
        steps = [Step(one, event, told, system, f"{key}/{one}"[:120] if key else None) for one in subjects]
        count = act_many("norm", steps, actor, day=on)
        if by_norm and count:
            _relate(by_norm, ACTS[event], subjects, told.get("from_on"), actor, on)
        return count


def expire_due(actor: Actor = SYSTEM, most: int = 500) -> int:
    """Record the end of norms whose validity is over (daily job); returns how many.

    The end itself came with the date; this only writes it down, once, each norm in its own transaction, so that a crash
    leaves some for the next round and none twice.
    """
    count = 0
    for subject in list(expired_unrecorded(Norm.objects.all(), clock.today()).values_list("key", flat=True)[:most]):
        try:
            act("norm", subject, "expire", actor)
        except (Refused, Conflict):
            continue  # somebody renewed or ended it in between
        count += 1
    return count


def _open_norm(
    event: str, body: Body, actor: Actor, data: Mapping[str, Any], day: date | None, key: str | None
) -> Done:
    if data.get("kind") == REGULATION and body.kind in NO_REGULATIONS:
        raise Invalid([("kind", f"{body.name}无权制定规章，请核对类别")])
    told = numbering.settled(data, as_written=event == "register_existing")
    return _open("norm", event, body, actor, told, day, key)


def _open(
    kind: str, event: str, body: Body, actor: Actor, data: Mapping[str, Any], day: date | None, key: str | None
) -> Done:
    on = day or clock.today()
    with numbering.once(), transaction.atomic():
        if key and (done := used(key)):
            return done
        if kind == "norm":
            numbering.free(body.key, data)
        count = next_number(f"{kind}/{body.key}/{on.year}")
        subject = f"{body.key}-{on.year}-{count:05d}"
        system = {"body": body.key} | (numbering.index_numbers(body, [data], on)[0] if event in _PUBLIC_AT_ONCE else {})
        return act(kind, subject, event, actor, day=on, data=data, system_data=system, key=key, opening=True)


def _register(
    norm: events.Norm, subject: str, data: dict[str, Any], day: date
) -> tuple[dict[str, Any], dict[str, Any]]:
    """统一登记编号: the 文号 in its one form, the next 登记号 of the body and year."""
    told = numbering.settled(data)
    numbering.free(norm.body, told, subject)
    if norm.state != "approved":
        return told, {}
    body = Body.objects.get(key=norm.body)
    return told, {"register_number": numbering.next_register_number(body, packs.pack_of(body), day.year)}


def _issue(norm: events.Norm, subject: str, data: dict[str, Any], day: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """Dates held against the local rules; the longest validity where the issuer says nothing and the rules compute it."""
    told = numbering.settled(data)
    numbering.free(norm.body, told, subject)
    body = Body.objects.get(key=norm.body)
    pack = packs.pack_of(body)
    system: dict[str, Any] = {"pack": pack.name} | numbering.index_numbers(body, [{}], day)[0]
    if days := pack.filing_days.get(norm.kind):
        system["filing_days"] = days
    if packs.governs(pack, norm.kind):
        effective, until = _days(told, day)
        implements = bool(told.get("implements"))
        if until is None and pack.compute and (last := pack.longest(norm.title, implements, effective)):
            until = last
            told["valid_until"] = last.isoformat()
        if faults := pack.faults(norm.title, implements, day, effective, until):
            raise Invalid(faults)
    return told, system


def _days(data: Mapping[str, Any], day: date) -> tuple[date, date | None]:
    """施行日期 and 有效期至 as typed. Raises ``Invalid``."""
    try:
        until = data.get("valid_until")
        return date.fromisoformat(data.get("effective_on") or day.isoformat()), date.fromisoformat(
            until
        ) if until else None
    except ValueError:
        raise Invalid([("effective_on", "日期应如 2021-03-12")]) from None


def _renew(norm: events.Norm, subject: str, data: dict[str, Any], day: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """A renewal gives at most the longest validity once more."""
    _, until = _days(data, day)
    pack = packs.pack_of(Body.objects.get(key=norm.body))
    if until and norm.valid_until and packs.governs(pack, norm.kind):
        most = pack.term(norm.title, False).most_years
        if most and until > packs.years_on(norm.valid_until, most):
            last = packs.years_on(norm.valid_until, most)
            raise Invalid([("valid_until", f"{pack.label}：每次延长不超过 {most} 年，最晚至 {last}")])
    _check_by_norm(norm, subject, data)
    return data, {}


def _consult(norm: events.Norm, subject: str, data: dict[str, Any], day: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """The draft is open to comment for as many days as the local rules ask."""
    _, until = _days({"valid_until": data.get("until")}, day)
    pack = packs.pack_of(Body.objects.get(key=norm.body))
    days = pack.comment_days.get(norm.kind, 0)
    if until and (until - day).days < days:
        raise Invalid([("until", f"{pack.label}：公开征求意见不少于 {days} 日")])
    return data, {}


def _text(norm: events.Norm, subject: str, data: dict[str, Any], day: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """The text goes to the store of files, the line gets its hash; texts amended since are made anew."""
    if not str(data.get("text") or "").strip():
        return data, {}
    digest = texts.store(str(data["text"]))
    return data | {"text": digest}, {"texts": texts.retell(digest, norm.amended)} if norm.amended else {}


def _amend(norm: events.Norm, subject: str, data: dict[str, Any], day: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """The text in force from each amendment on, this one among them."""
    _check_by_norm(norm, subject, data)
    changes = data.pop("amendments", [])
    if data.get("text"):
        data["text"] = texts.store(str(data["text"]))
    since, _ = _days({"effective_on": data.get("from_on")}, day)
    whole = data.get("text", "")
    amended = events.with_amendment(norm.amended, events.Amended(since, "", "", tuple(changes), whole))
    system = {"texts": texts.retell(norm.text, amended)}
    return data, system | ({"amendments": changes} if changes else {})


def _ending(norm: events.Norm, subject: str, data: dict[str, Any], day: date) -> tuple[dict[str, Any], dict[str, Any]]:
    _check_by_norm(norm, subject, data)
    return data, {}


def _correct(norm: events.Norm, subject: str, data: dict[str, Any], day: date) -> tuple[dict[str, Any], dict[str, Any]]:
    told = numbering.settled(data, as_written=True)
    numbering.free(norm.body, told, subject)
    return told, {}


def _relating(
    norm: events.Norm, subject: str, data: dict[str, Any], day: date
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The other norm exists, and is another one; its title is kept as its name."""
    target = str(data.get("target") or "").strip()
    if target == subject:
        raise Invalid([("target", "一份文件不能与自身建立关系")])
    if target:
        other = Norm.objects.filter(key=target).first()
        if other is None:
            raise Invalid([("target", f"没有登记编号为“{target}”的文件，请核对")])
        data["name"] = f"{other.title}{f'（{other.document_number}）' if other.document_number else ''}"[:300]
    return data, {}


def _check_by_norm(norm: events.Norm, subject: str, data: Mapping[str, Any]) -> None:
    by_norm = data.get("by_norm")
    if by_norm and (by_norm == subject or not Norm.objects.filter(key=by_norm).exists()):
        raise Invalid([("by_norm", f"没有登记编号为“{by_norm}”的另一份文件，请核对")])


def _say_both_ways(subject: str, event: str, data: Mapping[str, Any], done: Done, actor: Actor, day: date) -> None:
    _relate(data["by_norm"], ACTS[event], [subject], data.get("from_on"), actor, day)


def _relate(acting: str, verb: str, targets: Sequence[str], since: str | None, actor: Actor, day: date) -> None:
    """The norm that acts says so too, in one line, of every norm of which it does not say it already."""
    norm = replay("norm", acting)
    fresh = [target for target in targets if not any(one.same(verb, target, "") for one in norm.relations)]
    if not fresh:
        return
    told = {"verb": verb, "name": f"{len(fresh)} 件文件", "since": since or day.isoformat()}
    act("norm", acting, "relate", actor, day=day, data=told, system_data={"targets": fresh})


_Prepare = Callable[[events.Norm, str, dict[str, Any], date], tuple[dict[str, Any], dict[str, Any]]]
#: What a command sees to before its event: numbers, texts, local rules, the other norm.
_PREPARED: dict[str, _Prepare] = {
    "register": _register,
    "issue": _issue,
    "consult": _consult,
    "set_text": _text,
    "amend": _amend,
    "renew": _renew,
    "repeal": _ending,
    "declare_lapsed": _ending,
    "relate": _relating,
    "unrelate": _relating,
    "correct": _correct,
}
