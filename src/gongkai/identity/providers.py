"""The way to a provider and back, for staff (``office:identity:oidc``) and for citizens (``portal:identity:real_name``)."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gongkai.organs.models import Person

from . import citizens, oidc, services
from .models import Trace
from .signin import begin, safe

TICKET = "oidc"
View = Callable[..., HttpResponse]
BACK = {"staff": "office:identity:oidc_back", "citizen": "portal:identity:real_name_back"}
FRONT = {"staff": "office:login", "citizen": "portal:identity:choose"}


def _leave(request: HttpRequest, audience: str, key: str) -> HttpResponse:
    chosen = _chosen(key, audience)
    onward = request.GET.get("next", "")
    try:
        address, ticket = oidc.depart(chosen, _back(request, audience, key), onward)
    except oidc.OidcRefused as refused:
        return _refused(request, audience, chosen, refused)
    request.session[TICKET] = asdict(ticket)
    return redirect(address)


def _return(request: HttpRequest, audience: str, key: str) -> tuple[oidc.Provider, dict[str, Any], str] | HttpResponse:
    chosen = _chosen(key, audience)
    kept = request.session.pop(TICKET, None)  # once: the same answer a second time finds nothing
    ticket = oidc.Ticket(**kept) if kept else None
    try:
        claims = oidc.arrive(chosen, ticket, request.GET.dict(), _back(request, audience, key))
    except oidc.OidcRefused as refused:
        return _refused(request, audience, chosen, refused)
    return chosen, claims, ticket.onward if ticket else ""


def _chosen(key: str, audience: str) -> oidc.Provider:
    chosen = oidc.provider(key, audience)
    if chosen is None:
        raise Http404
    return chosen


def _back(request: HttpRequest, audience: str, key: str) -> str:
    return request.build_absolute_uri(reverse(BACK[audience], args=[key]))


def _refused(request: HttpRequest, audience: str, chosen: oidc.Provider, refused: oidc.OidcRefused) -> HttpResponse:
    services.note(request, Trace.Kind.REFUSED, "", f"{chosen.key}: {refused.detail}"[:200])
    messages.error(request, str(refused))
    return redirect(FRONT[audience])


@login_not_required
@never_cache
@require_safe
def staff_leave(request: HttpRequest, provider: str) -> HttpResponse:
    """An officer goes to the provider."""
    return _leave(request, "staff", provider)


@login_not_required
@never_cache
@require_safe
def staff_back(request: HttpRequest, provider: str) -> HttpResponse:
    """An officer comes back: matched to somebody we know, never made."""
    found = _return(request, "staff", provider)
    if isinstance(found, HttpResponse):
        return found
    chosen, claims, onward = found
    person = Person.objects.filter(username=chosen.claim("person", claims), is_active=True).first()
    if person is None:
        words = f"您的{chosen.label}账号尚未与本平台人员对应，请联系本机关管理员"
        return _refused(request, "staff", chosen, oidc.OidcRefused("nobody of this name", words))
    return begin(request, person, chosen.label, safe(request, onward), strong=chosen.second_factor)


@never_cache
@require_safe
def citizen_leave(request: HttpRequest, provider: str) -> HttpResponse:
    """A citizen goes to the provider."""
    return _leave(request, "citizen", provider)


@never_cache
@require_safe
def citizen_back(request: HttpRequest, provider: str) -> HttpResponse:
    """A citizen comes back with a real name."""
    found = _return(request, "citizen", provider)
    if isinstance(found, HttpResponse):
        return found
    chosen, claims, onward = found
    try:
        citizens.sign_in(request, chosen, claims)
    except oidc.OidcRefused as refused:
        return _refused(request, "citizen", chosen, refused)
    home = reverse("portal:home")
    return redirect(onward if onward and safe(request, onward) == onward else home)
