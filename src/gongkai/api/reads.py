"""How often one address may read through the API: so many in a minute, counted by each server process for itself.

Unlike what is handed in (:mod:`gongkai.identity.rates`), reading is counted without writing to the database: whoever
reads neither waits for a writer nor makes one wait. The web server before it limits the installation as a whole.
"""

import time
from collections import OrderedDict
from threading import Lock

from django.conf import settings
from django.http import HttpRequest

from gongkai.identity import throttle

from .refusals import Refusal

#: Addresses remembered at once; the longest silent is forgotten first.
MOST = 10_000
_counts: OrderedDict[str, tuple[int, int]] = OrderedDict()
_lock = Lock()


def count(request: HttpRequest) -> None:
    """Count one reading. Raises :class:`Refusal` 429 beyond the limit."""
    address, now = throttle.address_of(request), time.time()
    minute = int(now // 60)
    with _lock:
        since, calls = _counts.pop(address, (minute, 0))
        calls = calls + 1 if since == minute else 1
        _counts[address] = (minute, calls)
        if len(_counts) > MOST:
            _counts.popitem(last=False)
    if calls > settings.API_READS_PER_MINUTE:
        seconds = max(1, int((minute + 1) * 60 - now) + 1)
        message = f"读取过于频繁，请 {seconds} 秒后再试；需要全部数据的，请用批量下载 /records/download/"
        raise Refusal(429, [("rate", message)], Retry_After=str(seconds))
