"""How a message leaves the house: mail by SMTP, text messages through a webhook. Addresses pass through, unkept.

Errors are told in words of our own: a server's answer may repeat the address.
"""

import hashlib
import hmac
import json
import smtplib
import urllib.error
import urllib.request
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import Any, Protocol, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from .letters import Letter
from .models import Message

#: Seconds to wait for a server.
PATIENCE = 5.0


class Unsent(Exception):
    """The message did not go out; the text is Chinese and names no address.

    ``final``: trying again is of no use. ``server``: the fault is the server's, the next message would fare the same.
    """

    def __init__(self, reason: str, *, final: bool = False, server: bool = False):
        super().__init__(reason)
        self.final, self.server = final, server


class Gateway(Protocol):
    """Opened for one round of sending."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...
    def send(self, message: Message, letter: Letter, where: str) -> None:
        """Send to an address, or raise :class:`Unsent`."""


class Mail:
    """Mail over one connection. The Message-ID is the message's own: a second attempt carries the same."""

    def __enter__(self) -> Self:
        self._connection: Any = get_connection()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def _close(self) -> None:
        with suppress(OSError, smtplib.SMTPException):  # it is broken already; the next message opens a new one
            self._connection.close()

    def send(self, message: Message, letter: Letter, where: str) -> None:
        """Raises :class:`Unsent`."""
        try:
            self._connection.open()
            mail(message, letter, where, self._connection).send()
        except Exception as error:
            self._close()
            raise _mail_fault(error) from None


def mail(message: Message, letter: Letter, where: str, connection: Any = None) -> EmailMessage:
    """The mail as it goes out. Automatic mail is marked as such (RFC 3834), so that nothing answers it."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return EmailMessage(
        subject=letter.title,
        body=f"{letter.text or letter.title}\n\n{message.body.name}\n本邮件由系统自动发出，请勿回复。\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[where],
        connection=connection,
        headers={"Message-ID": f"<{message.token}@{domain}>", "Auto-Submitted": "auto-generated"}
        | dict(letter.headers),
    )


def _mail_fault(error: Exception) -> Unsent:
    """What an exception of sending means. Anything unexpected counts as a fault of this message, to be tried again."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((answer[0] for answer in error.recipients.values()), default=550)
        return Unsent(f"邮件服务器不接受收件人（{code}）", final=code >= 500)
    if isinstance(error, smtplib.SMTPDataError):
        return Unsent(f"邮件服务器不接受邮件（{error.smtp_code}）", final=error.smtp_code >= 500)
    if isinstance(error, ValueError | smtplib.SMTPNotSupportedError):
        return Unsent("邮箱地址不能使用", final=True)
    if isinstance(error, smtplib.SMTPResponseException):
        return Unsent(f"邮件服务器拒绝发送（{error.smtp_code}），请检查账号和发件人设置", server=True)
    if isinstance(error, OSError | smtplib.SMTPException):
        return Unsent("邮件服务器无法连接或者中途断开", server=True)
    return Unsent(f"发送时出现意外错误（{type(error).__name__}）")


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is no delivery, and following it would carry the number elsewhere."""

    def redirect_request(self, *args: Any) -> None:
        """None: the answer stands as the error it is."""
        return


class TextMessages:
    """Text messages: a signed POST to the operator's webhook."""

    def __enter__(self) -> Self:
        self._opener = urllib.request.build_opener(_Stay)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._opener.close()

    def send(self, message: Message, letter: Letter, where: str) -> None:
        """Raises :class:`Unsent`."""
        try:
            with self._opener.open(post(message, letter, where), timeout=PATIENCE) as answer:
                if not 200 <= answer.status < 300:
                    raise Unsent(f"短信网关答复 {answer.status}", server=True)
        except urllib.error.HTTPError as error:
            raise _refusal(error.code) from None
        except (OSError, ValueError, urllib.error.URLError) as error:
            raise Unsent(f"短信网关无法连接或者没有答复（{type(error).__name__}）", server=True) from None
        except Unsent:
            raise
        except Exception as error:  # a malformed answer
            raise Unsent(f"短信网关的答复无法识别（{type(error).__name__}）", server=True) from None


def post(message: Message, letter: Letter, where: str) -> urllib.request.Request:
    """The call as it goes out: the same bytes, key and signature at every attempt."""
    text = f"【{message.body.short_name}】{letter.title}。{letter.text}"
    body = json.dumps({"id": message.token, "to": where, "text": text}, ensure_ascii=False, sort_keys=True).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": message.token,
        "X-Gongkai-Signature": f"sha256={sign(body)}",
    }
    return urllib.request.Request(settings.SMS_URL, body, headers, method="POST")


def sign(body: bytes) -> str:
    """HMAC-SHA256 of the body under the secret shared with the gateway, in hexadecimal."""
    return hmac.new(settings.SMS_SECRET.encode(), body, hashlib.sha256).hexdigest()


#: Answers about this one message, after which it may be tried again.
_AGAIN = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
#: Answers that concern every message: keys, addresses of the gateway itself.
_SETTINGS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


def _refusal(code: int) -> Unsent:
    if code in _AGAIN:
        return Unsent(f"短信网关请稍后再试（{code}）")
    if code in _SETTINGS or not 400 <= code < 500:
        return Unsent(f"短信网关不能受理（{code}），请检查网关设置", server=True)
    return Unsent(f"短信网关不接受这条短信（{code}）", final=True)


GATEWAYS: dict[str, type[Gateway]] = {Message.Channel.EMAIL: Mail, Message.Channel.SMS: TextMessages}
