"""The shipped nginx configuration before the real server: pages pass, writing forms are limited, metrics stay inside."""

import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CONF = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
pytestmark = [
    pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is missing: apt-get install nginx-light"),
    pytest.mark.django_db(transaction=True),
]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _plain(text: str, upstream: str, port: int) -> str:
    """The configuration without TLS, on a port of ours: everything else as shipped."""
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, flags=re.S)
    text = re.sub(r"^\s*ssl_\w+ .*\n", "", text, flags=re.M)
    return text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};").replace("127.0.0.1:8000", upstream)


@pytest.fixture
def site(live_server: Any, tmp_path: Path) -> Iterator[str]:
    """nginx before the live server; its address."""
    port = _free_port()
    (tmp_path / "nginx.conf").write_text(
        f"worker_processes 1;\npid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\nclient_body_temp_path {tmp_path}/b;\nproxy_temp_path {tmp_path}/p;\n"
        f"fastcgi_temp_path {tmp_path}/f;\nuwsgi_temp_path {tmp_path}/u;\nscgi_temp_path {tmp_path}/s;\n"
        + _plain(CONF.read_text(), live_server.url.removeprefix("http://"), port)
        + "}\n"
    )
    words = ["nginx", "-p", str(tmp_path), "-e", str(tmp_path / "error.log"), "-c", str(tmp_path / "nginx.conf")]
    tested = subprocess.run([*words, "-t"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    with subprocess.Popen([*words, "-g", "daemon off;"]) as running:
        for _ in range(100):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        running.terminate()


def _ask(address: str) -> tuple[int, Any]:
    request = urllib.request.Request(address, headers={"Host": "localhost"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def test_pages_pass_and_bear_their_headers(site: str) -> None:
    status, headers = _ask(f"{site}/")
    assert status == 200 and "default-src" in headers["Content-Security-Policy"]
    assert headers["Strict-Transport-Security"] and headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe-inline" not in headers["Content-Security-Policy"]


def test_sign_in_is_limited(site: str) -> None:
    answers = [_ask(f"{site}/office/login/")[0] for _ in range(20)]
    assert answers[0] == 200 and answers[-1] == 429
