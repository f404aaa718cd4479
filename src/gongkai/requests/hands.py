"""Who may work on a case: the units and handlers a form offers, so that nobody types a sign-in name."""

from collections.abc import Iterable

from django import forms

from gongkai.organs.models import Person, Unit
from gongkai.ui.forms import EventForm


def offer_hands(form: EventForm, bodies: Iterable[str]) -> None:
    """Where a form asks for unit and handler: those of these bodies to choose from."""
    if "handler" not in form.fields:
        return
    keys = list(bodies)
    units = Unit.objects.filter(body__key__in=keys).values_list("name", flat=True)
    people = Person.objects.filter(is_active=True, grants__body__key__in=keys, grants__role="handler").distinct()
    choose(form, "unit", [("", "请选择"), *((name, name) for name in dict.fromkeys(units))])
    choose(form, "handler", [("", "由处室确定"), *((p.username, p.name) for p in people)])


def choose(form: EventForm, name: str, choices: list[tuple[str, str]]) -> None:
    """Let a field that is written be chosen from a list; the command still checks what comes."""
    old = form.fields[name]
    made = forms.ChoiceField(choices=choices, label=old.label, help_text=old.help_text, required=False)
    made.optional = old.optional  # type: ignore[attr-defined]
    form.fields[name] = made
