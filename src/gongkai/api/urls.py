"""Addresses of the API, below ``/api/v1/``. Whatever is none of them is refused in the API's own shape."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import re_path
from django.views.decorators.csrf import csrf_exempt

from .endpoints import api
from .refusals import shaped


@shaped
@csrf_exempt
def missing(request: HttpRequest) -> HttpResponse:
    """404 as JSON."""
    raise Http404


app_name = "api"
urlpatterns = [*api.urls[0], re_path(r"^", missing, name="missing")]
for _pattern in urlpatterns[:-1]:
    _pattern.callback = shaped(_pattern.callback)
