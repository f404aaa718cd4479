"""The desk is closed unless one signs in: every view under ``office:`` that does not say otherwise."""

from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase


class SignedIn(LoginRequiredMiddleware):
    """Send everybody else to the sign-in page; a view opens itself with ``@login_not_required``."""

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        """Guard the views of the desk only; the public site is open."""
        match = request.resolver_match
        if match is None or match.namespaces[:1] != ["office"]:
            return None
        answer: HttpResponseBase | None = super().process_view(request, *args)
        return answer
