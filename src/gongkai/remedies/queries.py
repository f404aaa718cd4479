"""Questions about remedies."""

from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from gongkai.ledger.models import Event
from gongkai.organs.scope import Scope

from .models import Complaint, Lawsuit, Reconsideration

MODELS: dict[str, type[Model]] = {"reconsideration": Reconsideration, "lawsuit": Lawsuit, "complaint": Complaint}
M = TypeVar("M", Reconsideration, Lawsuit)


def visible(scope: Scope, kind: str) -> QuerySet[Any]:
    """The cases of a kind a person may see."""
    return scope.limit(MODELS[kind]._default_manager.select_related("body"), "remedies.view")


def answers_owed(rows: QuerySet[M]) -> QuerySet[M]:
    """Reviews or suits whose answer is still to be given, the most urgent first."""
    return rows.filter(state__in=("accepted", "drafted")).order_by("answer_due_on", "key")


def answers_overdue(rows: QuerySet[M], today: date) -> QuerySet[M]:
    """Those whose answer is late today."""
    return answers_owed(rows).filter(answer_due_on__lt=today)


def about_request(request: str) -> dict[str, list[Any]]:
    """Every remedy that concerns a request, by kind, oldest first: for the request's own page."""
    return {
        kind: list(model._default_manager.filter(request=request).order_by("key")) for kind, model in MODELS.items()
    }


def number_of(kind: str, key: str) -> str:
    """The register number a subject was opened under, as its first line has it; empty where there is none."""
    first = Event.objects.filter(subject_kind=kind, subject=key, seq=1).first() if key else None
    return str(first.data.get("number", "")) if first else ""


def in_hand(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Cases not yet ended."""
    return rows.exclude(state__in=("concluded", "closed", "void"))
