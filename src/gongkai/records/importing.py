"""Importing many records that are public already: every row checked before any goes in, then in as whole batches.

The first pass reads and checks and keeps what it made in a file of its own; the second stores the texts of a batch, then
opens the batch's records in one transaction (:mod:`gongkai.ledger.bulk`). A row is known by its own identifier or by all
it says: the same file again imports nothing twice, and what was killed half-way goes on where it stopped.
"""

import pickle
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import transaction

from gongkai.ledger import blobs, bulk, clock, uploads
from gongkai.ledger.services import Actor, next_number
from gongkai.organs.models import Body
from gongkai.procedure import NEW, Invalid, Refused, clean

from . import numbering
from .entries import prepared
from .guards import tomorrows
from .kinds import Kind
from .models import Record
from .procedure import RECORD
from .services import _EXISTING, KIND, kind_or_invalid, series, subject_key
from .sources import Source, identity, sources

EVENT = "register_existing"
BATCH = 2000
MOVE = RECORD.move(NEW, EVENT)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: its number, its file, the field, and how to mend it, in Chinese."""

    row: int
    file: str
    field: str
    message: str


@dataclass
class Report:
    """What an import did, or would do (``dry_run``). ``imported`` counts what would go in when it is only tried."""

    imported: int = 0
    skipped: int = 0
    failed: list[Fault] = field(default_factory=list)
    dry_run: bool = False

    def to_json(self) -> dict[str, Any]:
        """As the command line and the API say it."""
        failed = [{"row": one.row, "field": one.field, "message": one.message, "file": one.file} for one in self.failed]
        return {"imported": self.imported, "skipped": self.skipped, "failed": failed}


@dataclass(frozen=True)
class Ready:
    """A row that may go in; ``year`` is that of its address and 索引号: of publication where that is known."""

    key: str
    year: int
    data: dict[str, Any]
    system: dict[str, Any]
    text: str
    files: tuple[uploads.Upload, ...]


def run(
    path: Path,
    kind_key: str,
    body: Body,
    actor: Actor,
    *,
    dry_run: bool = False,
    only_good: bool = False,
    progress: Progress = lambda done, total, note: None,
) -> Report:
    """Import everything a path holds as records of one kind and body.

    Every faulty row is reported, and then nothing goes in unless ``only_good``. Raises ``procedure.Invalid`` for a path
    or kind that cannot be used, ``procedure.Refused`` for an actor who may not.
    """
    kind = kind_or_invalid(kind_key)
    if not kind.at_desk:
        raise Invalid([("kind", f"“{kind.label}”不在这里导入")])
    if not actor.roles.intersection(MOVE.roles):
        raise Refused("导入信息须由编辑、公开办办理", kind="role")
    report = Report(dry_run=dry_run)
    with TemporaryFile() as spool:
        ready = _check_all(path, kind, body, actor, spool, report, progress)
        if dry_run:
            report.imported = ready
        elif ready and (only_good or not report.failed):
            spool.seek(0)
            _import_all(spool, ready, kind, body, actor, report, progress)
    return report


def register_many(
    kind_key: str, body: Body, actor: Actor, rows: Sequence[Mapping[str, Any]], keys: Sequence[str]
) -> int:
    """Records that are public already, from values at hand (as ``services.register_existing`` takes them): all or none.

    ``keys`` (one for each row) make every row once only. Returns how many were new. Raises ``procedure.Invalid`` for the
    first faulty row, ``procedure.Refused``.
    """
    kind, today, report = kind_or_invalid(kind_key), clock.today(), Report()
    before = bulk.used_keys(keys)
    fresh = [
        (one, _checked(key, one, kind, body, actor, today))
        for key, one in zip(keys, (Source(n, "", row) for n, row in enumerate(rows, 1)), strict=True)
        if key not in before
    ]
    ready = list(_numbers_new(fresh, kind, body, {}, report))
    if report.failed:
        raise Invalid([(report.failed[0].field, report.failed[0].message)])
    if ready:
        _import(ready, kind, body, actor, report)
    return report.imported


def _check_all(
    path: Path, kind: Kind, body: Body, actor: Actor, spool: IO[bytes], report: Report, progress: Progress
) -> int:
    """The first pass: how many rows are ready, written to the spool."""
    today = clock.today()
    ready, seen, numbers = 0, set[str](), dict[str, int]()
    for batch in _batches(sources(path, kind)):
        with bulk.many_objects(), clock.at(clock.now()):
            rows = _check(batch, kind, body, actor, today, seen, report)
            new = list(_numbers_new(rows, kind, body, numbers, report))
            pickle.dump(new, spool, pickle.HIGHEST_PROTOCOL)
            ready += len(new)
        progress(int(batch[-1].read * 1000), 1000, f"检查 {ready + report.skipped:,} 条")
    return ready


def _check(
    batch: Sequence[Source], kind: Kind, body: Body, actor: Actor, today: date, seen: set[str], report: Report
) -> list[tuple[Source, Ready]]:
    """The rows of a batch that are new and right, each by itself."""
    keys = [_key(kind, body, one) for one in batch]
    before, rows = bulk.used_keys(keys), list[tuple[Source, Ready]]()
    for key, one in zip(keys, batch, strict=True):
        if key in before or key in seen:
            report.skipped += 1
            continue
        seen.add(key)
        try:
            rows.append((one, _checked(key, one, kind, body, actor, today)))
        except Invalid as invalid:
            report.failed += [Fault(one.row, one.file, name, said) for name, said in invalid.errors]
    return rows


def _batches(rows: Iterator[Source]) -> Iterator[list[Source]]:
    batch: list[Source] = []
    for one in rows:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _key(kind: Kind, body: Body, one: Source) -> str:
    return f"import/{KIND}/{body.key}/{kind.key}/{identity(one)}"[:120]


def _checked(key: str, one: Source, kind: Kind, body: Body, actor: Actor, today: date) -> Ready:
    """A row as the commands would take it. Raises ``Invalid`` with every fault."""
    if one.fault:
        raise Invalid([("", one.fault)])
    ready = prepared(kind, body, one.values, _EXISTING)
    told = {"kind": kind.key, **ready.data}
    try:
        values = bulk.checked(KIND, EVENT, told, actor, today)
    except Refused as refused:
        late = tomorrows(clean(MOVE.fields, told), today)
        raise Invalid(late or [("", refused.reason)]) from refused
    if kind.has_text and not ready.text:
        raise Invalid([("text", "请填写“正文”")])
    if one.attached:
        uploads.check(one.attached, "file")
    year = int(str(values.get("published_on") or today)[:4])
    return Ready(key, year, values, ready.system | {"body": body.key}, ready.text or "", one.attached)


def _numbers_new(
    rows: list[tuple[Source, Ready]], kind: Kind, body: Body, seen: dict[str, int], report: Report
) -> Iterator[Ready]:
    """The rows whose 文号 and 索引号 nobody else has; texts of other bodies may share one (an order that changes many)."""
    names = ("document_number", "index_number") if kind.indexed else ()
    taken = {name: _taken(body, name, [row.data[name] for _, row in rows if name in row.data]) for name in names}
    for one, row in rows:
        fault = None
        for name in names:
            number = row.data.get(name, "")
            if number in seen:
                fault = Fault(one.row, one.file, name, f"“{number}”与第 {seen[number]} 行重复")
            elif number in taken[name]:
                fault = Fault(one.row, one.file, name, f"“{number}”文件库中已有，请核对是否重复")
        if fault:
            report.failed.append(fault)
            continue
        seen.update({row.data[name]: one.row for name in names if name in row.data})
        yield row


def _taken(body: Body, name: str, numbers: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(numbers), 900):
        rows = Record.objects.filter(body=body, **{f"{name}__in": numbers[start : start + 900]})
        found.update(rows.values_list(name, flat=True))
    return found


def _import_all(
    spool: IO[bytes], total: int, kind: Kind, body: Body, actor: Actor, report: Report, progress: Progress
) -> None:
    """The second pass, batch by batch; each is wholly in or not at all."""
    done = 0
    while done < total:
        with bulk.many_objects():
            batch: list[Ready] = pickle.load(spool)
            if batch:
                _import(batch, kind, body, actor, report)
        done += len(batch)
        progress(done, total, f"导入 {done:,} / {total:,} 条")


def _import(batch: list[Ready], kind: Kind, body: Body, actor: Actor, report: Report) -> None:
    """A batch, wholly or not at all. Rows another import brought in since they were checked are left out."""
    texts = blobs.put_many(row.text.encode() for row in batch)
    rows = [(row, text, [_file(one) for one in row.files]) for row, text in zip(batch, texts, strict=True)]
    while rows:
        with transaction.atomic():
            opened = bulk.open_many(KIND, EVENT, _openings(rows, kind, body), actor)
            if opened == len(rows):
                report.imported += opened
                return
            transaction.set_rollback(True)  # gives the numbers back
        used = bulk.used_keys([row.key for row, *_ in rows])
        fresh = [one for one in rows if one[0].key not in used]
        report.skipped += len(rows) - len(fresh)
        rows = fresh


def _openings(rows: list[tuple[Ready, str, list[Any]]], kind: Kind, body: Body) -> list[bulk.Opening]:
    """The rows with their keys and numbers. Inside the transaction that uses them."""
    years = Counter(row.year for row, *_ in rows)
    first = {year: next_number(series(body, kind.key, year), many) for year, many in sorted(years.items())}
    numbers = _index_numbers([row for row, *_ in rows], kind, body)
    openings = []
    for (row, text, files), number in zip(rows, numbers, strict=True):
        system = row.system | {"text": text, "attachments": files} | ({"index_number": number} if number else {})
        subject = subject_key(body, kind.key, row.year, first[row.year])
        first[row.year] += 1
        openings.append(bulk.Opening(subject, row.data, system, key=row.key, checked=True))
    return openings


def _file(one: uploads.Upload) -> dict[str, Any]:
    kept = {"name": one.name, "type": uploads.kind_of(one.name), "size": len(one.content)}
    return kept | {"digest": blobs.put(one.content)}


def _index_numbers(rows: list[Ready], kind: Kind, body: Body) -> list[str]:
    """索引号 for those that bear none (empty for the others); the body's series goes on after those that do."""
    if not kind.indexed:
        return [""] * len(rows)
    own = [numbering.own_serial(body, row.data["index_number"]) for row in rows if "index_number" in row.data]
    for year, serial in filter(None, own):
        numbering.index_goes_on(body, year, serial)
    years = Counter(row.year for row in rows if "index_number" not in row.data)
    given = {year: iter(numbering.index_numbers(body, year, many)) for year, many in sorted(years.items())}
    return ["" if "index_number" in row.data else next(given[row.year]) for row in rows]
