"""Addresses for machines that watch the installation. Neither looks at a session, neither says anything of a person."""

import ipaddress
import secrets

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from gongkai.identity.throttle import address_of

from . import health, metrics


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Database, stored files, worker and index in a word each; 503 when the database does not answer."""
    answers = health.report()
    up = answers["database"] == health.OK
    answer = JsonResponse(answers, status=200 if up else 503, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The metrics, for the addresses and the token of the settings."""
    if not (_by_token(request) or _by_address(request)):
        raise PermissionDenied("运行指标只对 GONGKAI_METRICS_FROM 所列的地址和持有令牌的监控系统开放")
    return HttpResponse(metrics.text(), content_type=metrics.TYPE, headers={"Cache-Control": "no-store"})


def _by_token(request: HttpRequest) -> bool:
    wanted: str = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(wanted) and secrets.compare_digest(given.encode(), wanted.encode())


def _by_address(request: HttpRequest) -> bool:
    # A proxy nobody told us of makes the whole world look like this machine.
    if "X-Forwarded-For" in request.headers and not settings.TRUSTED_PROXIES:
        return False
    try:
        caller = ipaddress.ip_address(address_of(request))
    except ValueError:
        return False
    return any(caller in ipaddress.ip_network(one, strict=False) for one in settings.METRICS_FROM)


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("metrics", figures, name="metrics"),
]
