"""Whether the parts of the house are up, each in a word: for load balancers, and whoever is called at night."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

from . import queries

OK = "ok"
#: Seconds without a sign after which the worker counts as stopped (it notes its pulse every ten).
SILENT = 120
#: Free bytes below which nothing should be written any more.
NARROW = 256 << 20
#: So many records waiting for the index are a queue, not a moment.
QUEUE = 5000
UNKNOWN = "数据库没有应答，无法得知"


def report() -> dict[str, str]:
    """``ok`` or a reason for database, stored files, worker and index. Asks the database for a few rows only."""
    database = _database()
    answers = {"database": database, "blobs": _blobs()}
    for name, ask in (("worker", worker), ("index", index)):
        answers[name] = _asked(ask) if database == OK else UNKNOWN
    return answers


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Error:
        return "数据库没有应答"
    return OK


def _asked(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except Error:
        return "数据库缺表或者尚未升级，请运行 migrate"


def _blobs() -> str:
    if not Path(settings.HOME).is_dir():
        return "数据目录不存在"
    try:
        free, _ = queries.disk()
    except OSError:
        return "数据目录不可读"
    return OK if free >= NARROW else f"磁盘只剩 {free >> 20} MB"


def worker() -> str:
    """The worker's pulse."""
    seconds = queries.pulse()
    if seconds is None:
        return "后台进程还没有运行过"
    return OK if seconds < SILENT else f"后台进程已有 {int(seconds)} 秒没有动静"


def index() -> str:
    """The search index."""
    if not queries.indexed():
        return "还没有搜索索引"
    waiting = queries.waiting_for_index()
    return OK if waiting < QUEUE else f"有 {waiting} 件等待编入索引"
