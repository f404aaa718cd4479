"""Proof that nothing survived: two independent readers of text, every stream unpacked, every metadata entry."""

import io
from collections.abc import Iterable, Sequence

import pypdf
import pypdfium2
from pypdf.generic import ContentStream, DictionaryObject, StreamObject

#: How text may be written in a file.
ENCODINGS = ("utf-8", "utf-16-be", "utf-16-le", "gb18030")


def survivors(content: bytes, removed: Sequence[str]) -> list[str]:
    """Which of the removed texts are still anywhere in a PDF; empty when all are gone.

    Spaces and line ends are ignored. Looked at: the text as PDFium and as pypdf extract it, each stream of the file
    decoded (fonts, images, content, metadata, attachments), and the file's raw bytes.
    """
    texts = [*_texts(content)]
    blobs = [content, *_streams(content)]
    return [one for one in removed if _in_texts(one, texts) or _in_blobs(one, blobs)]


def _in_texts(wanted: str, texts: Sequence[str]) -> bool:
    return any("".join(wanted.split()) in text for text in texts)


def _in_blobs(wanted: str, blobs: Sequence[bytes]) -> bool:
    # One letter in some encoding is two bytes that occur by chance in any image: raw search needs more to go on.
    needles = [encoded for name in ENCODINGS if len(encoded := wanted.encode(name, "ignore")) >= 6]
    return any(needle in blob for needle in needles for blob in blobs)


def _texts(content: bytes) -> Iterable[str]:
    document = pypdfium2.PdfDocument(content)
    yield "".join("".join(document[n].get_textpage().get_text_range().split()) for n in range(len(document)))
    reader = pypdf.PdfReader(io.BytesIO(content))
    yield "".join("".join((page.extract_text() or "").split()) for page in reader.pages)
    told = {name: value for name, value in (reader.metadata or {}).items() if not name.endswith("Date")}
    yield from ("".join(str(value).split()) for value in told.values())


def _streams(content: bytes) -> Iterable[bytes]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 1 if reader.xref else 1):
        try:
            found = reader.get_object(pypdf.generic.IndirectObject(number, 0, reader))
        except (pypdf.errors.PdfReadError, KeyError):
            continue
        if isinstance(found, StreamObject) and not isinstance(found, ContentStream):
            yield found.get_data()
        elif isinstance(found, DictionaryObject):
            yield repr(found).encode("utf-8", "ignore")
