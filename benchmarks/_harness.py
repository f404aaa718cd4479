"""What every benchmark shares: a database of its own with the real schema, timing, and a table of results."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit, urlunsplit

#: The PostgreSQL server the benchmarks may create a database on (its maintenance database).
POSTGRESQL = os.environ.get("GONGKAI_BENCH_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
T = TypeVar("T")


@dataclass(frozen=True)
class Timing(Generic[T]):
    """The answer, the first run and the median of the later ones, in milliseconds."""

    answer: T
    first: float
    median: float


def timed(work: Callable[[], T], runs: int = 7) -> Timing[T]:
    """Run ``work`` once (cold: plans made, pages read), then ``runs`` times."""
    spent = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        answer = work()
        spent.append((time.perf_counter() - start) * 1000)
    return Timing(answer, spent[0], statistics.median(spent[1:]))


def say(text: str) -> None:
    """A line of the report, at once."""
    print(text, flush=True)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Shows ``what: done / total`` while the block works (on a terminal), and the seconds it took (always)."""
    start = time.perf_counter()
    terminal = sys.stderr.isatty()

    def show(done: int, total: int) -> None:
        if terminal:
            print(f"\r  {what}: {done:,} / {total:,} ", end="", file=sys.stderr, flush=True)

    yield show
    if terminal:
        print("\r\033[K", end="", file=sys.stderr)
    say(f"  {what}: {time.perf_counter() - start:.1f} s")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns: the first to the left, the others to the right."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        say("  " + "  ".join(cells))


@contextmanager
def installation(database: str) -> Iterator[Path]:
    """A fresh installation on ``sqlite`` or ``postgresql``, migrated, with its home in a temporary directory.

    Yields the home; everything is gone afterwards. One process can hold one installation only (Django's settings).
    Raises ``ConnectionError`` when no PostgreSQL server answers.
    """
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as home:
        os.environ["GONGKAI_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.settings.test"
        os.environ.pop("GONGKAI_DATABASE_URL", None)
        with _postgresql() if database == "postgresql" else _nothing():
            import django
            from django.core.management import call_command
            from django.db import connections

            django.setup()
            call_command("migrate", verbosity=0)
            try:
                yield Path(home)
            finally:
                connections.close_all()


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _postgresql() -> Iterator[None]:
    """A database of our own on the server, named in the environment; dropped afterwards."""
    import psycopg

    name = f"gongkai_bench_{os.getpid()}"
    try:
        server = psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        raise ConnectionError(str(error).splitlines()[0]) from error
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
        os.environ["GONGKAI_DATABASE_URL"] = urlunsplit(urlsplit(POSTGRESQL)._replace(path=f"/{name}"))
        try:
            yield
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def closed_on_server(name: str) -> Iterator[None]:
    """The PostgreSQL server lets nobody into this database meanwhile, and puts out who is in."""
    import psycopg

    with psycopg.connect(POSTGRESQL, autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            other.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')


@contextmanager
def server(settings: str = "gongkai.settings.test", **environment: str) -> Iterator[str]:
    """gunicorn with two workers over the present installation, as ``gongkai serve`` starts it; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    from gongkai.cli.serve import web

    process = subprocess.Popen(web(port, 2), env=os.environ | own | environment)
    try:
        for _ in range(300):
            with suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz").close()
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(15)
