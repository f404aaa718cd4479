"""Forms of the house: fields as the components draw them, and the form of a procedure's event.

The server checks, the browser does not: a message must be Chinese and say how to mend the entry.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from gongkai.procedure import Field, Invalid, clean


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs, format="%Y-%m-%d")


class Form(forms.Form):
    """The base of every form: drawn by ``<c-fields>``, labels without a colon, optional fields marked 选填."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DateInput(field.widget.attrs)
            if field.required:
                field.error_messages["required"] = f"请填写“{field.label}”"


#: How each kind of a procedure's field is asked for.
_KINDS: dict[str, tuple[type[forms.Field], type[forms.Widget]]] = {
    "text": (forms.CharField, forms.TextInput),
    "long": (forms.CharField, forms.Textarea),
    "date": (forms.CharField, DateInput),
    "integer": (forms.CharField, forms.TextInput),
    "money": (forms.CharField, forms.TextInput),
    "choice": (forms.ChoiceField, forms.Select),
    "truth": (forms.BooleanField, forms.CheckboxInput),
    "hidden": (forms.CharField, forms.HiddenInput),
    "list": (forms.CharField, forms.TextInput),
}
_ATTRIBUTES: dict[str, dict[str, Any]] = {
    "long": {"rows": 4},
    "integer": {"inputmode": "numeric"},
    "money": {"inputmode": "decimal"},
}


def _asked(field: Field) -> forms.Field:
    kind, widget = _KINDS[field.kind]
    options: dict[str, Any] = {"label": field.label, "help_text": field.hint, "required": False}
    if field.kind == "choice":
        few = len(field.choices) <= 6
        options["choices"] = list(field.choices) if few else [("", "请选择"), *field.choices]
        widget = forms.RadioSelect if few else widget
    if field.kind == "list" and field.choices:
        kind, widget = forms.MultipleChoiceField, forms.CheckboxSelectMultiple
        options["choices"] = list(field.choices)
    made = kind(widget=widget(attrs=dict(_ATTRIBUTES.get(field.kind, {}))), **options)
    made.optional = not field.required and field.kind != "truth"  # type: ignore[attr-defined]
    return made


class EventForm(Form):
    """The form of an event, from the same :class:`~gongkai.procedure.Field` list the command checks.

    After ``is_valid()`` the cleaned data are in :attr:`event_data`, exactly as the ledger stores them.
    """

    def __init__(
        self,
        asked: Sequence[Field],
        data: Mapping[str, Any] | None = None,
        *,
        prefix: str | None = None,
        initial: Mapping[str, Any] | None = None,
    ):
        self.asked = asked
        self.event_data: dict[str, Any] = {}
        super().__init__(data, prefix=prefix, initial=initial)
        self.fields.update({field.name: _asked(field) for field in asked})

    def _typed(self) -> dict[str, Any]:
        return {field.name: self._sent(field) for field in self.asked}

    def _sent(self, field: Field) -> Any:
        name = self.add_prefix(field.name)
        several = field.kind == "list" and field.choices and isinstance(self.data, QueryDict)
        return self.data.getlist(name) if several else self.data.get(name)

    def clean(self) -> dict[str, Any]:
        """Check with the procedure's own rules: one rule for desk, API and import."""
        # The procedure's messages are better than Django's, and the same everywhere.
        for name in list(self.errors):
            del self.errors[name]
        try:
            self.event_data = clean(self.asked, self._typed())
        except Invalid as invalid:
            for name, message in invalid.errors:
                self.add_error(name if name in self.fields else None, message)
        return self.cleaned_data
