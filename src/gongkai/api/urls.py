"""Addresses of the API, below ``/api/v1/``. Whatever is none of them is refused in the API's own shape."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt

from . import caching, reads
from .endpoints import api
from .refusals import shaped


@shaped
@csrf_exempt
def missing(request: HttpRequest) -> HttpResponse:
    """404 as JSON."""
    raise Http404


def _open(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Of what is public: counted before, with validators after."""

    @functools.wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reads.count(request)
        return view(request, *args, **kwargs)

    return handle


app_name = "api"
urlpatterns = [*api.urls[0], re_path(r"^", missing, name="missing")]
for _pattern in urlpatterns[:-1]:
    if str(_pattern.pattern).startswith("requests"):
        _pattern.callback = shaped(_pattern.callback)
    else:
        _pattern.callback = shaped(_open(_pattern.callback), kept=caching.conditional)
