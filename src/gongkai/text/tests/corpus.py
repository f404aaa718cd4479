"""The shared corpus where it lies beside the repository: a sample by default, all of it with ``GONGKAI_THOROUGH``."""

import gzip
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CORPUS = Path(os.environ.get("GONGKAI_CORPUS", Path(__file__).resolve().parents[5] / "shared" / "corpus"))
THOROUGH = bool(os.environ.get("GONGKAI_THOROUGH"))
EVERY = 1 if THOROUGH else 20


def records(every: int = EVERY) -> Iterator[dict[str, Any]]:
    """Records of the corpus, one in so many; the test is skipped where there is none."""
    for number, record in enumerate(_all()):
        if number % every == 0:
            yield record


def by_id() -> dict[str, dict[str, Any]]:
    """All records by their id."""
    return {record["id"]: record for record in _all()}


def pages() -> list[dict[str, str]]:
    """The raw pages of gov.cn."""
    return list(_lines(CORPUS / "govcn-pages.jsonl.gz")) or pytest.skip(
        "the shared corpus is not here (GONGKAI_CORPUS)"
    )


@cache
def _all() -> list[dict[str, Any]]:
    found = [record for path in sorted(CORPUS.glob("laws-*.jsonl.gz")) for record in _lines(path)]
    return found or pytest.skip("the shared corpus is not here (GONGKAI_CORPUS)")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
