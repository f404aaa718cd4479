"""``gongkai serve``: the site, the desk and the worker that runs followers, in one process group."""

import argparse
import os
import signal
import subprocess
import sys
import time

from . import lifeline
from .terminal import ready, say

HELP = "启动公开网站和工作台"
DJANGO = True
#: Seconds the server and the worker get to finish what they are doing.
PATIENCE = 8


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")
    parser.add_argument("--workers", type=int, default=2, help="工作进程数（默认 2）")


def run(options: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C; both end within ten seconds."""
    if not ready():
        return 2
    os.environ.setdefault("GONGKAI_ORIGIN", f"http://127.0.0.1:{options.port}")
    stopping: list[bool] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.append(True))
    children = [lifeline.start(command) for command in (web(options.port, getattr(options, "workers", 2)), _worker())]
    say(f"==> 正在 http://127.0.0.1:{options.port}/ 提供服务，按 Ctrl-C 结束")
    while not stopping and all(child.poll() is None for child in children):
        time.sleep(0.2)
    _stop(children)
    return max(0, *(child.returncode or 0 for child in children))


def web(port: int, workers: int) -> list[str]:
    """The command that serves the application on a port of this machine."""
    return [
        sys.executable, "-m", "gunicorn", "gongkai.settings.wsgi:application", "--bind", f"127.0.0.1:{port}",
        "--workers", str(workers), "--graceful-timeout", str(PATIENCE), "--log-level", "warning",
        "--preload", "--config", "python:gongkai.cli.lifeline",
    ]  # fmt: skip


def _worker() -> list[str]:
    return [sys.executable, "-m", "gongkai.cli.worker"]


def _stop(children: list["subprocess.Popen[bytes]"]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    end = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
