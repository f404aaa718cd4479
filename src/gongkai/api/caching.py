"""Asking again costs little: what is public carries a validator, and whoever has it already is answered 304.

The validator of an answer is its content's hash; of what streams it is the last line of the ledger and the day, since
everything public follows from these two. The answers of the search follow its index, and have their hash only.
"""

import hashlib
from datetime import datetime, time
from email.utils import formatdate

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag

from gongkai.ledger import clock
from gongkai.ledger.models import Event


def conditional(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer with its validators, or 304."""
    last = Event.objects.order_by("-id").values_list("id", "recorded_at").first() or (0, None)
    if response.streaming:
        mark = f"{last[0]}/{clock.today()}/{request.get_full_path()}"
    else:
        assert isinstance(response, HttpResponse)
        mark = hashlib.sha256(response.content).hexdigest()
    etag = quote_etag(hashlib.sha256(mark.encode()).hexdigest()[:32])
    changed = None if request.path.endswith("/search") else changed_at(last[1])
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    response["ETag"] = etag
    if changed:
        response["Last-Modified"] = formatdate(int(changed.timestamp()), usegmt=True)
    return get_conditional_response(request, etag, int(changed.timestamp()) if changed else None, response) or response


def changed_at(recorded: datetime | None) -> datetime:
    """Since when nothing public is different: the last line of the ledger, or the beginning of today if that is later."""
    morning = datetime.combine(clock.today(), time(), clock.SHANGHAI)
    return max(recorded, morning) if recorded else morning
