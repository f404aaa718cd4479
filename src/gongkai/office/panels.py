"""The desk's front page is made of panels. An app offers them in its ``desk.py``::

    def due_soon(request: HttpRequest) -> Panel | None: ...
    panels = [due_soon]

A function that returns None has nothing for this person (the right is missing), and no box is drawn.
"""

from django.http import HttpRequest

from gongkai.ui.discover import offered
from gongkai.ui.pieces import Panel


def panels(request: HttpRequest) -> list[Panel]:
    """The panels every installed desk has for this person."""
    made = [make(request) for _, desk in offered("desk") for make in getattr(desk, "panels", ())]
    return [panel for panel in made if panel is not None]
