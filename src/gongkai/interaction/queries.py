"""Questions about messages, mistakes, surveys and submissions."""

import secrets
from datetime import date
from typing import TypeVar

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gongkai.ledger import vault
from gongkai.organs.models import Person
from gongkai.organs.scope import Scope

from .models import Matter, Message, Mistake, Submission, Survey
from .services import code_key

RIGHT, PERSONAL = "interaction.view", "interaction.personal"
#: States in which the body still owes the sender something.
OWED = {
    "message": ("received", "assigned", "drafted", "returned", "merged"),
    "mistake": ("received", "assigned", "confirmed"),
}
MODELS: dict[str, type[Matter]] = {"message": Message, "mistake": Mistake}

M = TypeVar("M", bound=Matter)


def _named(rows: QuerySet[M]) -> QuerySet[M]:
    """With the name of whoever handles each, in the same statement."""
    name = Person.objects.filter(username=OuterRef("handler")).values("name")[:1]
    return rows.select_related("body").annotate(handler_name=Coalesce(Subquery(name), F("handler")))


def messages(scope: Scope) -> QuerySet[Message]:
    """The questions a person may see."""
    return scope.limit(_named(Message.objects.all()), RIGHT)


def mistakes(scope: Scope) -> QuerySet[Mistake]:
    """The mistakes a person may see."""
    return scope.limit(_named(Mistake.objects.all()), RIGHT)


def surveys(scope: Scope) -> QuerySet[Survey]:
    """The surveys a person may see."""
    return scope.limit(Survey.objects.select_related("body"), RIGHT)


def submissions(scope: Scope) -> QuerySet[Submission]:
    """What was sent to the surveys a person may see."""
    return scope.limit(Submission.objects.select_related("body", "survey"), RIGHT)


def owed(rows: QuerySet[M], kind: str) -> QuerySet[M]:
    """Those still in hand, the most urgent first."""
    return rows.filter(state__in=OWED[kind]).order_by("due_on", "key")


def overdue(rows: QuerySet[M], kind: str, today: date) -> QuerySet[M]:
    """Those whose time is over today."""
    return owed(rows, kind).filter(due_on__lt=today)


def published() -> QuerySet[Message]:
    """The questions anybody may read, the newest first."""
    return Message.objects.filter(state="published").select_related("body").order_by("-published_on", "-key")


def public_surveys() -> QuerySet[Survey]:
    """The surveys anybody may see."""
    return Survey.objects.filter(state__in=("approved", "summarised", "published")).select_related("body")


def query_code(kind: str, subject: str) -> str:
    """The code that, with the number, lets the sender see the case."""
    return str(vault.peek(code_key(kind, subject)).get("query_code", ""))


def by_code(kind: str, number: str, code: str) -> Matter | None:
    """What a sender may see: the number and the code must both fit (compared in constant time)."""
    row = MODELS[kind]._default_manager.select_related("body").filter(number=number.strip()).first()
    expected = query_code(kind, row.key) if row else ""
    fits = secrets.compare_digest(expected.encode(), code.strip().upper().encode())
    return row if row and expected and fits else None
