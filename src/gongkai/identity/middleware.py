"""What somebody has to do before anything else at the desk: change a temporary password, set up a second factor."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from .services import DUTIES

#: Open all the same: doing the duty, and leaving.
OPEN = frozenset(
    {"office:logout", "office:goodbye", "office:login", "office:identity:password", "office:identity:factor"}
)
WAYS = {"password": "office:identity:password", "factor": "office:identity:factor"}


class Duties:
    """Lead to the duty; the session knows it, so that pages need no query."""

    def __init__(self, get_response: Any):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        return response

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        """Guard the desk and whatever else a signed-in officer may open under it."""
        match = request.resolver_match
        if match is None or match.namespaces[:1] != ["office"] or match.view_name in OPEN:
            return None
        if not request.user.is_authenticated:
            return None
        duties = request.session.get(DUTIES)
        return redirect(WAYS[duties[0]]) if duties else None
