"""The register file of a body into the ledger: every faulty row reported, the same file never twice."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.db import transaction

from gongkai.ledger import clock
from gongkai.ledger.models import Command
from gongkai.ledger.services import Actor
from gongkai.organs.models import Body
from gongkai.procedure import NEW, Invalid, Refused, Situation, clean

from . import imports
from .events import Entry as EntryState
from .models import Entry
from .procedure import ENTRY, REGISTERS
from .services import enter


def import_entries(
    body: Body,
    content: bytes,
    filename: str,
    actor: Actor,
    *,
    dry_run: bool = False,
    only_good: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> imports.Outcome:
    """Import a register file into ``body``, in one transaction. Every faulty row is reported.

    A file with faults imports nothing unless ``only_good``; the same file again imports nothing twice. ``dry_run``
    only checks. Raises ``procedure.Invalid`` for an unreadable file, ``procedure.Refused`` for an actor who may not.
    """
    rows = imports.read(content, filename)
    prefix = f"import:{body.key}:{hashlib.sha256(content).hexdigest()[:32]}:"
    before = set(Command.objects.filter(key__startswith=prefix).values_list("key", flat=True))
    fresh = [row for row in rows if f"{prefix}{row.number}" not in before]
    good, faults = _checked(body, fresh, actor)
    imported = 0
    if not dry_run and (only_good or not faults):
        with transaction.atomic():
            for imported, row in enumerate(good, start=1):
                enter(body, actor, row.data, key=f"{prefix}{row.number}")
                progress(imported, len(good))
    return imports.Outcome(len(rows), imported, len(rows) - len(fresh), tuple(faults), dry_run)


def _checked(body: Body, rows: Sequence[imports.Row], actor: Actor) -> tuple[list[imports.Row], list[imports.Fault]]:
    known, day = _entered_before(body, rows), clock.today()
    good: list[imports.Row] = []
    faults: list[imports.Fault] = []
    for row in rows:
        found = _row_faults(row.data, actor, day)
        same = (row.data.get("reference", ""), row.data.get("register", ""), row.data.get("decided_on", ""))
        if not found and same[0] and same in known:
            found = [("reference", f"“{same[0]}”已登记过{known[same]}，请核对是否重复")]
        faults += [imports.Fault(row.number, imports.column(name), message) for name, message in found]
        if not found:
            known[same] = f"（本文件第 {row.number} 行）"
            good.append(row)
    return good, faults


def _row_faults(data: Mapping[str, str], actor: Actor, day: date) -> list[tuple[str, str]]:
    try:
        values = clean(imports.FIELDS, data)
        ENTRY.check(NEW, "enter", Situation(EntryState(), actor.key, actor.roles, day, values))
    except Invalid as invalid:
        names = "、".join(name for _, name in REGISTERS)
        return [(f, f"“登记类别”应为：{names}" if f == "register" and f in data else m) for f, m in invalid.errors]
    except Refused as refused:
        if refused.kind == "role":
            raise
        return [("", refused.reason)]
    return []


def _entered_before(body: Body, rows: Sequence[imports.Row]) -> dict[tuple[str, str, str], str]:
    references = sorted({row.data["reference"] for row in rows if "reference" in row.data})
    found: dict[tuple[str, str, str], str] = {}
    for start in range(0, len(references), 500):
        same = Entry.objects.filter(body=body, reference__in=references[start : start + 500], state="entered")
        for reference, register, day in same.values_list("reference", "register", "decided_on"):
            found[reference, register, day.isoformat()] = ""
    return found
