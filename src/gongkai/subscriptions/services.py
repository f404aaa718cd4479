"""Commands on subscriptions: the only writers. The mailbox never reaches the ledger, only the vault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from gongkai.ledger import clock
from gongkai.ledger.services import SYSTEM, Actor, Done, act, next_number, replay, used
from gongkai.library import vocabulary
from gongkai.notices.models import Message
from gongkai.notices.outbox import reachable
from gongkai.organs.queries import host
from gongkai.procedure import Invalid, Refused
from gongkai.search import BadQuery
from gongkai.search.query import parse

from . import contacts, letters, offers
from .models import Hit, Subscription
from .procedure import PROCEDURE, SORTS

KIND = PROCEDURE.name
#: Whoever shows the mailed link of the mailbox.
READER = Actor("applicant", frozenset({"applicant"}))
#: Days in which a subscription has to be confirmed; then its address is forgotten.
DAYS_TO_CONFIRM = 7
LONGEST_QUERY = 200


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be told of, and how often. Every sort that is not empty must fit; of a sort one is enough."""

    kinds: Sequence[str] = ()
    bodies: Sequence[str] = ()
    topics: Sequence[str] = ()
    columns: Sequence[str] = ()
    query: str = ""
    frequency: str = "daily"

    @property
    def data(self) -> dict[str, Any]:
        """As the event carries it."""
        return {name: list(getattr(self, name)) for name in SORTS} | {
            "words": bool(self.query),
            "frequency": self.frequency,
        }


def check(wish: Wish, email: str | None = None) -> None:
    """Raise ``procedure.Invalid`` for an address no mail reaches, for what is not on offer, for words without sense."""
    errors = []
    if email is not None and not (reachable("email", email) and len(email) <= 254):
        errors.append(("email", "请填写能收信的电子邮箱，应如 name@example.com"))
    for name, label in SORTS.items():
        known = offers.labels(name)
        if any(value not in known for value in getattr(wish, name)):
            errors.append((name, f"“{label}”请从所列各项中选择"))
    if len(wish.query) > LONGEST_QUERY or "\x00" in wish.query:
        errors.append(("query", f"关键词不得超过 {LONGEST_QUERY} 字"))
    elif wish.query:
        try:
            parse(wish.query, {}, vocabulary.current())
        except BadQuery as bad:
            errors.append(("query", str(bad)))
    if errors:
        raise Invalid(errors)


def ask(email: str, wish: Wish, *, day: date | None = None, key: str | None = None) -> Done:
    """Ask for a subscription: it is entered as not confirmed, and the link to confirm it is mailed.

    Raises ``procedure.Invalid``, and ``procedure.Refused`` while the house has no body to answer for it.
    """
    wish, email = _tidy(wish), email.strip()
    check(wish, email)
    on = day or clock.today()
    with transaction.atomic():
        if key and (done := used(key)):
            return done
        body = host()
        if body is None:
            raise Refused("本站还没有设置受理机关，暂时不能订阅")
        count = next_number(f"{KIND}/{body.key}/{on.year}")
        subject = f"{body.key}-{on.year}-e{count:06d}"
        told = {"body": body.key, "number": f"{body.document_code or body.short_name}订阅〔{on.year}〕{count}号"}
        contacts.keep(subject, email, wish.query)
        done = act(KIND, subject, "ask", READER, day=on, data=wish.data, system_data=told, key=key)
        letters.post_confirmation(subject, body)
        return done


def _tidy(wish: Wish) -> Wish:
    sorts = {name: tuple(dict.fromkeys(getattr(wish, name))) for name in SORTS}
    return Wish(**sorts, query=wish.query.strip(), frequency=wish.frequency)


def confirm(subject: str, *, day: date | None = None, key: str | None = None) -> Done:
    """The mailbox confirms. Raises ``procedure.Refused``."""
    return act(KIND, subject, "confirm", READER, day=day, key=key)


def change(subject: str, wish: Wish, *, day: date | None = None, key: str | None = None) -> Done:
    """Other wishes. What was found for the old ones and is not mailed yet is mailed all the same.

    Raises ``procedure.Invalid``, ``procedure.Refused``.
    """
    wish = _tidy(wish)
    check(wish)
    with transaction.atomic():
        done = act(KIND, subject, "change", READER, day=day, data=wish.data, key=key)
        if not done.repeated:
            contact = contacts.of(subject)
            contacts.keep(subject, contact.email, wish.query, contact.code)
        return done


def leave(
    subject: str, actor: Actor = READER, *, note: str = "", day: date | None = None, key: str | None = None
) -> Done:
    """End it: the address is forgotten, and nothing that waits is sent. Raises ``procedure.Refused``."""
    return _end(subject, "leave", actor, {"note": note} if note else {}, day, key)


def _end(subject: str, event: str, actor: Actor, data: Mapping[str, Any], day: date | None, key: str | None) -> Done:
    with transaction.atomic():
        done = act(KIND, subject, event, actor, day=day, data=data, key=key)
        contacts.erase(subject)
        Hit.objects.filter(subscription=subject, message=None).delete()
        letters.of_reader(subject).exclude(state=Message.State.SENT).delete()
        return done


def resume(subject: str, *, day: date | None = None) -> Done:
    """Send again; what could not be delivered is told anew. Raises ``procedure.Refused``."""
    with transaction.atomic():
        done = act(KIND, subject, "resume", READER, day=day)
        lost = letters.of_reader(subject).filter(state=Message.State.FAILED)
        Hit.objects.filter(message__in=lost).update(message=None)
        lost.delete()
        return done


def do(subject: str, event: str, actor: Actor, data: Mapping[str, Any], *, day: date | None, key: str | None) -> Done:
    """An event made at the desk: there is only ending it. Raises ``procedure.Refused``."""
    one = replay(KIND, subject)
    PROCEDURE.move(one.state, event)
    if event != "leave":
        raise Refused("须由订阅人通过邮件中的链接办理", kind="role")
    return _end(subject, event, actor, data, day, key)


def lapse_due() -> int:
    """Forget what was not confirmed in time; returns how many."""
    last = clock.today() - timedelta(days=DAYS_TO_CONFIRM)
    due = Subscription.objects.filter(state="pending", asked_on__lt=last).order_by("key")
    return sum(_quietly(key, "lapse") for key in due.values_list("key", flat=True)[:500])


def stop_bouncing() -> int:
    """Stop what could not be delivered several times in a row; returns how many."""
    return sum(_quietly(key, "stop") for key in letters.bouncing())


def _quietly(subject: str, event: str) -> bool:
    """An event of the house itself, unless the reader was faster."""
    try:
        if event == "lapse":
            _end(subject, event, SYSTEM, {}, None, None)
        else:
            act(KIND, subject, event, SYSTEM)
    except Refused:
        return False
    return True
