"""The end of retention 保管期限届满: a case's personal data is erased by two people, after a waiting period, for good.

The ledger, and with it every figure, stays as it is: it never held personal data. What goes lies beside it: the vault's
entries, attachments, originals and redacted copies, marks. Papers are made from these and name nobody any more. The
approval is a line of the ledger; the erasing is a follower of it, so that a crash half-way only delays it.
"""

from datetime import date, timedelta

from django.core.exceptions import FieldDoesNotExist
from django.db import transaction

from gongkai.ledger import attachments, clock, followers, vault
from gongkai.ledger.services import Actor, Done, act, lines, replay, used
from gongkai.ledger.subjects import SUBJECTS
from gongkai.procedure import Refused

from . import materials, similar
from .events import Case
from .schedule import Schedule, ScheduleFault, present
from .services import KIND

#: The follower that erases; woken by the approval, and run by the worker in any case.
FOLLOWER = "requests.retention"


def pending(subject: str) -> list[str]:
    """Reviews, suits and complaints about a request that have not ended, as the desk names them."""
    found = []
    for kind, spec in SUBJECTS.items():
        ended = [state.key for state in spec.procedure.states if state.final]
        for model in spec.models[:1]:
            try:
                model._meta.get_field("request"), model._meta.get_field("state")
            except FieldDoesNotExist:
                continue
            rows = model._default_manager.filter(request=subject).exclude(state__in=ended)
            found += [f"{SUBJECTS[kind].label} {row}" for row in rows]
    return found


def objection(subject: str, case: Case, today: date) -> str:
    """Why a case's personal data may not be erased yet, apart from who asks; empty when it may."""
    try:
        schedule = present(today)
    except ScheduleFault as fault:
        return str(fault)
    if case.archived_on is None:
        return "尚未归档"
    kept = schedule.of(case.leaf or "")
    if today < kept.over_on(case.archived_on):
        return f"“{kept.title}”保管 {kept.years} 年，到 {kept.over_on(case.archived_on).isoformat()} 期满"
    if open_ := pending(subject):
        return f"还有未结的{'、'.join(open_)}，办结后才能清除"
    return ""


def waits_until(case: Case, schedule: Schedule) -> date | None:
    """The first day a proposal may be approved."""
    return case.erasure.on + timedelta(days=schedule.waiting_days) if case.erasure else None


def propose(subject: str, reason: str, actor: Actor, *, key: str | None = None) -> Done:
    """Propose to erase. Raises ``procedure.Refused`` before the period is over or while a remedy is open."""
    return _act(subject, "propose_erasure", reason, actor, key)


def stop(subject: str, reason: str, actor: Actor, *, key: str | None = None) -> Done:
    """Take the proposal back, or turn it down. Raises ``procedure.Refused``."""
    return act(KIND, subject, "stop_erasure", actor, data={"reason": reason}, key=key)


def approve(subject: str, reason: str, actor: Actor, *, key: str | None = None) -> Done:
    """Approve somebody else's proposal after the waiting period; the erasing follows at once and cannot be undone.

    Raises ``procedure.Refused``.
    """
    return _act(subject, "approve_erasure", reason, actor, key)


def _act(subject: str, event: str, reason: str, actor: Actor, key: str | None) -> Done:
    today = clock.today()
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        case: Case = replay(KIND, subject)
        told = {}
        if case.state == "archived":  # else the table says why not
            if said := objection(subject, case, today):
                raise Refused(said, kind="guard")
            schedule = present(today)
            until = waits_until(case, schedule)
            if event == "approve_erasure" and until and today < until:
                raise Refused(f"等待期到 {until.isoformat()}，期满后才能批准", kind="guard")
            told = {"schedule": schedule.version, "class": schedule.of(case.leaf or "").id}
        done = act(KIND, subject, event, actor, data={"reason": reason}, system_data=told, key=key)
        if event == "approve_erasure":
            transaction.on_commit(_wake)
        return done


def _wake() -> None:
    followers.run(FOLLOWER)


def erase(subject: str) -> None:
    """Erase everything personal of a request that lies beside the ledger. May be repeated, and interrupted, at will."""
    for event in lines(KIND, subject):
        for reference in materials.references(event):
            attachments.erase(reference)
    vault.erase_below(f"{KIND}/{subject}/")
    similar.forget(subject)
