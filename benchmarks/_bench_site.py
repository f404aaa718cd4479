"""The site under measurement, with one more address: a bare Django view that inserts one row, the floor of any entry."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from gongkai.settings import urls
from gongkai.settings.urls import handler400, handler403, handler404, handler500  # noqa: F401


@csrf_exempt
def floor(request: HttpRequest) -> HttpResponse:
    """Insert one row of one narrow table and say so."""
    from gongkai.ledger.models import Counter

    Counter.objects.create(series=f"floor/{uuid.uuid4().hex}", last=1)
    return HttpResponse(b"ok", status=201)


urlpatterns = [path("floor/", floor), path("", include(urls.urlpatterns))]
