"""The desk's own pages: front page, sign-in and sign-out, the kit."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.identity.signin import SignIn, SignOut

from . import kit as samples
from .panels import panels

login = SignIn.as_view()
logout = login_not_required(SignOut.as_view())


def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, by desk."""
    return render(request, "office/home.html", {"panels": panels(request)})


@login_not_required
def goodbye(request: HttpRequest) -> HttpResponse:
    """After signing out."""
    return render(request, "office/goodbye.html")


@login_not_required
def kit(request: HttpRequest) -> HttpResponse:
    """Every component with sample data; for developers (DEBUG) and tests (``KIT``), otherwise it does not exist."""
    if not (settings.DEBUG or getattr(settings, "KIT", False)):
        raise Http404
    return render(request, "office/kit.html", samples.samples(request))
