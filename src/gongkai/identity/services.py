"""Commands on sign-ins, sessions, passwords and second factors: the only writers of this app.

Comings and goings go to the log (:class:`~.models.Trace`); changes of an account are lines in its person's ledger.
"""

import base64
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from gongkai.ledger import clock, vault
from gongkai.ledger.services import Actor, act
from gongkai.organs.models import Grant, Person
from gongkai.procedure import Refused

from . import moment, rates, sessions, throttle, totp
from .models import Account, Session, Trace

#: Where the second step finds who passed the first, and how long that is good for (seconds).
PENDING, PENDING_SECONDS = "pending", 300
#: What somebody has to do before anything else: kept in the session, so that no page asks the database.
DUTIES = "duties"
RECOVERY_CODES = 10


def note(request: HttpRequest, kind: Trace.Kind, username: str = "", text: str = "") -> None:
    """Write a line in the log of comings and goings."""
    Trace.objects.create(
        at=clock.now(),
        kind=kind,
        username=username,
        address=throttle.address_of(request),
        agent=request.META.get("HTTP_USER_AGENT", "")[:200],
        note=text,
    )


def note_failure(request: HttpRequest, kind: Trace.Kind, typed: str) -> None:
    """Note a failure; a name that is no account is not kept, since people type their password there by mistake."""
    known = Person.objects.filter(username=typed).values_list("username", flat=True).first()
    note(request, kind, known or "")


def mark(request: HttpRequest) -> None:
    """Start the session's absolute lifetime, and note where it is used."""
    request.session[sessions.SINCE] = moment.now().timestamp()
    request.session[sessions.ADDRESS] = throttle.address_of(request)
    request.session[sessions.AGENT] = request.META.get("HTTP_USER_AGENT", "")[:200]


def sign_in(request: HttpRequest, person: Person, method: str) -> None:
    """Sign somebody in: a new session under a new key, nothing of the one before is kept."""
    request.session.flush()
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    mark(request)
    request.session[DUTIES] = duties(person)
    note(request, Trace.Kind.IN, person.username, method)


def duties(person: Person) -> list[str]:
    """What this person has to do before anything else: ``password``, ``factor``."""
    account = Account.objects.filter(person=person).first()
    found = ["password"] if account and account.temporary_password else []
    if not (account and account.factor_since) and needs_factor(person):
        found.append("factor")
    return found


def needs_factor(person: Person) -> bool:
    """Whether one of the person's roles asks for a second factor (``SECOND_FACTOR_ROLES``)."""
    return bool(settings.SECOND_FACTOR_ROLES) and bool(
        Grant.objects.filter(person=person, role__in=settings.SECOND_FACTOR_ROLES).exists()
    )


def has_factor(person: Person) -> bool:
    """Whether a second factor is in use."""
    return Account.objects.filter(person=person, factor_since__isnull=False).exists()


def done_with(request: HttpRequest, duty: str) -> None:
    """A duty of this session is done."""
    request.session[DUTIES] = [one for one in request.session.get(DUTIES, []) if one != duty]


def end_sessions(person: Person, keep: str | None = None) -> int:
    """Sign a person out everywhere, except the session of the key ``keep``; returns how many were ended."""
    return Session.objects.filter(person=person).exclude(session_key=keep or "").delete()[0]


def end_session(person: Person, started_key: str) -> int:
    """End one session of a person, named by :func:`session_name`."""
    for row in Session.objects.filter(person=person):
        if session_name(row.session_key) == started_key:
            return row.delete()[0]
    return 0


def session_name(key: str) -> str:
    """What a page calls a session: a digest, since the key itself is the way in."""
    return salted_hmac("gongkai.identity.session", key, algorithm="sha256").hexdigest()[:16]


def _self(person: Person) -> Actor:
    return Actor(person.username, frozenset({"self"}))


@transaction.atomic
def change_password(request: HttpRequest, person: Person, password: str) -> None:
    """Set one's own password; every other session ends, this one gets a new key."""
    person.set_password(password)
    person.save(update_fields=["password"])
    Account.objects.update_or_create(person=person, defaults={"temporary_password": False})
    act("person", person.username, "change_password", _self(person))
    update_session_auth_hash(request, person)
    done_with(request, "password")
    request.session.save()
    end_sessions(person, keep=request.session.session_key)


@transaction.atomic
def reset_password(person: Person, by: Actor) -> str:
    """A temporary password, shown once; it must be changed at the next sign-in. Ends every session."""
    password = "-".join(_word() for _ in range(3))
    person.set_password(password)
    person.save(update_fields=["password"])
    Account.objects.update_or_create(person=person, defaults={"temporary_password": True})
    throttle.release(person.username)
    end_sessions(person)
    act("person", person.username, "reset_password", by)
    return password


@transaction.atomic
def unlock(person: Person, by: Actor) -> None:
    """Open an account that has to wait after failures."""
    act("person", person.username, "unlock", by)
    throttle.release(person.username)


def enrol_factor(person: Person, secret: str, typed: str) -> list[str]:
    """Put a second factor in use after its first right code; returns the recovery codes, shown once.

    Raises ``procedure.Refused`` for a wrong code.
    """
    step = totp.step_of(secret, typed, moment.now().timestamp())
    if step is None:
        raise Refused("验证码不正确。请确认手机时间准确，并输入当前显示的六位数字")
    codes = [f"{_word()}-{_word()}" for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        vault.put(_entry(person), {"secret": secret, "codes": [_digest(one) for one in codes]})
        values = {"factor_since": clock.now(), "factor_step": step}
        Account.objects.update_or_create(person=person, defaults=values)
        act("person", person.username, "enrol_factor", _self(person))
    return codes


@transaction.atomic
def drop_factor(person: Person, by: Actor | None = None) -> None:
    """Take the second factor out of use: by its owner, or (``by``) an administrator, which ends every session."""
    act("person", person.username, "reset_factor" if by else "drop_factor", by or _self(person))
    Account.objects.filter(person=person).update(factor_since=None)
    vault.erase(_entry(person))
    if by:
        end_sessions(person)
        throttle.release(person.username)


@transaction.atomic
def check_code(person: Person, typed: str) -> str | None:
    """Use up a code: ``code`` or ``recovery`` when it is right, None when it is wrong or was used before."""
    account = Account.objects.select_for_update().filter(person=person, factor_since__isnull=False).first()
    if account is None:
        return None
    entry = vault.peek(_entry(person))
    plain = "".join(typed.split()).lower()
    step = totp.step_of(entry["secret"], plain, moment.now().timestamp())
    if step is not None and step > account.factor_step:
        account.factor_step = step
        account.save(update_fields=["factor_step"])
        return "code"
    left: list[str] = entry["codes"]
    if _digest(plain) in left:
        vault.put(_entry(person), entry | {"codes": [one for one in left if one != _digest(plain)]})
        return "recovery"
    return None


def recovery_left(person: Person) -> int:
    """How many recovery codes are left."""
    return len(vault.peek(_entry(person)).get("codes", ()))


def forget() -> dict[str, int]:
    """Drop what is over: sessions and counts (daily)."""
    over, _ = Session.objects.filter(expire_date__lte=moment.now()).delete()
    return {"sessions": over, "counts": throttle.forget(), "rates": rates.forget()}


def _entry(person: Person) -> str:
    return f"factor/{person.username}"


def _word() -> str:
    """25 random bits as five signs that are not mistaken for one another."""
    return base64.b32encode(secrets.token_bytes(4)).decode()[:5].lower()


def _digest(recovery: str) -> str:
    return salted_hmac("gongkai.identity.recovery", recovery.replace("-", ""), algorithm="sha256").hexdigest()


def pending(request: HttpRequest) -> dict[str, Any] | None:
    """Who passed the first step in this session, while that is good."""
    found: dict[str, Any] | None = request.session.get(PENDING)
    if found is None or moment.now().timestamp() - found["at"] > PENDING_SECONDS:
        return None
    return found
