"""The baked site: full bake, publication to visible, and a published page through nginx beside a hand-written file.

Generated records are imported as ``gongkai import`` would, catalogued and baked. Then ordinary documents are published one by
one: the time from the committed command to the file on disk, and how many files were baked for each. Then nginx hands out
a baked page and, in the same run, a static file of the same size written by hand; ``wrk`` asks for each in turn. Nothing
but nginx runs meanwhile: the application is not there at all. Then the search page is asked through gunicorn. Last, ``wrk``
asks nginx for a baked page while the application is ended and its database closed in the middle. Exit status 1 when a page
is missing or an answer is an error, or a limit is missed (judged at 100,000 records: see ``LIMITS``).
"""

import argparse
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

from _harness import closed_on_server, installation, progress, say, server, table

JUDGED = 100_000
#: Share of a static file's speed, seconds to visible (p95), files for an ordinary document, pages a second and core,
#: answers of the search page a second.
LIMITS = {"share": 0.95, "visible": 1.0, "files": 20, "pages": 1500, "searches": 300}


def load(home: Path, count: int) -> Any:
    """A city with so many public records; its office."""
    from gongkai.ledger import followers
    from gongkai.ledger.services import SYSTEM
    from gongkai.library import indexing
    from gongkai.organs.testing import small_city
    from gongkai.records import importing

    office = small_city().office
    import_module("import").write(home / "records.jsonl.gz", count)
    with progress("import") as show:
        importing.run(home / "records.jsonl.gz", "announcement", office, SYSTEM, progress=lambda d, t, *_: show(d, t))
    with progress("catalogue"):
        followers.run_all()
        indexing.rebuild()
    return office


def full_bake() -> float:
    """Bake everything; pages a second of processor time."""
    from gongkai.bake import baker
    from gongkai.bake.models import Touched

    Touched.objects.all().delete()
    start = time.process_time()
    with progress("full bake") as show:
        made = baker.whole(show)
    rate = made / (time.process_time() - start)
    say(f"  {made:,} pages, {rate:,.0f} a second and core")
    return rate


def publications(office: Any, count: int) -> tuple[list[float], list[int]]:
    """Seconds from the committed command to the file, and files baked, for each of so many ordinary documents."""
    from gongkai.bake import baker, tree
    from gongkai.ledger import clock, followers
    from gongkai.ledger.services import SYSTEM
    from gongkai.library import indexing
    from gongkai.records import services

    seconds, files = [], []
    for n in range(count):
        day = (clock.today() - timedelta(days=1)).isoformat()
        values = {
            "title": f"关于第{n}号新事项的公告",
            "text": "现将有关事项公告如下。",
            "published_on": day,
            "attribute": "active",
        }
        done = services.register_existing(office, SYSTEM, "announcement", values)
        start = time.perf_counter()
        followers.run_all()
        indexing.keep_up()
        files.append(baker.keep_up())
        seconds.append(time.perf_counter() - start)
        assert tree.holds(f"/records/{done.event.subject}/"), "the published page is not there"
    return seconds, files


@contextmanager
def nginx(root: Path, application: str = "http://127.0.0.1:9") -> Iterator[str]:
    """nginx before a directory, and an application for what is not in it; its address."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    place = Path(tempfile.mkdtemp(prefix="gongkai-bench-nginx-"))
    own = "\n".join(
        f"{name}_temp_path {place}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (place / "nginx.conf").write_text(
        f"user root; worker_processes 1; pid {place}/pid; error_log {place}/error.log; events {{ worker_connections 512; }}\n"
        f"http {{ access_log off; sendfile on; {own} gzip_static on; default_type text/html;\n"
        f"server {{ listen 127.0.0.1:{port}; root {root};\n"
        f"location / {{ try_files ${{uri}}index.html $uri @application; }}\n"
        f"location @application {{ proxy_set_header Host $host; proxy_pass {application}; }} }} }}\n"
    )
    words = [
        "nginx",
        "-p",
        str(place),
        "-e",
        str(place / "error.log"),
        "-c",
        str(place / "nginx.conf"),
        "-g",
        "daemon off;",
    ]
    running = subprocess.Popen(words)
    try:
        for _ in range(100):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def asking(url: str, seconds: int, script: Path | None = None) -> Iterator["subprocess.Popen[str]"]:
    """wrk at work while the block runs."""
    words = ["wrk", "-t1", "-c32", f"-d{seconds}s", "-H", "Accept-Encoding: gzip", url]
    words += ["-s", str(script)] if script else []
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        yield process


def told(process: "subprocess.Popen[str]") -> tuple[float, int, int]:
    """What wrk said at its end: requests a second, answers, and those of them that were errors."""
    out, _ = process.communicate()
    rate, count = (float(re.search(what, out)[1]) for what in (r"Requests/sec:\s+([\d.]+)", r"(\d+) requests in"))  # type: ignore[index]
    wrong = sum(int(one) for one in re.findall(r"(?:Non-2xx or 3xx responses|connect|read|write|timeout):? (\d+)", out))
    return rate, int(count), wrong


def wrk(url: str, seconds: int, script: Path | None = None) -> tuple[float, int]:
    """Requests a second, and answers that were errors."""
    with asking(url, seconds, script) as process:
        rate, _, wrong = told(process)
    return rate, wrong


def beside_static(key: str, seconds: int) -> tuple[float, int]:
    """The share of a hand-written file's speed that the baked page reaches (median of five turns each), and errors."""
    from gongkai.bake import tree

    page = tree.read(f"/records/{key}/")
    assert page is not None
    packed = (tree.root() / "records" / key / "index.html.gz").read_bytes()
    hand = tree.root() / "hand"
    hand.mkdir()
    (hand / "index.html").write_bytes(b"x" * len(page[0]))
    (hand / "index.html.gz").write_bytes(packed)
    rates: dict[str, list[float]] = {"/hand/": [], f"/records/{key}/": []}
    wrong = 0
    with nginx(tree.root()) as site:
        for _ in range(5):
            for address, found in rates.items():
                rate, errors = wrk(site + address, seconds)
                found.append(rate)
                wrong += errors
    shutil.rmtree(hand)
    static, baked = (statistics.median(found) for found in rates.values())
    table(["through nginx", "requests/s"], [["hand-written file", f"{static:,.0f}"], ["baked page", f"{baked:,.0f}"]])
    return baked / static, wrong


def searches(home: Path, seconds: int) -> tuple[float, int]:
    """Answers a second of the search page through gunicorn with two workers, each query another one, and errors.

    Asked are pieces of three to seven characters out of titles, one in four with a second word out of the same title.
    """
    from gongkai.records.models import Record

    dice, asked = random.Random(5), []
    for title in Record.objects.filter(public=True).values_list("title", flat=True)[:8000]:
        pieces = [title[(n := dice.randrange(len(title) - 2)) : n + dice.randint(3, 7)] for _ in range(2)]
        asked.append(quote(" ".join(pieces[: 1 + (dice.random() < 0.25)])))
    lines = ",\n".join(f'"/search/?q={one}"' for one in dict.fromkeys(asked))
    script = home / "searches.lua"
    script.write_text(
        f"local asked = {{{lines}}}\nlocal n = 0\n"
        "request = function()\n  n = n % #asked + 1\n  return wrk.format('GET', asked[n])\nend\n"
    )
    with server() as base:
        wrk(base, 2, script)
        return wrk(base, seconds * 3, script)


@contextmanager
def database_closed(home: Path) -> Iterator[None]:
    """Nobody reaches the database meanwhile: its file is elsewhere, or its server lets nobody in."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with closed_on_server(connection.settings_dict["NAME"]):
            yield
        return
    connection.close()
    files, elsewhere = list(home.glob("gongkai.sqlite3*")), home / "elsewhere"
    elsewhere.mkdir()
    for file in files:
        file.rename(elsewhere / file.name)
    yield
    for file in files:
        (elsewhere / file.name).replace(file)


def while_stopped(home: Path, key: str, seconds: int) -> tuple[int, int, int]:
    """A baked page asked through nginx while, after half of the time, the application ends and the database is closed.

    Answers in all, those after the stop at the least (a second wrk that begins after it), and errors.
    """
    from gongkai.bake import tree

    with ExitStack() as application:
        base = application.enter_context(server())
        with nginx(tree.root(), base) as site:
            assert status(f"{site}/search/?q=1") == 200, "the application answers through nginx"
            with asking(f"{site}/records/{key}/", 2 * seconds) as running:
                time.sleep(seconds)
                application.close()
                with database_closed(home):
                    assert status(f"{site}/search/?q=1") == 502, "the application is gone"
                    _, count, wrong = told(running)
                    with asking(f"{site}/records/{key}/", seconds) as later:
                        _, after, errors = told(later)
    return count + after, after, wrong + errors


def status(url: str) -> int:
    """The status of an answer."""
    try:
        with urllib.request.urlopen(url) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=JUDGED)
    parser.add_argument("--publications", type=int, default=40)
    parser.add_argument("--seconds", type=int, default=3, help="of each turn of wrk")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent))
    with installation(options.database) as home:
        say(f"{options.records:,} records on {options.database}")
        office = load(home, options.records)
        pages = full_bake()
        seconds, files = publications(office, options.publications)
        p95 = sorted(seconds)[int(len(seconds) * 0.95)]
        say(
            f"  publication to visible: median {statistics.median(seconds):.3f} s, p95 {p95:.3f} s; files {max(files)} at the most"
        )
        share, wrong, found = 1.0, 0, LIMITS["searches"]
        if shutil.which("nginx") and shutil.which("wrk"):
            from gongkai.records.models import Record

            page = Record.objects.filter(public=True).values_list("key", flat=True)[0]
            share, wrong = beside_static(page, options.seconds)
            say(f"  baked page ÷ hand-written file: {share:.3f}; errors: {wrong}")
            found, errors = searches(home, options.seconds)
            wrong += errors
            say(f"  search page: {found:,.0f} requests/s through gunicorn, two workers; errors: {errors}")
            count, after, errors = while_stopped(home, page, options.seconds)
            wrong += errors
            say(
                f"  application ended, database closed: {count:,} answers of a baked page, {after:,} after it; errors: {errors}"
            )
        else:
            say("  nginx or wrk is missing: that part is skipped (apt install nginx-light wrk)")
    met = (
        share >= LIMITS["share"]
        and p95 <= LIMITS["visible"]
        and max(files) <= LIMITS["files"]
        and pages >= LIMITS["pages"]
        and found >= LIMITS["searches"]
    )
    return int(wrong > 0 or (options.records >= JUDGED and not met))


if __name__ == "__main__":
    sys.exit(main())
