"""Sending, to real servers: what goes out, what is tried again, what is given up, and who sends it."""

import hashlib
import hmac
from datetime import timedelta

import pytest
from django.db.models import F

from gongkai.ledger import clock, vault
from gongkai.notices import delivery, gateways
from gongkai.notices.models import APPLICANT, Message

from .servers import MailServer, TextServer

ADDRESSES = {"email": "chen@example.com", "phone": "13800000000"}


@pytest.fixture
def mail(settings):
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.DEFAULT_FROM_EMAIL = "政务公开 <gongkai@example.gov.cn>"
        yield server


@pytest.fixture
def texts(settings):
    with TextServer() as server:
        settings.SMS_URL = server.url
        yield server


@pytest.fixture
def queue(city):
    """Queue a message to an applicant whose address is in the vault."""

    def queue(channel: str = "email", number: int = 1, **address: str) -> Message:
        vault.put(f"request/{number}", ADDRESSES | address)
        return Message.objects.create(
            cause=f"line/{number}", recipient=APPLICANT, channel=channel, body=city.office, title="答复已送达",
            text="您向重庆市人民政府办公厅提出的申请已有答复。", address=f"request/{number}", token=f"{number:032x}",
            created_at=clock.now(), next_at=clock.now(), state="waiting",
        )  # fmt: skip

    return queue


def now(message: Message) -> Message:
    message.refresh_from_db()
    return message


def later(**by: int) -> None:
    """Time passes for what waits."""
    step = timedelta(**by)
    Message.objects.update(next_at=F("next_at") - step, claimed_until=F("claimed_until") - step)


def test_a_mail(mail, queue):
    message = queue()
    assert delivery.deliver() == 1 and delivery.deliver() == 0
    assert now(message).state == "sent" and message.sent_at and message.attempts == 1
    (one,) = mail.mails
    assert mail.recipients == ["chen@example.com"]
    assert one["Message-ID"] == f"<{message.token}@example.gov.cn>" and one["Auto-Submitted"] == "auto-generated"
    assert "已有答复" in one.get_payload(decode=True).decode()


def test_a_text_message(texts, queue, settings):
    message = queue("sms")
    assert delivery.deliver() == 1 and now(message).state == "sent"
    (headers, body), (sent,) = texts.calls[0], texts.sent
    assert sent == {
        "id": message.token,
        "to": "13800000000",
        "text": "【市政府办公厅】答复已送达。您向重庆市人民政府办公厅提出的申请已有答复。",
    }
    assert headers["idempotency-key"] == message.token
    expected = hmac.new(b"shared", body, hashlib.sha256).hexdigest()
    assert headers["x-gongkai-signature"] == f"sha256={expected}"


@pytest.mark.parametrize(
    ("reply", "state", "rests"),
    [("550 no such user", "failed", False), ("451 later please", "waiting", False), ("250 OK", "sent", False)],
)
def test_a_refused_recipient_is_no_fault_of_the_server(mail, queue, reply, state, rests):
    mail.answer = lambda address: reply if address == "gone@example.com" else "250 OK"
    bad, good = queue(email="gone@example.com"), queue(number=2)
    delivery.deliver()
    assert now(bad).state == state and now(good).state == "sent"
    assert "gone@example.com" not in bad.error and (state == "sent" or reply[:3] in bad.error)


@pytest.mark.parametrize(
    ("status", "state", "server"),
    [(400, "failed", False), (422, "failed", False), (429, "waiting", False), (409, "waiting", False),
     (500, "waiting", True), (503, "waiting", True), (401, "waiting", True), (307, "waiting", True),
     (302, "waiting", True)],
)  # fmt: skip
def test_what_the_gateway_answers(texts, queue, status, state, server):
    answers = iter([status])
    texts.answer = lambda: next(answers, 200)
    first, second = queue("sms"), queue("sms", number=2)
    delivery.deliver()
    assert now(first).state == state and first.claimed_until is None and str(status) in first.error
    assert len(texts.calls) == (1 if server else 2)  # a server at fault is left in peace for a while
    assert now(second).state == ("waiting" if server else "sent") and second.attempts == (0 if server else 1)


def test_a_dead_server_holds_nothing_else_up(texts, queue, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    mails = [queue(number=n) for n in range(1, 6)]
    text = queue("sms", number=9)
    assert delivery.deliver() == 1 and now(text).state == "sent"
    assert [now(one).attempts for one in mails] == [1, 0, 0, 0, 0]
    assert all(one.state == "waiting" and one.next_at > clock.now() for one in mails)
    assert "无法连接" in mails[0].error


def test_a_silent_server_is_left_after_some_seconds(queue, settings, monkeypatch):
    import socket

    monkeypatch.setattr(gateways, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.SMS_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        message = queue("sms")
        assert delivery.deliver() == 0
    assert now(message).state == "waiting" and "没有答复" in message.error


def test_growing_pauses_then_given_up_for_all_to_see(texts, queue):
    texts.answer = lambda: 500
    message, pauses = queue("sms"), []
    for _ in range(delivery.MOST):
        before = clock.now()
        delivery.deliver()
        if now(message).state == "waiting":
            pauses.append(round((message.next_at - before).total_seconds() / 60))
            delivery.deliver()  # not before its time
            later(hours=5)
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 240]
    assert message.state == "failed" and len(texts.calls) == delivery.MOST
    assert {key for headers, _ in texts.calls for key in [headers["idempotency-key"]]} == {message.token}
    assert len({body for _, body in texts.calls}) == 1


def test_one_that_always_kills_the_sender_is_given_up(mail, queue):
    message = queue()
    for _ in range(delivery.MOST + 1):
        assert now(message).state == "waiting"
        assert delivery.claim(message.pk, "email") or now(message).attempts
        later(minutes=6)
    delivery.deliver()
    assert now(message).state == "failed" and not mail.mails


def test_a_claim_is_one_workers_until_it_runs_out(mail, queue):
    message = queue()
    assert delivery.claim(message.pk, "email") and delivery.claim(message.pk, "email") is None
    assert delivery.deliver() == 0
    later(minutes=6)
    assert delivery.deliver() == 1


def test_a_worker_that_comes_late_changes_nothing(queue):
    message = queue()
    slow = delivery.claim(message.pk, "email")
    later(minutes=6)
    delivery.claim(message.pk, "email")
    delivery._record(slow, gateways.Unsent("…", final=True))
    assert now(message).state == "waiting" and message.claimed_until


def test_an_address_erased_meanwhile(mail, queue):
    message = queue()
    vault.erase("request/1")
    delivery.deliver()
    assert now(message).state == "failed" and "已删除" in message.error and not mail.mails


@pytest.mark.parametrize("where", ["a@example.com\nBcc: b@example.com", "陈@例子.中国", "no address"])
def test_addresses_that_cannot_be_used(mail, queue, where):
    mail.answer = lambda address: "550 no" if "@" not in address or not address.isascii() else "250 OK"
    bad, good = queue(email=where), queue(number=2)
    delivery.deliver()
    assert now(bad).state == "failed" and now(good).state == "sent"
    assert mail.recipients == ["chen@example.com"] and where not in bad.error


def test_a_worker_told_to_stop_leaves_the_rest(mail, queue):
    for number in range(1, 5):
        queue(number=number)
    assert delivery.deliver(lambda: len(mail.mails) >= 2) == 2
    assert Message.objects.filter(state="waiting", claimed_until=None, attempts=0).count() == 2
