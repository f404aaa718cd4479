"""Real servers on this machine: one takes mail, one takes text messages. Both can be told to misbehave."""

import email
import json
import socket
import threading
from collections.abc import Callable
from email.message import Message as Mail
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


class _OnFreePort(Controller):
    """The controller on a port the system gave: no other test can have it."""

    def __init__(self, handler: object):
        self.socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, hostname="127.0.0.1", port=self.socket.getsockname()[1])

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.socket)


class MailServer:
    """``mails`` are what it took; ``answer`` gives the reply to a recipient, ``taken`` is called after the text came."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.recipients: list[str] = []
        self.answer: Callable[[str], str] = lambda recipient: "250 OK"
        self.taken: Callable[[], str] = lambda: "250 OK"
        self.controller = _OnFreePort(self)

    def __enter__(self) -> "MailServer":
        self.controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.controller.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.controller.port

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """A recipient is named."""
        reply = self.answer(address)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """The text has come: from here on the mail is ours, whatever the sender learns of it."""
        self.mails.append(email.message_from_bytes(envelope.content))
        self.recipients += envelope.rcpt_tos
        return self.taken()


class TextServer:
    """``calls`` are (headers, body) as they came; ``answer`` gives the status of the next call."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.answer: Callable[[], int] = lambda: 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
                status = outer.answer()
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", outer.url)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_port}/sms"

    @property
    def sent(self) -> list[dict[str, str]]:
        """What came, read."""
        return [json.loads(body) for _, body in self.calls]

    def __enter__(self) -> "TextServer":
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
