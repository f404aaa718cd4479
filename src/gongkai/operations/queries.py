"""Questions about the installation itself. Each is cheap: the metrics ask them every few seconds."""

import os
import shutil
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from gongkai.bake import baker
from gongkai.bake.models import Page, Touched
from gongkai.law.calendar import CHINA
from gongkai.law.clocks import URGENCIES
from gongkai.ledger import clock, followers
from gongkai.ledger.models import Event, Seal
from gongkai.library import indexing
from gongkai.library.models import Waiting
from gongkai.notices.daily import WATCHES
from gongkai.notices.models import Message
from gongkai.requests.models import Request

from .models import Backup, Pulse, Trouble
from .services import WORKER

RUNNING = next(watch.states for watch in WATCHES if watch.kind == "request")


def age(instant: datetime) -> float:
    """Seconds since an instant, by the machine's clock (the demonstration's own clock stands elsewhere)."""
    return (timezone.now() - instant).total_seconds()


def pulse() -> float | None:
    """Seconds since the worker was last seen at work; None if never."""
    at = Pulse.objects.filter(name=WORKER).values_list("at", flat=True).first()
    return age(at) if at else None


def last_line() -> int:
    """The number of the ledger's last line: lines are numbered through, and counting millions takes time."""
    return Event.objects.order_by("-id").values_list("id", flat=True).first() or 0


def lag() -> dict[str, int]:
    """How many lines each follower has yet to read."""
    return followers.lag()


def troubles() -> dict[str, Trouble]:
    """What fails, by step."""
    return {trouble.step: trouble for trouble in Trouble.objects.order_by("step")}


def indexed() -> bool:
    """Whether there is a search index of everything."""
    return any(indexing.directory().glob("whole-*"))


def waiting_for_index() -> int:
    """Records that changed and are not in the index yet."""
    return Waiting.objects.count()


def baked() -> tuple[baker.State, int, int]:
    """The state of the baked tree, how many changes wait to be baked, how many pages there are."""
    return baker.State.load(), Touched.objects.count(), Page.objects.count()


def outbox() -> dict[tuple[str, str], int]:
    """Messages waiting and failed, by channel and state; zeros too."""
    states = (Message.State.WAITING, Message.State.FAILED)
    found = {(channel.value, state.value): 0 for channel in Message.Channel if channel != "inbox" for state in states}
    rows = Message.objects.filter(state__in=states).order_by().values_list("channel", "state")
    return found | {(channel, state): count for channel, state, count in rows.annotate(count=Count("pk"))}


def open_requests(today: date | None = None) -> dict[str, int]:
    """Requests whose clock runs, by urgency (``law.clocks.URGENCIES``), and those on which it stands still."""
    day = today or clock.today()
    found = Counter(dict.fromkeys([*(level.code for level in URGENCIES), "paused"], 0))
    rows = Request.objects.filter(state__in=RUNNING).order_by().values_list("due_on").annotate(count=Count("pk"))
    for due, count in rows:
        found[_urgency(due, day) if due else "paused"] += count
    found["paused"] += Request.objects.filter(state__in=("clarifying", "paying")).count()
    return dict(found)


def _urgency(due: date, today: date) -> str:
    left = CHINA.workdays_between(today, due) if due >= today else -1
    return next(level.code for level in URGENCIES if level.at_most is None or left <= level.at_most)


def disk() -> tuple[int, int]:
    """(free, total) bytes where the data lie."""
    usage = shutil.disk_usage(settings.HOME)
    return usage.free, usage.total


def database_size() -> int:
    """Bytes of the database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    path = str(connection.settings_dict["NAME"])
    return sum(os.path.getsize(path + end) for end in ("", "-wal") if os.path.exists(path + end))


def resident() -> int:
    """Bytes of memory this process holds; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def last_backup() -> Backup | None:
    """The newest backup that came to its end."""
    return Backup.objects.first()


def last_seal() -> Seal | None:
    """The newest seal."""
    return Seal.objects.order_by("-id").first()
