"""What people do with notices: read them, say how they want them, send failed ones again."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from gongkai.ledger import clock, vault
from gongkai.organs.models import Person
from gongkai.procedure import Invalid

from .models import Message, Preference, contact_key
from .outbox import reachable


def mark_read(rows: QuerySet[Message]) -> int:
    """Mark unread ones of these as read; returns how many."""
    return rows.filter(read_at=None).update(read_at=clock.now())


def retry(rows: QuerySet[Message]) -> int:
    """Queue failed ones of these again, with all their attempts before them; returns how many."""
    failed = rows.filter(state=Message.State.FAILED)
    return failed.update(state=Message.State.WAITING, attempts=0, next_at=clock.now(), claimed_until=None)


@dataclass(frozen=True)
class Wish:
    """How a person wants to be told. An empty address leaves the one on file; ``forget`` erases both addresses."""

    by_email: bool = False
    by_sms: bool = False
    email: str = ""
    phone: str = ""
    forget: bool = False


def set_wish(person: Person, wish: Wish) -> None:
    """Keep a person's wish; addresses go to the vault. Raises ``procedure.Invalid`` for an address that cannot be used."""
    key = contact_key(person.username)
    with transaction.atomic():
        kept = {} if wish.forget else vault.peek(key)
        kept |= {name: value for name, value in (("email", wish.email), ("phone", wish.phone)) if value}
        errors = []
        if (wish.email or wish.by_email) and not reachable("email", kept.get("email", "")):
            errors.append(("email", "请填写能收信的电子邮箱，应如 name@example.com"))
        if (wish.phone or wish.by_sms) and not reachable("sms", kept.get("phone", "")):
            errors.append(("phone", "请填写十一位手机号码，如 13800000000"))
        if errors:
            raise Invalid(errors)
        if kept:
            vault.put(key, kept)
        else:
            vault.erase(key)
        Preference.objects.update_or_create(person=person, defaults={"email": wish.by_email, "sms": wish.by_sms})
