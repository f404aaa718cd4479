"""Counts of requests, for all processes of one server: each writes a small file of its own, whoever is asked adds them up.

A file in ``HOME/run/<server>/<process>`` holds numbers of eight bytes, mapped into memory: counting costs no system call,
and no lock that a killed process could leave closed.
"""

import mmap
import os
import shutil
from bisect import bisect_left
from pathlib import Path
from threading import Lock

from django.conf import settings

AREAS = ("site", "office", "api")
CLASSES = (1, 2, 3, 4, 5)
#: Upper bounds of the histogram, in seconds; the last bucket has none.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BUCKETS, _SUM = len(CLASSES), len(CLASSES) + len(BOUNDS) + 1
#: Numbers of one area: requests by class, by bucket, and the seconds of all.
WIDTH = _SUM + 1
SIZE = WIDTH * len(AREAS)


class Counters:
    """The counts of this process, and the sums of all processes of its server."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._whose: tuple[int, str] = (0, "")
        self._numbers: memoryview = memoryview(bytearray(SIZE * 8)).cast("d")

    def count(self, area: str, status: int, seconds: float) -> None:
        """One request was answered."""
        start = AREAS.index(area) * WIDTH
        with self._lock:
            numbers = self._mine()
            numbers[start + min(max(status // 100, 1), 5) - 1] += 1
            numbers[start + _BUCKETS + bisect_left(BOUNDS, seconds)] += 1
            numbers[start + _SUM] += seconds

    def _mine(self) -> memoryview:
        """The file of this process: looked for anew after a fork."""
        whose = os.getpid(), str(settings.HOME)
        if self._whose != whose:
            self._numbers, self._whose = _open(directory() / str(os.getpid())), whose
        return self._numbers

    def sums(self) -> dict[str, "Area"]:
        """By area, over all processes of this server."""
        with self._lock:
            self._mine()
        total = [0.0] * SIZE
        for path in directory().iterdir():
            content = path.read_bytes()
            if len(content) == SIZE * 8:
                total = [a + b for a, b in zip(total, memoryview(content).cast("d"), strict=True)]
        return {area: Area(total[n * WIDTH : (n + 1) * WIDTH]) for n, area in enumerate(AREAS)}


class Area:
    """The sums of one area."""

    def __init__(self, numbers: list[float]):
        self.classes = {f"{kind}xx": int(numbers[kind - 1]) for kind in CLASSES}
        self.buckets = [int(number) for number in numbers[_BUCKETS:_SUM]]
        self.seconds = numbers[_SUM]

    @property
    def cumulative(self) -> list[tuple[str, int]]:
        """(upper bound, requests no slower), as a histogram of Prometheus counts."""
        bounds = [*(f"{bound:g}" for bound in BOUNDS), "+Inf"]
        return [(bound, sum(self.buckets[: n + 1])) for n, bound in enumerate(bounds)]


def directory() -> Path:
    """Where the processes of this server count: those with the same parent. What ended servers left is cleared."""
    path = Path(settings.HOME) / "run" / str(os.getppid())
    if not path.is_dir():
        for old in path.parent.glob("*"):
            if old.name.isdigit() and not Path(f"/proc/{old.name}").exists():
                shutil.rmtree(old, ignore_errors=True)
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def _open(path: Path) -> memoryview:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.ftruncate(handle, SIZE * 8)
        return memoryview(mmap.mmap(handle, SIZE * 8)).cast("d")
    finally:
        os.close(handle)


COUNTERS = Counters()
