"""Sending what waits in the outbox, from any number of workers: each message is claimed before it is sent.

A worker that dies between sending and recording leaves its claim behind; when that has run out the message goes out
again, under the same Message-ID or Idempotency-Key. So a message may reach a server twice, never not at all.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F, Q

from gongkai.ledger import clock, vault

from .gateways import GATEWAYS, Gateway, Unsent
from .letters import letter_of
from .models import Message
from .outbox import ADDRESSES, channels

#: Messages of one channel in one round of the worker.
BATCH = 100
#: How long a claim holds: longer than any send can take.
CLAIM = timedelta(minutes=5)
#: Attempts before a message is given up, about eight hours after the first.
MOST = 10
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
#: How long a channel rests when its server does not answer.
REST = timedelta(minutes=1)


def deliver(stopping: Callable[[], bool] = lambda: False) -> int:
    """Send what is due, by every channel; returns how many went out. A channel that fails does not hold up another."""
    return sum(_channel(channel, stopping) for channel in GATEWAYS if channel in channels())


def _due(channel: str, now: datetime) -> Q:
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return free & Q(channel=channel, state=Message.State.WAITING, next_at__lte=now)


def _channel(channel: str, stopping: Callable[[], bool]) -> int:
    waiting = Message.objects.filter(_due(channel, clock.now())).order_by("next_at", "id")
    due = list(waiting.values_list("pk", flat=True)[:BATCH])
    if not due:
        return 0
    sent = 0
    with GATEWAYS[channel]() as gateway:
        for pk in due:
            message = None if stopping() else claim(pk, channel)
            if message is None:
                continue
            fault = _send(gateway, message)
            sent += fault is None
            if fault and fault.server:
                _rest(channel)
                break
    return sent


def claim(pk: int, channel: str) -> Message | None:
    """Take a message for oneself, in one statement: None when somebody else has it, or it is not due any more."""
    now = clock.now()
    taken = Message.objects.filter(_due(channel, now), pk=pk).update(
        claimed_until=now + CLAIM, attempts=F("attempts") + 1
    )
    return Message.objects.select_related("body").get(pk=pk) if taken else None


def _send(gateway: Gateway, message: Message) -> Unsent | None:
    """Send a claimed message and record how it went."""
    where = vault.peek(message.address).get(ADDRESSES[message.channel], "")
    fault: Unsent | None = None
    try:
        if not where:
            raise Unsent("收件地址已删除", final=True)
        if message.attempts > MOST:  # it was claimed before and never came to an end
            raise Unsent(f"已尝试 {MOST} 次，发送中断", final=True)
        letter = letter_of(message)
        if letter is None:
            message.delete()
            return Unsent("没有可以发送的内容")
        gateway.send(message, letter, where)
    except Unsent as unsent:
        fault = unsent
    _record(message, fault)
    return fault


def _record(message: Message, fault: Unsent | None) -> None:
    now = clock.now()
    if fault is None:
        outcome = {"state": Message.State.SENT, "sent_at": now, "error": ""}
    elif fault.final or message.attempts >= MOST:
        outcome = {"state": Message.State.FAILED, "error": str(fault)}
    else:
        outcome = {"next_at": now + pause(message.attempts), "error": str(fault)}
    # Only while the claim is ours: who took it over after it ran out records his own outcome.
    ours = Message.objects.filter(pk=message.pk, claimed_until=message.claimed_until)
    ours.update(claimed_until=None, **outcome)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: a minute, then twice as long each time, four hours at most."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempts - 1))


def _rest(channel: str) -> None:
    """The server is at fault: nothing else is tried with it for a while, and no attempt is counted."""
    now = clock.now()
    Message.objects.filter(_due(channel, now)).update(next_at=now + REST)
