"""Children that do not outlive their parent, however it ends: no orphan keeps the port or works beside its successor.

Linux tells a process when its parent has died (``PR_SET_PDEATHSIG``). Elsewhere gunicorn's workers look for themselves.
"""

import ctypes
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

_PR_SET_PDEATHSIG = 1
#: Found before any fork: a child between fork and exec should load nothing.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def tie(parent: int, with_signal: signal.Signals) -> None:
    """In a fresh child: get this signal when the parent ends; end at once if it has ended already."""
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start a child that is asked to end (SIGTERM) when this process is gone."""
    parent = os.getpid()
    return subprocess.Popen(command, preexec_fn=lambda: tie(parent, signal.SIGTERM))  # one thread only: a safe fork


def post_fork(server: Any, worker: Any) -> None:
    """Gunicorn's hook (this module is its configuration): a worker without its master ends at once.

    What was loaded before the fork stays as long as the worker does, so no search for circular garbage goes through it.
    """
    tie(worker.ppid, signal.SIGKILL)
    gc.freeze()
