"""The figures of the installation in the text format of Prometheus (version 0.0.4)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai import __version__

from . import queries
from .counters import COUNTERS

TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Metric:
    """One metric: its name without ``gongkai_``, its type, its meaning, and (labels, value) of each of its series.

    A label ``_`` is an ending of the name (``_bucket``, ``_sum``, ``_count`` of a histogram).
    """

    name: str
    type: str
    help: str
    series: Iterable[tuple[Mapping[str, str], float]]

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it; nothing at all without series."""
        series = list(self.series)
        if not series:
            return
        name = f"gongkai_{self.name}"
        yield f"# HELP {name} {self.help}"
        yield f"# TYPE {name} {self.type}"
        for labels, value in series:
            inner = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items() if key != "_")
            yield f"{name}{labels.get('_', '')}{'{' + inner + '}' if inner else ''} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def text() -> str:
    """Every metric."""
    return "\n".join(line for metric in every() for line in metric.lines()) + "\n"


def every() -> Iterator[Metric]:
    """The metrics, each asked for now."""
    yield Metric("info", "gauge", "The version that runs.", [({"version": __version__}, 1)])
    yield from _requests()
    yield from _ledger()
    yield from _work()
    yield from _machine()


def _requests() -> Iterator[Metric]:
    sums = COUNTERS.sums()
    classes = [
        ({"area": area, "status": kind}, count) for area, one in sums.items() for kind, count in one.classes.items()
    ]
    yield Metric("requests_total", "counter", "Requests answered, by area and class of status.", classes)
    series: list[tuple[Mapping[str, str], float]] = []
    for area, one in sums.items():
        series += [({"_": "_bucket", "area": area, "le": bound}, count) for bound, count in one.cumulative]
        series += [({"_": "_sum", "area": area}, one.seconds), ({"_": "_count", "area": area}, sum(one.buckets))]
    yield Metric("request_seconds", "histogram", "Seconds until a request was answered, by area.", series)


def _ledger() -> Iterator[Metric]:
    troubles = queries.troubles()
    yield _one("ledger_last_line", "Number of the last line of the ledger.", queries.last_line())
    lag = [({"follower": name}, behind) for name, behind in queries.lag().items()]
    yield Metric("follower_lag_lines", "gauge", "Lines a follower has yet to read.", lag)
    failing = [({"step": step}, trouble.count) for step, trouble in troubles.items()]
    yield Metric("step_failures", "gauge", "Failures in a row of a step of the worker; none: no series.", failing)
    seconds = queries.pulse()
    yield _one("worker_pulse_age_seconds", "Seconds since the worker was last seen at work.", seconds)
    yield _one("bake_waiting_changes", "Changes not in the baked pages yet.", queries.baked()[1])
    yield _one("index_waiting_records", "Records not in the search index yet.", queries.waiting_for_index())


def _work() -> Iterator[Metric]:
    outbox = [({"channel": channel, "state": state}, n) for (channel, state), n in queries.outbox().items()]
    yield Metric("outbox_messages", "gauge", "Messages waiting to go out, and given up.", outbox)
    urgent = [({"urgency": level}, count) for level, count in queries.open_requests().items()]
    yield Metric("open_requests", "gauge", "Open requests by urgency; paused: the clock stands still.", urgent)


def _machine() -> Iterator[Metric]:
    free, total = queries.disk()
    yield _one("disk_free_bytes", "Bytes free where the data lie.", free)
    yield _one("disk_bytes", "Bytes of that disk.", total)
    yield _one("database_bytes", "Bytes of the database.", queries.database_size())
    yield _one("process_resident_bytes", "Memory of the process that answered.", queries.resident())
    backup = queries.last_backup()
    if backup:
        yield _one("backup_age_seconds", "Seconds since the last backup ended.", queries.age(backup.made_at))
        yield _one("backup_bytes", "Size of the last backup.", backup.size)
        yield _one("backup_verified", "1: the last backup was restored and verified.", int(bool(backup.checked_at)))


def _one(name: str, meaning: str, value: Any) -> Metric:
    return Metric(name, "gauge", meaning, [] if value is None else [({}, value)])
