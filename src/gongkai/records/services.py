"""Commands on records: the only writers. Each is one transaction and may carry a key."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.law.attributes import Attribute
from gongkai.ledger import blobs, clock, uploads
from gongkai.ledger.services import Actor, Done, act, next_number, replay
from gongkai.organs.models import Body
from gongkai.procedure import Invalid

from . import marks, numbering
from .entries import Prepared, prepared
from .events import Entry, Piece
from .kinds import Kind, kind
from .models import Record
from .procedure import META, RECORD

KIND = "record"
_META = tuple(one.name for one in META)
_EXISTING = tuple(
    field.name for move in RECORD.events["register_existing"] for field in move.fields if field.name != "kind"
)


@dataclass(frozen=True)
class Files:
    """Attachments: those added, and of those there the digests kept (None: all)."""

    added: Sequence[uploads.Upload] = ()
    kept: Collection[str] | None = None


NO_FILES = Files()


def draft(
    body: Body,
    actor: Actor,
    kind_key: str,
    values: Mapping[str, Any],
    *,
    files: Files = NO_FILES,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Begin a document. ``values``: fields of the event, ``text``, and the kind's own ones (see :mod:`.entries`).

    Raises ``procedure.Invalid``, ``procedure.Refused``.
    """
    return _open("draft", body, actor, kind_key, values, files, day, key)


def enter(
    body: Body,
    actor: Actor,
    kind_key: str,
    values: Mapping[str, Any],
    *,
    files: Files = NO_FILES,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Begin information that is no document: the short procedure."""
    return _open("enter", body, actor, kind_key, values, files, day, key)


def register_existing(
    body: Body,
    actor: Actor,
    kind_key: str,
    values: Mapping[str, Any],
    *,
    files: Files = NO_FILES,
    day: date | None = None,
    key: str | None = None,
) -> Done:
    """Enter what is public already; many at once: :mod:`.importing`."""
    return _open("register_existing", body, actor, kind_key, values, files, day, key)


def subject_key(body: Body, kind_key: str, year: int, count: int) -> str:
    """The key of a record, its readable address: ``cq-office-2021-meeting-00012``."""
    return f"{body.key}-{year}-{kind_key}-{count:05d}"


def series(body: Body, kind_key: str, year: int) -> str:
    """The gapless series of these keys."""
    return f"{KIND}/{body.key}/{year}/{kind_key}"


def kind_or_invalid(key: str) -> Kind:
    """A kind by key. Raises ``procedure.Invalid`` (field ``kind``)."""
    try:
        return kind(key)
    except LookupError as error:
        raise Invalid([("kind", str(error.args[0]))]) from error


def _open(
    event: str, body: Body, actor: Actor, kind_key: str, values: Mapping[str, Any], files: Files, day: date | None,
    key: str | None,
) -> Done:  # fmt: skip
    one, on = kind_or_invalid(kind_key), day or clock.today()
    with transaction.atomic():
        ready = prepared(one, body, values, _EXISTING if event == "register_existing" else _META)
        system = ready.system | {"body": body.key} | _stored(ready, files, Entry())
        if event == "register_existing":
            system |= _existing_number(body, one, ready, on)
        subject = subject_key(body, one.key, on.year, next_number(series(body, one.key, on.year)))
        data = {"kind": one.key, **ready.data}
        done = act(KIND, subject, event, actor, day=on, data=data, system_data=system, key=key)
        if done.repeated:
            transaction.set_rollback(True)  # gives the numbers back
        else:
            _number_is_new(subject, done.state)
        return done


def _existing_number(body: Body, one: Kind, ready: Prepared, on: date) -> dict[str, str]:
    """The 索引号 of something registered as public: the one it bears, else the next of the year it was published."""
    written = ready.data.get("index_number", "")
    if written:
        if own := numbering.own_serial(body, written):
            numbering.index_goes_on(body, *own)
        return {}
    year = int(str(ready.data.get("published_on", on.isoformat()))[:4])
    number = numbering.index_number(body, year) if one.indexed else ""
    return {"index_number": number} if number else {}


def _stored(ready: Prepared, files: Files, before: Entry) -> dict[str, Any]:
    """Text and files into the store; what the line says of them."""
    told: dict[str, Any] = {}
    if ready.text is not None:
        told["text"] = blobs.put(ready.text.encode()) if ready.text else ""
    elif before.text:
        told |= {"text": before.text, "marks": list(before.marks)}
    kept = [one for one in before.attachments if files.kept is None or one["digest"] in files.kept]
    uploads.check(files.added, "files")
    told["attachments"] = [*kept, *map(_file, files.added)]
    return told


def _file(upload: uploads.Upload) -> dict[str, Any]:
    digest, size = blobs.put(upload.content), len(upload.content)
    return {"name": upload.name, "type": uploads.kind_of(upload.name), "size": size, "digest": digest}


def _number_is_new(subject: str, piece: Piece) -> None:
    for name, label in (("document_number", "发文字号"), ("index_number", "索引号")):
        number = getattr(piece, name)
        same = Record.objects.filter(**{name: number}, body=piece.body).exclude(pk=subject) if number else None
        if same is not None and (other := same.first()):
            raise Invalid([(name, f"{label}“{number}”已用于《{other.title}》，请核对")])


def do(
    key: str,
    event: str,
    actor: Actor,
    values: Mapping[str, Any] | None = None,
    *,
    files: Files = NO_FILES,
    day: date | None = None,
    token: str | None = None,
) -> Done:
    """Make any later event of a record. Raises ``Invalid``, ``Refused``, ``ledger.services.Conflict``."""
    with transaction.atomic():
        piece: Piece = replay(KIND, key)
        body, on = Body.objects.get(key=piece.body), day or clock.today()
        data, system = dict(values or {}), {}
        if event in {"edit", "change"}:
            data, system = _entry(piece, body, data, files, event)
        elif event in _ADDED:
            data, system = _ADDED[event](piece, body, data, on)
        done = act(KIND, key, event, actor, day=on, data=data, system_data=system, key=token)
        if done.repeated:
            transaction.set_rollback(True)
        elif event == "number":
            _number_is_new(key, done.state)
        return done


Added = tuple[dict[str, Any], dict[str, Any]]


def _entry(piece: Piece, body: Body, values: dict[str, Any], files: Files, event: str) -> Added:
    """A whole new entry; text and files not given stay."""
    names = (*_META, "reason") if event == "change" else _META
    ready = prepared(kind_or_invalid(piece.kind), body, values, names)
    return ready.data, ready.system | _stored(ready, files, piece.entry)


def _numbers(piece: Piece, body: Body, data: dict[str, Any], on: date) -> Added:
    """文号 and 索引号, and the text with the mark of its attribute."""
    given, style = data.pop("document_number", ""), data.get("style", "")
    number = piece.document_number or (
        numbering.given_number(body, given) if given else numbering.document_number(body, style, on.year)
    )
    system = {"document_number": number}
    if piece.attribute:
        system |= _printed(piece, lambda text: marks.printed(text, Attribute(piece.attribute)))
    return data, system | _index(piece, body, on)


def _index(piece: Piece, body: Body, on: date) -> dict[str, Any]:
    known = kind(piece.kind)
    if piece.index_number or not known.indexed:
        return {"index_number": piece.index_number} if piece.index_number else {}
    number = numbering.index_number(body, on.year)
    return {"index_number": number} if number else {}


def _printed(piece: Piece, change: Callable[[str], str]) -> dict[str, Any]:
    if not piece.entry.text:
        return {}
    text = change(blobs.get(piece.entry.text).decode())
    return {"text": blobs.put(text.encode()), "marks": marks.found(text)}


def _publish(piece: Piece, body: Body, data: dict[str, Any], on: date) -> Added:
    return data, _index(piece, body, on)


def _release(piece: Piece, body: Body, data: dict[str, Any], on: date) -> Added:
    """What is opened bears the mark of 主动公开 from now on."""
    old = Attribute(piece.attribute) if piece.attribute else Attribute.ACTIVE
    return data, _printed(piece, lambda text: marks.replaced(text, old, Attribute.ACTIVE))


_ADDED: dict[str, Callable[[Piece, Body, dict[str, Any], date], Added]] = {
    "number": _numbers,
    "publish": _publish,
    "release": _release,
}
