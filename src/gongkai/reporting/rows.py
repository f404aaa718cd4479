"""The rows a figure counts, as a list: which columns of which model, by allow-list, so that nothing personal slips in."""

from typing import Any

from django.db.models import DateField, Model

from gongkai.ui.context import address
from gongkai.ui.lists import Column, DayColumn, PillColumn, Table

#: Model → columns. A model that is not named here shows its name and body only.
COLUMNS: dict[str, tuple[str, ...]] = {
    "requests.request": (
        "number", "body", "title", "category", "channel", "received_on", "decided_on", "leaf", "state",
    ),
    "requests.deflection": ("on", "body", "outcome", "shown"),
    "remedies.reconsideration": (
        "number", "body", "case_number", "contested", "forum", "filed_on", "ended_on", "result", "state",
    ),
    "remedies.lawsuit": (
        "number", "body", "case_number", "route", "contested", "forum", "filed_on", "ended_on", "result", "state",
    ),
    "remedies.complaint": ("number", "body", "door", "received_on", "handled_on", "finding", "measure", "state"),
    "norms.norm": ("title", "body", "kind", "document_number", "issued_on", "effective_on", "ended_on", "state"),
    "norms.entry": ("reference", "body", "register", "decided_on", "count", "amount", "state"),
    "records.record": ("title", "body", "kind", "document_number", "attribute", "published_on", "state"),
    "zones.zone": ("name", "body", "level", "host", "address", "opened_on", "state"),
    "zones.service": ("on", "body", "zone", "service", "people", "papers", "state"),
    "disclosures.item": ("number", "body", "title", "outcome", "published_on", "state"),
    "disclosures.proposal": ("number", "body", "title", "count", "raised_on", "accepted_on", "state"),
    "interaction.message": ("number", "body", "received_on", "due_on", "answered_on", "took", "state"),
    "interaction.mistake": ("number", "body", "kind", "received_on", "due_on", "ended_on", "state"),
    "interaction.survey": ("title", "body", "form", "since", "until", "published_on", "state"),
    "interaction.submission": ("number", "body", "survey", "received_on", "outcome", "state"),
    "subscriptions.subscription": ("number", "body", "frequency", "confirmed_on", "ended_on", "state"),
    "notices.message": ("channel", "body", "state"),
}  # fmt: skip
#: Model → the page of one row, where that desk is installed.
PAGES = {
    "requests.request": "office:requests:case",
    "remedies.reconsideration": "office:remedies:reconsideration",
    "remedies.lawsuit": "office:remedies:lawsuit",
    "remedies.complaint": "office:remedies:complaint",
    "norms.norm": "office:norms:case",
    "norms.entry": "office:norms:entry",
    "records.record": "office:records:case",
    "zones.zone": "office:zones:zone",
    "zones.service": "office:zones:service",
    "disclosures.item": "office:disclosures:item",
    "disclosures.proposal": "office:disclosures:proposal",
    "interaction.message": "office:interaction:message",
    "interaction.mistake": "office:interaction:mistake",
    "interaction.survey": "office:interaction:survey",
    "interaction.submission": "office:interaction:submission",
    "subscriptions.subscription": "office:subscriptions:case",
}


def table_of(model: type[Model]) -> type[Table]:
    """The list's columns for a model; the first leads to the row's own page where there is one."""
    name = model._meta.label_lower
    if name not in COLUMNS:
        columns: dict[str, Column] = {"__str__": Column("事项", orderable=False), "body": Column("机关")}
    else:
        first, *others = COLUMNS[name]
        columns = {first: Column(_heading(model, first), linkify=lambda record: _page(name, record))}
        columns |= {field: _column(model, field) for field in others}
    return type(f"{model.__name__}Rows", (Table,), columns)


def _heading(model: type[Model], field: str) -> str:
    return str(getattr(model._meta.get_field(field), "verbose_name", field))


def _column(model: type[Model], field: str) -> Column:
    kind: Any = Column
    if isinstance(model._meta.get_field(field), DateField):
        kind = DayColumn
    elif field == "state":
        kind = PillColumn
    return kind(_heading(model, field))  # type: ignore[no-any-return]


def _page(name: str, record: Any) -> str | None:
    return address(PAGES[name], record.pk) if name in PAGES else None
