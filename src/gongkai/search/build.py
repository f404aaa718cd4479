"""Building a large index: in steps, with a checkpoint after each, so that a build that was stopped goes on."""

import json
import os
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from gongkai.search.documents import Document, Port


def build(
    port: Port,
    documents: Callable[[int], Iterable[Document]],
    checkpoint: Path,
    *,
    step: int = 10_000,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Add what ``documents(done)`` gives, skipping the first ``done``, which an earlier run has committed.

    The checkpoint is written after each commit: a run stopped in between adds at most one step again, and the same keys
    replace themselves. Returns how many documents the source has given in all. ``progress`` is told after each step.
    """
    done = reached(checkpoint)
    progress(done)
    source = iter(documents(done))
    while chunk := list(islice(source, step)):
        port.add(chunk)
        port.commit()
        done += len(chunk)
        write_whole(checkpoint, {"done": done})
        progress(done)
    return done


def reached(checkpoint: Path) -> int:
    """How many documents are committed for certain; 0 when there is no checkpoint."""
    return int(json.loads(checkpoint.read_text())["done"]) if checkpoint.exists() else 0


def write_whole(path: Path, value: object) -> None:
    """Write ``value`` as JSON, all or nothing, also when the process is killed or the power fails."""
    new = path.with_suffix(".new")
    with new.open("w") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
