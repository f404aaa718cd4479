"""The bulk download: a ZIP made while it is sent, with a line of JSON for every record, the texts, and a manifest.

``manifest.json`` comes last and gives the SHA-256 and the size of every other member.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from gongkai.ledger import clock
from gongkai.records.models import Record

from . import data, queries

CHUNK = 500
_FORMAT = "gongkai-records/1"


class _Pipe:
    """A file that only grows and gives away what was written; ZIP then writes sizes behind each member."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self.parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        """What was written since last asked."""
        whole = b"".join(self.parts)
        self.parts.clear()
        return whole


def stream(rows: QuerySet[Record], site: str) -> Iterator[bytes]:
    """The bytes of the archive; ``site`` is what addresses begin with. Memory does not grow with the number of records."""
    pipe = _Pipe()
    files: list[dict[str, Any]] = []
    keys = list(rows.order_by("key").values_list("key", flat=True))
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        digest, size = hashlib.sha256(), 0
        with archive.open(zipfile.ZipInfo("records.jsonl", _stamp()), "w", force_zip64=True) as member:
            for record in _records(keys):
                line = (json.dumps(data.summary(record, site), ensure_ascii=False) + "\n").encode()
                digest.update(line)
                size += len(line)
                member.write(line)
                if pipe.parts:
                    yield pipe.taken()
        files.append({"name": "records.jsonl", "sha256": digest.hexdigest(), "size": size})
        for record in _records(keys):
            if record.text:
                text = queries.text_of(record.text).encode()
                info = zipfile.ZipInfo(f"texts/{record.key}.txt", _stamp())
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, text)
                files.append({"name": info.filename, "sha256": record.text, "size": len(text)})
                yield pipe.taken()
        manifest = {"format": _FORMAT, "made_at": clock.now().isoformat(), "records": len(keys), "files": files}
        archive.writestr(
            zipfile.ZipInfo("manifest.json", _stamp()), json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        )
    yield pipe.taken()


def _stamp() -> tuple[int, int, int, int, int, int]:
    day = clock.today()
    return day.year, day.month, day.day, 0, 0, 0


def _records(keys: list[str]) -> Iterator[Record]:
    """The records in the order of the keys; one that was taken down meanwhile is left out."""
    for start in range(0, len(keys), CHUNK):
        part = queries.public().select_related("body").in_bulk(keys[start : start + CHUNK])
        yield from (part[key] for key in keys[start : start + CHUNK] if key in part)
