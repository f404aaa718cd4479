"""The outbox: a follower of the ledger writes each message once, in the transaction that moves its checkpoint.

A crash therefore loses no message and doubles none: either the line is handled and its messages are there, or neither.
The worker runs it, not the command that made the line: who works at the desk waits for no message.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from gongkai.ledger import clock, vault
from gongkai.ledger.followers import follow
from gongkai.ledger.models import Event
from gongkai.ledger.services import lines
from gongkai.ledger.subjects import SUBJECTS
from gongkai.organs.models import Body, Person
from gongkai.ui.context import address

from .audiences import people
from .models import APPLICANT, Message, Preference, contact_key
from .rules import PAGES, RULES, Audience, Rule
from .wording import fill

#: In what order an applicant is reached, by the way the answer is wanted; the first with an address is used.
REACH = {"email": ("email", "sms"), "web": ("email", "sms"), "mail": ("sms", "email"), "collect": ("sms", "email")}
#: The vault's name of the address of a channel.
ADDRESSES = {"email": "email", "sms": "phone"}


@dataclass(frozen=True)
class Draft:
    """What is to be told, before it is known to whom and how."""

    cause: str
    body: Body
    title: str
    text: str
    url: str = ""


@follow("notices.outbox", *RULES, label="发出通知", at_once=False)
def tell(event: Event) -> None:
    """Write the messages of one line."""
    rules = RULES[event.subject_kind].get(event.kind, ())
    if not rules or is_past(event):
        return
    past = [line for line in lines(event.subject_kind, event.subject) if line.seq <= event.seq]
    case = SUBJECTS[event.subject_kind].fold(past)
    body = Body.objects.filter(key=case.body).first()
    if body is not None:
        _post(event, case, body, rules)


def _post(event: Event, case: Any, body: Body, rules: Iterable[Rule]) -> None:
    told, url = {event.actor}, address(PAGES[event.subject_kind], event.subject) or ""
    words, rows = facts(event, case, body), []
    for rule in rules:
        draft = Draft(f"line/{event.id}", body, fill(rule.title, words), fill(rule.text, words), url)
        if rule.audience is Audience.APPLICANT:
            rows += to_applicant(draft, case)
            continue
        meant = [person for person in people(rule.audience, case, body) if person.username not in told]
        told |= {person.username for person in meant}
        rows += to_people(draft, meant)
    post(rows)


def is_past(event: Event) -> bool:
    """Whether the line is too old to be told: an imported register, a load that plays the past, entries made late."""
    return too_old(event.recorded_at, event.legal_day) or bool(event.data.get("imported"))


def too_old(recorded_at: datetime, legal_day: date) -> bool:
    """Whether a line of this instant and day lies before the days that are told of."""
    oldest = clock.now() - timedelta(days=settings.NOTICE_DAYS)
    return recorded_at < oldest or legal_day < clock.day_of(oldest)


def facts(event: Event, case: Any, body: Body) -> dict[str, str]:
    """What the placeholders stand for, as of this line."""
    due = case.deadline() if hasattr(case, "deadline") else None
    told = {name: str(event.data.get(name, "")) for name in ("until", "amount", "days")}
    return told | {
        "kind": SUBJECTS[event.subject_kind].label,
        "number": case.number,
        "matter": getattr(case, "title", "") or getattr(case, "matter", ""),
        "body": body.name,
        "day": event.legal_day.isoformat(),
        "due": due.due.isoformat() if due else "",
        "document_number": getattr(case, "document_number", ""),
    }


def channels() -> frozenset[str]:
    """The outside channels this installation has."""
    return frozenset(name for name, here in (("email", settings.NOTICE_EMAIL), ("sms", settings.SMS_URL)) if here)


def to_applicant(draft: Draft, case: Any) -> list[Message]:
    """One message by the best channel of those the applicant gave an address for; none where there is none."""
    given = vault.peek(case.personal) if case.personal else {}
    for channel in REACH.get(getattr(case, "delivery", ""), ("email", "sms")):
        if channel in channels() and reachable(channel, str(given.get(ADDRESSES[channel], ""))):
            return [_message(draft, APPLICANT, channel, case.personal)]
    return []


def reachable(channel: str, where: str) -> bool:
    """Whether an address looks like one of the channel: a mailbox, or a Chinese mobile number."""
    if channel == "email":
        name, _, host = where.rpartition("@")
        return bool(name and host) and where.isprintable() and " " not in where
    return len(where) == 11 and where.isascii() and where.isdigit() and where.startswith("1")


def to_people(draft: Draft, people: Iterable[Person], wishes: Mapping[int, Preference] | None = None) -> list[Message]:
    """For each person one message in the inbox and one by every channel the person wants."""
    meant = list(people)
    if wishes is None:
        wishes = Preference.objects.in_bulk([person.pk for person in meant])
    rows = []
    for person in meant:
        rows.append(_message(draft, person.username, Message.Channel.INBOX))
        wish = wishes.get(person.pk)
        wanted = [channel for channel in ("email", "sms") if wish and getattr(wish, channel) and channel in channels()]
        rows += [_message(draft, person.username, channel, contact_key(person.username)) for channel in wanted]
    return rows


def to_reader(draft: Draft, recipient: str, where: str) -> Message:
    """Put a mail into the outbox to somebody who is neither an applicant nor of the desk; ``where`` names the vault's entry.

    Once for each cause and recipient: raises IntegrityError for a second one.
    """
    message = _message(draft, recipient, Message.Channel.EMAIL, where)
    message.save(force_insert=True)
    return message


def _message(draft: Draft, recipient: str, channel: str, where: str = "") -> Message:
    inbox, now = channel == Message.Channel.INBOX, clock.now()
    first: datetime | None = None if inbox else now
    return Message(
        cause=draft.cause,
        recipient=recipient,
        channel=channel,
        body=draft.body,
        title=draft.title[:200],
        text=draft.text,
        url=draft.url,
        address=where,
        token=secrets.token_hex(16),
        created_at=now,
        state=Message.State.SENT if inbox else Message.State.WAITING,
        sent_at=now if inbox else None,
        next_at=first,
    )


def post(rows: list[Message]) -> None:
    """Put messages into the outbox; one that is there already stays as it is."""
    Message.objects.bulk_create(rows, ignore_conflicts=True)
