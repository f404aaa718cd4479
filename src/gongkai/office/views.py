"""The desk's own pages: front page, sign-in and sign-out, the kit."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from . import kit as samples
from .forms import SignInForm
from .panels import panels

login = LoginView.as_view(
    template_name="office/login.html", authentication_form=SignInForm, redirect_authenticated_user=True
)
logout = login_not_required(LogoutView.as_view(next_page="office:goodbye"))


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
