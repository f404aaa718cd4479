"""The shared corpus as documents, where it lies beside the repository; and a plain reading of what a search must find."""

import gzip
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gongkai.search import Document
from gongkai.search.fold import fold

CORPUS = Path(os.environ.get("GONGKAI_CORPUS", Path(__file__).resolve().parents[5] / "shared" / "corpus"))


def records() -> Iterator[Document]:
    """Every text of the corpus; one in seven may be read by staff only."""
    for path in sorted(CORPUS.glob("laws-*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(_document, map(json.loads, lines))


def _document(told: dict[str, str]) -> Document:
    body, day = told.get("issuing_body", ""), told.get("publish_date", "")
    return Document(
        key=told["id"],
        url=f"/laws/{told['id']}",
        title=told["title"],
        text=told["text"],
        number=told.get("doc_number", ""),
        kind=told["kind"],
        bodies=(body,) if body else (),
        body_names=(body,) if body else (),
        status=told["status"],
        published_on=date.fromisoformat(day) if day else None,
        readers=("staff",) if int(told["id"][-1], 36) % 7 == 0 else ("public", "staff"),
        fields={"地区": told.get("region", "")},
    )


class Truth:
    """Which documents match, told by Python's ``in`` on the folded title and text."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self.folded = {document.key: (fold(document.title), fold(document.text)) for document in documents}

    def has(self, document: Document, word: str) -> bool:
        """Whether the folded word is in title or text."""
        return any(fold(word) in field for field in self.folded[document.key])

    def keys(self, words=(), excluded=(), kinds=(), years=None, title="", readers=("public",)) -> set[str]:
        """Keys of the documents that match all of it."""
        return {
            document.key
            for document in self.documents
            if set(readers) & set(document.readers)
            and all(self.has(document, word) for word in words)
            and not any(self.has(document, word) for word in excluded)
            and (not kinds or document.kind in kinds)
            and (not years or (document.published_on and years[0] <= document.published_on.year <= years[1]))
            and (not title or fold(title) in self.folded[document.key][0])
        }
