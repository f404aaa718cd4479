"""What an import reads, row by row: JSON lines (plain or gzip), CSV, XLSX, single documents, folders of all these."""

import gzip
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from gongkai.ledger.chain import canonical
from gongkai.ledger.uploads import Upload
from gongkai.procedure import Field, Invalid
from gongkai.ui.sheets import Sheet

from . import reading
from .kinds import Kind
from .procedure import RECORD

TEXT = Field("text", "正文", "long", required=False, longest=10_000_000)
#: Fields of the corpus of national texts (and of other collections) by the names of ours.
ALIASES = {
    "issuing_body": "issuer", "doc_number": "document_number", "written_date": "written_on",
    "publish_date": "published_on", "effective_date": "effective_on", "kind": "data.level", "region": "data.region",
    "status": "data.status", "subtitle": "data.subtitle", "work_id": "data.work", "history": "data.history",
    "source": "data.source", "source_path": "data.source_path", "url": "source_url",
}  # fmt: skip
#: Fields of collections that a record has no place for.
_DROPPED = frozenset({"id", "versions_in_corpus"})
_KEPT = frozenset({"docx", "pdf"})


@dataclass(frozen=True)
class Source:
    """One row: its number (from 1; of the header's line on in a table), its file, its values, or why it is unreadable."""

    row: int
    file: str
    values: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""
    identity: str = ""
    attached: tuple[Upload, ...] = ()
    read: float = 1.0


def fields_of(kind: Kind) -> tuple[Field, ...]:
    """The columns a table of this kind may have."""
    own = tuple(one for one in RECORD.events["register_existing"][0].fields if one.name != "kind")
    return (*own[:1], TEXT, *own[1:], *kind.fields)


def sheet_of(kind: Kind) -> Sheet:
    """The table of a kind, for reading and as an empty one to fill in."""
    return Sheet(kind.label, fields_of(kind))


def sources(path: Path, kind: Kind) -> Iterator[Source]:
    """Every row below a path. Raises ``procedure.Invalid`` (field ``file``) for a path or a table that cannot be read."""
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
        if not files:
            raise Invalid([("file", f"文件夹 {path} 是空的")])
        count = 0
        for done, file in enumerate(files):
            for one in _file(file, kind):
                count += 1
                yield Source(count, str(file.relative_to(path)), one.values, one.fault, one.identity, one.attached,
                             (done + one.read) / len(files))  # fmt: skip
        return
    if not path.is_file():
        raise Invalid([("file", f"没有这个文件：{path}")])
    yield from _file(path, kind)


def _file(path: Path, kind: Kind) -> Iterator[Source]:
    name = path.name.lower()
    if name.endswith((".jsonl", ".jsonl.gz", ".ndjson")):
        return _json_lines(path, kind)
    if name.endswith((".csv", ".xlsx")):
        return _table(path.name, path.read_bytes(), kind)
    return _document(path.name, path.read_bytes())


def _json_lines(path: Path, kind: Kind) -> Iterator[Source]:
    size = max(path.stat().st_size, 1)
    with path.open("rb") as raw:
        stream = gzip.GzipFile(fileobj=raw) if path.name.lower().endswith(".gz") else raw
        try:
            for row, line in enumerate(io.BufferedReader(stream, 1 << 20), 1):  # type: ignore[type-var]
                if line.strip():
                    yield _json_line(row, line, path.name, kind, raw.tell() / size)
        except (OSError, EOFError) as error:
            raise Invalid([("file", f"{path.name} 损坏，解压不完整")]) from error


def _json_line(row: int, line: bytes, file: str, kind: Kind, read: float) -> Source:
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError:
        return Source(row, file, fault="不是有效的 JSON", read=read)
    if not isinstance(told, dict):
        return Source(row, file, fault="应为一个 JSON 对象", read=read)
    identity = str(told.get("id", ""))
    if isinstance(told.get("html"), str):
        try:
            found = reading.of_html(told.pop("html"))
        except reading.Unreadable as error:
            return Source(row, file, fault=str(error), read=read)
        told = found | told
        identity = identity or str(told.get("url", ""))
    return Source(row, file, _named(told, kind), identity=identity, read=read)


def _named(told: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    """Values under our names; what the kind has no property for is left out where only collections say it."""
    values: dict[str, Any] = {}
    for name, value in told.items():
        if name in _DROPPED or value in (None, "", []):
            continue
        if name in kind.properties:
            values[f"data.{name}"] = value
            continue
        ours = ALIASES.get(name, name)
        if name in ALIASES and ours.startswith("data.") and ours[5:] not in kind.properties:
            continue
        values[ours] = reading.day(value) if ours.endswith("_on") and isinstance(value, str) else value
    return values


def _table(name: str, content: bytes, kind: Kind) -> Iterator[Source]:
    rows = sheet_of(kind).read(content, name)
    for done, row in enumerate(rows, 1):
        yield Source(row.number, name, row.data, read=done / len(rows))


def _document(name: str, content: bytes) -> Iterator[Source]:
    try:
        values = reading.read(name, content)
    except reading.Unreadable as error:
        yield Source(1, name, fault=str(error))
        return
    ending = name.rpartition(".")[2].lower()
    attached = (Upload(name, content),) if ending in _KEPT else ()
    yield Source(1, name, values, attached=attached)


def identity(one: Source) -> str:
    """By what a row is known again: its own identifier, else all it says."""
    if one.fault:
        return hashlib.sha256(f"{one.file}:{one.row}".encode()).hexdigest()[:32]
    told = one.identity or hashlib.sha256(canonical(dict(one.values))).hexdigest()
    return hashlib.sha256(told.encode()).hexdigest()[:32]
