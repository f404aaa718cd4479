"""Public addresses of real-name sign-in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from . import citizens, oidc, providers


@never_cache
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Where to sign in; who is signed in sees as whom."""
    found = citizens.citizen(request)
    masked = f"{found.name[:1]}{'＊' * max(1, len(found.name) - 1)}" if found else ""
    context = {
        "title": "实名登录",
        "providers": oidc.providers("citizen"),
        "who": masked,
        "next": request.GET.get("next", ""),
    }
    return render(request, "identity/real_name.html", context)


@never_cache
@require_POST
def out(request: HttpRequest) -> HttpResponse:
    """Forget the real name."""
    citizens.sign_out(request)
    messages.success(request, "已退出实名登录")
    return redirect("portal:identity:choose")


urlpatterns = [
    path("real-name/", choose, name="choose"),
    path("real-name/out/", out, name="out"),
    path("real-name/<slug:provider>/", providers.citizen_leave, name="real_name"),
    path("real-name/<slug:provider>/back/", providers.citizen_back, name="real_name_back"),
]
