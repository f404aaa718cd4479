"""The writers of operations: the pulse of the worker, steps that must not take the others down, backups made."""

import logging
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from gongkai import __version__
from gongkai.ledger import followers

from .models import Backup, Pulse, Trouble

log = logging.getLogger("gongkai.operations")
WORKER = "worker"
#: Seconds between two notes of the pulse: often enough for an alarm, seldom enough to cost nothing.
BEAT = 10.0
#: A step that failed rests before it is tried again: a line nobody can handle must not burn the processor.
REST = timedelta(seconds=30)
_last = [-BEAT]


def beat(name: str = WORKER) -> bool:
    """Note that a process is at work; at most every :data:`BEAT` seconds. Whether it was noted now."""
    if time.monotonic() - _last[0] < BEAT:
        return False
    Pulse.objects.update_or_create(name=name, defaults={"at": timezone.now(), "version": __version__})
    _last[0] = time.monotonic()
    return True


def step(name: str, work: Callable[[], Any]) -> bool:
    """Do one step of the worker; a failure is noted and logged, and the steps after it are done all the same.

    Whether it succeeded. A step that failed is left alone for :data:`REST`. What befalls the database itself is raised.
    """
    trouble = Trouble.objects.filter(step=name).first()
    if trouble and timezone.now() - trouble.last_at < REST:
        return False
    try:
        work()
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        note(name, error)
        return False
    if trouble:
        over(name)
    return True


def follow() -> None:
    """Every follower to the end of the ledger, each as a step of its own."""
    for name in followers.FOLLOWERS:
        step(f"follower:{name}", lambda name=name: followers.run(name))  # type: ignore[misc]


@transaction.atomic
def note(name: str, error: BaseException) -> None:
    """A step failed."""
    now, where = timezone.now(), place(error)
    log.error("step failed: %s: %s", name, where)
    _, first = Trouble.objects.get_or_create(step=name, defaults={"since": now, "last_at": now, "error": where})
    if not first:
        Trouble.objects.filter(step=name).update(count=F("count") + 1, last_at=now, error=where)


def over(name: str) -> None:
    """A step succeeds again."""
    Trouble.objects.filter(step=name).delete()


def place(error: BaseException) -> str:
    """The kind of an exception and the last line of ours it came through; without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "gongkai" in Path(frame.filename).parts]
    at = (ours or frames)[-1:]
    where = f" {Path(at[0].filename).parent.name}/{Path(at[0].filename).name}:{at[0].lineno}" if at else ""
    return f"{type(error).__name__}{where}"[:200]


def backed_up(**facts: Any) -> Backup:
    """A backup came to its end."""
    over("backup")
    return Backup.objects.create(made_at=timezone.now(), **facts)
