"""Commands on items of the disclosure log and on Art 44 proposals: the only writers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.ledger import attachments, blobs, clock, uploads, vault
from gongkai.ledger.models import Event
from gongkai.ledger.services import SYSTEM, Actor, Done, act, lines, next_number, replay, used
from gongkai.ledger.uploads import Upload
from gongkai.organs.models import Body
from gongkai.procedure import Invalid, Refused, Situation
from gongkai.records.models import Record
from gongkai.requests import privacy
from gongkai.requests import queries as requests
from gongkai.requests.events import Case

from . import queries
from .events import Copy, Item, Proposal
from .models import Item as ItemRow
from .procedure import CONTENT, ITEM, PART, PROPOSAL, WHOLE

APPLICANT = Actor("applicant", frozenset({"applicant"}))
_LABELS = {field.name: field.label for field in CONTENT}
GONE = "申请人信息已按保管期限清除，无法再与公开的内容核对，不能列入目录或者更正"
#: Events that carry a new wording.
WRITING = ("propose", "revise", "amend")


def outcome_of(case: Case) -> str:
    """The leaf of the decision that stands: the last round's."""
    return case.draft.leaf if case.draft else case.leaf or ""


def refusal(case: Case) -> str | None:
    """Why a request cannot be put into the log, in Chinese; None when it can."""
    if case.state == "erased":
        return GONE
    if case.state not in {"served", "archived"} or case.served_on is None:
        return "答复送达以后才能公开到目录"
    if outcome_of(case) not in {WHOLE, PART}:
        return "只有予以公开、部分公开的答复可以公开到目录"
    return None


def may_write(case: Case, actor: Actor) -> bool:
    """Whether this is the handler of the case (or whoever stands in for the handler), or the disclosure office."""
    if "disclosure" in actor.roles:
        return True
    mine = {actor.key, actor.stands_in_for(("handler",))} - {""}
    return "handler" in actor.roles and case.handler in mine


def propose(
    request: str,
    actor: Actor,
    data: Mapping[str, Any],
    *,
    files: Sequence[Upload] = (),
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Propose to publish what a served decision disclosed. ``files`` are the copies meant for the public.

    Raises ``procedure.Invalid`` (also for a text or file that holds the applicant's data), ``procedure.Refused``.
    """
    on = day or clock.today()
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        case: Case = requests.case(request)
        if reason := refusal(case):
            raise Refused(reason, kind="guard")
        if not may_write(case, actor):
            raise Refused("“公开到目录”须由该申请的承办人或者公开办办理", kind="role")
        body = Body.objects.get(key=case.body)
        count = next_number(f"{ITEM.name}/{body.key}/{on.year}")  # others of this body wait here
        if standing := queries.standing_item(request):
            raise Refused(f"这件申请的答复已经列入目录（{standing.number}）", kind="guard")
        told = {
            "body": body.key,
            "number": f"{body.document_code or body.short_name}公目〔{on.year}〕{count}号",
            "request": request,
            "outcome": outcome_of(case),
            "decided_on": (case.answered_on or case.served_on or on).isoformat(),
        }
        subject = f"{body.key}-{on.year}-d{count:05d}"
        done = _written(subject, "propose", actor, data, files, case, told, on, key)
        if done.repeated:
            transaction.set_rollback(True)  # gives the number back
        return done


def _written(
    subject: str,
    event: str,
    actor: Actor,
    data: Mapping[str, Any],
    files: Sequence[Upload] | None,
    case: Case,
    told: Mapping[str, Any],
    day: date | None,
    key: str | None,
) -> Done:
    """A wording with its files: held against the applicant's data before anything of it is kept.

    ``files`` None leaves those of the wording before.
    """
    uploads.check(files or ())
    _hold_against(case, data, files or ())
    with attachments.keeping(files or ()) as kept:
        more = {} if files is None else {"attachments": kept.told}
        done = act(ITEM.name, subject, event, actor, day=day, data=data, system_data={**told, **more}, key=key)
        if done.repeated:
            kept.forget()
        return done


def _hold_against(case: Case, words: Mapping[str, Any], files: Sequence[Upload]) -> None:
    """Raise ``procedure.Invalid`` where a text or a file holds something of the applicant's.

    Without anything to compare with nothing is let through: raises ``procedure.Refused``.
    """
    personal = vault.peek(case.personal)
    if not personal:
        raise Refused(GONE, kind="guard")
    texts = {name: (label, str(words.get(name) or "")) for name, label in _LABELS.items()}
    errors = privacy.objections(personal, texts) + privacy.file_objections(personal, files)
    if errors:
        raise Invalid(errors)


def do(
    subject: str,
    event: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    files: Sequence[Upload] | None = None,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Make any later event of an item. ``files`` replace the copies of a wording (None: as they were).

    Raises ``procedure.Invalid``, ``procedure.Refused``, ``ledger.services.Conflict``.
    """
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        item: Item = replay(ITEM.name, subject)
        if event in WRITING:
            case = requests.case(item.request)
            ITEM.move(item.state, event)
            if "handler" in actor.roles and not may_write(case, actor):
                raise Refused("只有该申请的承办人或者公开办可以修改", kind="role")
            return _written(subject, event, actor, data or {}, files, case, {}, day, key)
        told: dict[str, Any] = {}
        if event == "publish":
            ITEM.check(item.state, event, Situation(item, actor.key, actor.roles, day or clock.today()))
            told = _publication(item)
        return act(ITEM.name, subject, event, actor, day=day, data=data, system_data=told, key=key)


def _publication(item: Item) -> dict[str, Any]:
    """What the line of a publication carries: the text's hash and the public copies, held against the vault again."""
    draft = item.draft
    try:
        copies = [attachments.get(one["ref"]) for one in draft.files]
    except attachments.Missing as missing:
        raise Refused(f"{missing}；请退回修改，重新上传", kind="guard") from None
    words = {name: getattr(draft, name) for name in _LABELS}
    try:
        _hold_against(requests.case(item.request), words, copies)
    except Invalid as invalid:
        raise Refused(str(invalid), kind="guard") from None
    return {
        "text": blobs.put(plain_text(draft).encode()),
        "files": [
            {"name": one.name, "type": uploads.kind_of(one.name), "size": len(one.content), "digest": blobs.put(one.content)}
            for one in copies
        ],
    }  # fmt: skip


def plain_text(copy: Copy) -> str:
    """A wording as the library's plain text; the title stands over it there."""
    return f"一、申请的内容\n{copy.asked}\n二、答复的内容\n{copy.answer}\n"


# Art 44 --------------------------------------------------------------------------------------------------------------


def _number(body: Body, on: date) -> tuple[str, dict[str, str]]:
    count = next_number(f"{PROPOSAL.name}/{body.key}/{on.year}")
    number = f"{body.document_code or body.short_name}转公〔{on.year}〕{count}号"
    return f"{body.key}-{on.year}-p{count:05d}", {"body": body.key, "number": number}


def title_of(title: str) -> str:
    """What a request is about, without 申请公开."""
    return title.removeprefix("申请公开").strip() or title


def raise_proposal(body: str, title: str, asked: Sequence[str], day: date, key: str) -> Done:
    """The house itself proposes to publish what several people ``asked`` for (keys of requests; Art 44 para 1)."""
    with transaction.atomic():
        if done := used(key):
            return done
        subject, issued = _number(Body.objects.get(key=body), day)
        told = {**issued, "requests": list(asked)}
        return act(
            PROPOSAL.name, subject, "raise", SYSTEM, day=day, data={"title": title_of(title)}, system_data=told, key=key
        )


def grow(subject: str, request: str, day: date, key: str) -> Done:
    """One more request for the same thing joins a proposal."""
    return act(PROPOSAL.name, subject, "grow", SYSTEM, day=day, data={"request": request}, key=key)


def may_suggest(case: Case) -> bool:
    """Whether an applicant may suggest active publication: of information disclosed to them (Art 44 para 2)."""
    return refusal(case) is None


def suggest(request: str, why: str, *, day: date | None = None, key: str | None = None) -> Done:
    """The applicant's suggestion; joins the proposal that already rests on the request, unless it is settled.

    Raises ``procedure.Invalid``, ``procedure.Refused``.
    """
    on = day or clock.today()
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        case: Case = requests.case(request)
        if not may_suggest(case):
            raise Refused("答复予以公开、部分公开并已送达的，才可以建议主动公开", kind="guard")
        standing = queries.standing_proposal(request)
        told: dict[str, Any] = {}
        if standing and standing.state != "raised":
            raise Refused(f"这项信息的主动公开建议已经研究：{standing.get_state_display()}", kind="guard")
        if standing:
            subject = standing.key
        else:
            subject, told = _number(Body.objects.get(key=case.body), on)
            told["title"] = title_of(case.title)
        data = {"request": request, "why": why}
        return act(PROPOSAL.name, subject, "suggest", APPLICANT, day=on, data=data, system_data=told, key=key)


def settle(
    subject: str,
    event: str,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Accept, decline or close a proposal. A reason must not hold anything of the applicants'.

    Raises ``procedure.Invalid`` (also for a record that is not public), ``procedure.Refused``.
    """
    values = dict(data or {})
    if event == "close":
        values["record"] = _record(str(values.get("record") or ""))
    if event == "decline":
        _hold_reason(replay(PROPOSAL.name, subject), str(values.get("reason") or ""))
    return act(PROPOSAL.name, subject, event, actor, day=day, data=values, key=key)


def forget(request: str) -> None:
    """Retention ended: what its applicant wrote as a suggestion goes, and the sealed copies of its item.

    What was published stays published: it never held anything of the applicant's. May be repeated.
    """
    for event in Event.objects.filter(subject_kind=PROPOSAL.name, kind="suggest", data__request=request):
        vault.erase(event.data["personal"])
    for key in ItemRow.objects.filter(request=request).values_list("key", flat=True):
        for event in lines(ITEM.name, key):
            for one in event.data.get("attachments", ()):
                attachments.erase(one["ref"])


def _hold_reason(proposal: Proposal, reason: str) -> None:
    for request in proposal.requests:
        personal = vault.peek(requests.case(request).personal)
        if errors := privacy.objections(personal, {"reason": ("理由", reason)}):
            raise Invalid(errors)


def _record(told: str) -> str:
    """The key of a public record, from the key itself or its address."""
    key = told.strip().rstrip("/").rpartition("/")[2]
    if key and not Record.objects.filter(pk=key, public=True).exists():
        raise Invalid([("record", f"没有已经公开的信息编为“{key[:64]}”，请核对后重新填写")])
    return key
