"""The shipped nginx configuration before the real server: baked pages come from the tree and stay up when the application is
down, everything else passes, writing forms are limited, metrics stay inside."""

import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from gongkai.bake import baker, tree
from gongkai.bake.families import Family
from gongkai.library.testing import shelve
from gongkai.organs.testing import small_city
from gongkai.records.models import Record
from gongkai.sites import hosts
from gongkai.sites import services as site_services
from gongkai.sites import testing as sites
from gongkai.sites.testing import by
from gongkai.ui import packing

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
CONF = DEPLOY / "nginx.conf"
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
#: Pages read before the application is killed, and after.
READ = 200
pytestmark = [
    pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is missing: apt-get install nginx-light"),
    pytest.mark.django_db(transaction=True),
]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _plain(text: str, upstream: str, port: int, home: Path) -> str:
    """The configuration without TLS, on a port and home of ours: everything else as shipped."""
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, flags=re.S)
    text = re.sub(r"^\s*ssl_\w+ .*\n", "", text, flags=re.M)
    text = text.replace("server_name gk.example.gov.cn;", "server_name localhost;")
    text = text.replace("/var/lib/gongkai", str(home)).replace("/etc/nginx/gongkai.d", str(home / "gongkai.d"))
    return text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};").replace("127.0.0.1:8000", upstream)


@pytest.fixture
def site(live_server: Any, tmp_path: Path, settings: Any) -> Iterator[str]:
    """nginx before the live server, a small tree baked; its address."""
    settings.HOME = tmp_path
    _bake()
    with _nginx(tmp_path, live_server.url.removeprefix("http://")) as address:
        yield address


@contextmanager
def _nginx(tmp_path: Path, upstream: str, first: str = "") -> Iterator[str]:
    """nginx as shipped before a server, over a home; ``first`` stands at the head of its configuration."""
    port = _free_port()
    (tmp_path / "nginx.conf").write_text(
        f"{first}{'user root;' if os.geteuid() == 0 else ''}worker_processes 1;\npid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\nclient_body_temp_path {tmp_path}/b;\nproxy_temp_path {tmp_path}/p;\n"
        f"fastcgi_temp_path {tmp_path}/f;\nuwsgi_temp_path {tmp_path}/u;\nscgi_temp_path {tmp_path}/s;\n"
        + _plain(CONF.read_text(), upstream, port, tmp_path)
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


@dataclass
class _Application:
    """A server process of its own, with its workers."""

    process: "subprocess.Popen[bytes]"
    port: int

    def kill(self) -> None:
        """Nothing of it is left, and nothing was finished."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def _application(home: Path) -> Iterator[_Application]:
    """gunicorn over a home, as ``gongkai serve`` starts it."""
    port = _free_port()
    words = [sys.executable, "-m", "gunicorn", "gongkai.settings.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    own = {"GONGKAI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "gongkai.settings.test"}
    path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen([*words, "--log-level", "error"], env=os.environ | own | path, start_new_session=True)
    application = _Application(process, port)
    try:
        yield application
    finally:
        if process.poll() is None:
            application.kill()


def _wait(done: Callable[[], bool]) -> None:
    """Until something is so; fails after a minute."""
    for _ in range(1200):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("waited for a minute in vain")


def _bake() -> None:
    office = small_city().office
    shelve(office, key="kept-00001")
    shelve(
        office, key="gone-00001", public=False, state="withdrawn", withdrawn_on=date(2021, 5, 1), withdrawn_why="有误"
    )
    state = baker._state()
    wanted = ["/records/kept-00001/", "/records/kept-00001.json", "/records/gone-00001/", "/down/"]
    wanted += ["/modes/standard.auto.css", "/modes/elder.dark.css"]
    baker.bake(wanted, state, Family("tried", lambda: wanted))


def _ask(address: str, **headers: str) -> tuple[int, Any]:
    status, told, _ = _read(address, **headers)
    return status, told


def _read(address: str, **headers: str) -> tuple[int, Any, bytes]:
    request = urllib.request.Request(address, headers={"Host": "localhost", **headers})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_baked_pages_come_from_the_tree_and_stay_up_without_the_application(site: str, settings: Any) -> None:
    page = f"{site}/records/kept-00001/"
    Record.objects.all().delete()  # the application no longer knows them
    status, headers, content = _read(page)
    assert status == 200 and content == tree.read("/records/kept-00001/")[0]  # type: ignore[index]
    assert "default-src" in headers["Content-Security-Policy"] and headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"] == "text/html; charset=utf-8" and "X-Request-ID" not in headers
    assert _ask(page, **{"Accept-Encoding": "gzip"})[1]["Content-Encoding"] == "gzip"
    assert _ask(f"{site}/records/kept-00001.json")[1]["Content-Type"] == "application/json"
    status, headers, content = _read(f"{site}/records/gone-00001/")
    assert status == 410 and "有误" in content.decode() and "X-Request-ID" not in headers
    assert _ask(f"{site}/records/gone-00001/gone.html")[0] == 404
    assert _ask(f"{page}?on=2021-01-01")[0] == 404  # a question with a query goes to the application
    elder = _read(f"{site}/mode.css", Cookie="display=elder.dark")
    plain = _read(f"{site}/mode.css", Cookie="display=../../x")
    assert (
        elder[2] != plain[2]
        and "Cookie" in elder[1].get_all("Vary")
        and elder[1]["Content-Type"].startswith("text/css")
    )


def test_what_needs_the_application_says_so_while_it_is_down(site: str, tmp_path: Path) -> None:
    conf = tmp_path / "nginx.conf"
    conf.write_text(
        re.sub(
            r"server 127\.0\.0\.1:\d+;",
            f"server 127.0.0.1:{_free_port()};",
            re.sub(r"server localhost:\d+;", f"server 127.0.0.1:{_free_port()};", conf.read_text()),
        )
    )
    subprocess.run(
        ["nginx", "-p", str(tmp_path), "-e", str(tmp_path / "error.log"), "-c", str(conf), "-s", "reload"], check=True
    )
    time.sleep(0.5)
    status, _, content = _read(f"{site}/search/?q=x")
    assert status == 502 and "暂时停用" in content.decode()
    assert _ask(f"{site}/records/kept-00001/")[0] == 200


def test_the_application_is_killed_and_its_database_gone_while_pages_are_read(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    _bake()
    addresses = ("/records/kept-00001/", "/records/kept-00001.json", "/records/gone-00001/")
    known = {address: tree.read(address)[0] for address in addresses}  # type: ignore[index]
    with _application(tmp_path) as application, _nginx(tmp_path, f"127.0.0.1:{application.port}") as site:
        _wait(lambda: _ask(f"{site}/healthz")[0] == 200)
        answers: list[tuple[str, int, bytes]] = []
        stopping = threading.Event()

        def read() -> None:
            for address in itertools.cycle(known):
                if stopping.is_set():
                    return
                try:
                    status, _, content = _read(site + address)
                except OSError as error:
                    status, content = 0, str(error).encode()
                answers.append((address, status, content))

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        _wait(lambda: len(answers) >= READ)
        application.kill()
        for file in tmp_path.glob("gongkai.sqlite3*"):
            file.unlink()
        killed_at = len(answers)
        _wait(lambda: len(answers) >= killed_at + READ)
        stopping.set()
        for reader in readers:
            reader.join()
        assert _ask(f"{site}/search/?q=x")[0] == 502, "it was really stopped"
    wrong = [one for one in answers if one[1:] != (410 if "gone" in one[0] else 200, known[one[0]])]
    assert not wrong


def test_a_sites_own_host_leads_to_it_without_the_application(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    _bake()
    for key in ("yz", "plan"):
        tree.put(f"/s/{key}/", b"<!doctype html>a site")
    city = small_city()
    sites.site(city.office)
    sites.site(city.district, "yz", main=False, hosts=["yz.example.gov.cn", "www.yz.example.gov.cn:8443"])
    sites.site(city.department, "plan", main=False, hosts=["plan.example.gov.cn"])
    assert hosts.keep_up() == 3 and hosts.keep_up() == 0
    main = "https://gk.example.gov.cn"
    with _nginx(tmp_path, "127.0.0.1:9") as site:
        for host, path, to in (
            ("yz.example.gov.cn", "/", "/s/yz/"),
            ("WWW.YZ.example.gov.cn", "/", "/s/yz/"),
            ("plan.example.gov.cn", "/", "/s/plan/"),
            ("plan.example.gov.cn", "/c/news/?x=1", "/c/news/?x=1"),
            ("www.example.gov.cn", "/", "/"),
            ("z.example.gov.cn", "/", "/"),
        ):
            assert _led(site, host, path) == (302, main + to), (host, path)
        assert _led(site, "..", "/")[0] == 400
        assert _ask(f"{site}/records/kept-00001/")[0] == 200
        site_services.do_site("plan", "close", by("close"), {"reason": "并入市政府网站"})
        site_services.do_site("yz", "change", by("change"), {**sites.MARKS, "hosts": ["new.example.gov.cn"]})
        assert hosts.keep_up() == 3, "a new one, two old ones away"
        assert _led(site, "yz.example.gov.cn", "/") == (302, f"{main}/")
        assert _led(site, "new.example.gov.cn", "/") == (302, f"{main}/s/yz/")
        assert _led(site, "plan.example.gov.cn", "/") == (302, f"{main}/s/plan/"), "where it says that it is closed"


def _led(site: str, host: str, path: str) -> tuple[int, str | None]:
    """The status, and where an address asked of a host leads."""
    connection = HTTPConnection(site.removeprefix("http://"))
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    connection.close()
    return answer.status, answer.getheader("Location")


def test_pages_pass_and_bear_their_headers(site: str) -> None:
    status, headers = _ask(f"{site}/")
    assert status == 200 and "default-src" in headers["Content-Security-Policy"]
    assert headers["Strict-Transport-Security"] and headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe-inline" not in headers["Content-Security-Policy"]


def test_sign_in_is_limited(site: str) -> None:
    answers = [_ask(f"{site}/office/login/")[0] for _ in range(20)]
    assert answers[0] == 200 and answers[-1] == 429


@pytest.mark.skipif(
    not BROTLI.exists() or packing.brotli is None,
    reason="nginx's brotli or Python's is missing: apt-get install libnginx-mod-http-brotli-static; pip install brotli",
)
def test_brotli_is_handed_out_where_nginx_can(tmp_path: Path, settings: Any) -> None:
    settings.HOME, settings.BROTLI = tmp_path, 5
    _bake()
    (tmp_path / "gongkai.d").mkdir()
    shutil.copy(DEPLOY / "nginx-brotli.conf", tmp_path / "gongkai.d")
    page = tree.read("/records/kept-00001/")[0]  # type: ignore[index]
    with _nginx(tmp_path, "127.0.0.1:9", f"load_module {BROTLI};\n") as site:
        for accepted, coding in (("gzip, br", packing.BROTLI), ("gzip", packing.GZIP), ("", None)):
            _, headers, content = _read(f"{site}/records/kept-00001/", **{"Accept-Encoding": accepted})
            assert headers["Content-Encoding"] == (coding.name if coding else None)
            assert headers["Content-Type"] == "text/html; charset=utf-8" and "Accept-Encoding" in headers.get_all(
                "Vary"
            )
            assert (coding.unpack(content) if coding else content) == page
