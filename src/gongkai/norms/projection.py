"""How replayed norms and entries become their list rows; makes both kinds known to the ledger."""

from typing import Any

from django.db.models import Model

from gongkai.ledger.subjects import Subject, register

from . import events, models
from .procedure import ENTRY, FEE, NORM


def _write(model: type[Model], key: str, row: dict[str, Any]) -> None:
    rows = model._default_manager
    if not rows.filter(pk=key).update(**row):
        rows.create(pk=key, **row)


def project_norm(key: str, norm: events.Norm) -> None:
    """Write the list row of a norm."""
    same = "kind title state document_number register_number issued_on effective_on valid_until ended_on ended_how ended_by"
    row = {name: getattr(norm, name) for name in same.split()}
    amended = [day.isoformat() for day in norm.amended_from]
    _write(models.Norm, key, row | {"body_id": norm.body, "amended_from": amended, "ceased_on": norm.ceased_on})


def project_entry(key: str, entry: events.Entry) -> None:
    """Write the list row of an entry."""
    fee = entry.register == FEE
    row = {
        "body_id": entry.body,
        "register": entry.register,
        "state": entry.state,
        "matter": entry.matter,
        "decided_on": entry.decided_on,
        "count": None if fee else entry.count,
        "amount": entry.amount if fee else None,
        "reference": entry.reference,
    }
    _write(models.Entry, key, row)


NORMS = register(
    Subject(
        "norm", "规章和规范性文件", NORM, events.Norm(), events.step_norm,
        project_norm, (models.Norm,), models.NormTally, events.norm_facts,
    )
)  # fmt: skip
ENTRIES = register(
    Subject(
        "register_entry", "管理事项登记", ENTRY, events.Entry(), events.step_entry,
        project_entry, (models.Entry,), models.EntryTally, events.entry_facts,
    )
)  # fmt: skip
