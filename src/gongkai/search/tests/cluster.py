"""A small reading of the part of OpenSearch's query language that is used, over documents in memory.

It is no cluster: it shows that the compiled JSON says what it should. A real one is asked when ``OPENSEARCH_URL`` is set.
"""

from collections import Counter
from types import SimpleNamespace
from typing import Any

SHORT = {"sounds": 19}


class Cluster:
    """Stands where a client of OpenSearch would."""

    def __init__(self) -> None:
        self.waiting: dict[str, dict[str, Any] | None] = {}
        self.seen: dict[str, dict[str, Any]] = {}
        self.mapping: dict[str, Any] = {}
        self.indices = SimpleNamespace(
            exists=lambda index: bool(self.mapping), create=self._create, refresh=self._refresh
        )

    def _create(self, index, body):
        self.mapping = body["mappings"]["properties"]

    def _refresh(self, index):
        for key, told in self.waiting.items():
            if told is None:
                self.seen.pop(key, None)
            else:
                self.seen[key] = told
        self.waiting = {}

    def bulk(self, body, index):
        lines = iter(body)
        for line in lines:
            if "delete" in line:
                self.waiting[line["delete"]["_id"]] = None
            else:
                told = next(lines)
                assert set(told) <= set(self.mapping), "the mapping is strict"
                self.waiting[line["index"]["_id"]] = told
        return {"items": []}

    def count(self, index):
        return {"count": len(self.seen)}

    def close(self):
        """Nothing is open."""

    def search(self, index, body):
        scores = {key: score(told, body.get("query", {"bool": {}})) for key, told in self.seen.items()}
        found = [key for key, points in scores.items() if points is not None]
        if "sort" in body:
            by_day = {"day": "desc"} in body["sort"]
            found.sort(key=lambda key: (-(self.seen[key]["day"] if by_day else scores[key]), key))
        page = found[body.get("from", 0) :][: body["size"]]
        hits = [{"_source": self.seen[key], "_score": scores[key]} for key in page]
        return {
            "hits": {"total": {"value": len(found)}, "hits": hits},
            "aggregations": {name: self._counts(found, asked) for name, asked in body.get("aggs", {}).items()},
        }

    def _counts(self, found, asked):
        if "filters" in asked:
            each = asked["filters"]["filters"].items()
            return {
                "buckets": {n: {"doc_count": sum(score(self.seen[k], q) is not None for k in found)} for n, q in each}
            }
        counts = Counter(value for key in found for value in values(self.seen[key], asked["terms"]["field"]))
        return {"buckets": [{"key": key, "doc_count": count} for key, count in counts.most_common()]}


def values(told: dict[str, Any], field: str) -> list[Any]:
    """What a document has in a field that is not analysed."""
    own = field.startswith("fields.")
    found = told["fields"].get(field.removeprefix("fields."), []) if own else told.get(field, [])
    return found if isinstance(found, list) else [found]


def tokens(told: dict[str, Any], field: str) -> list[str]:
    """The tokens of an analysed field by place; dropped ones are empty."""
    return analysed(field, told[field]) if isinstance(told.get(field), str) else values(told, field)


def analysed(field: str, text: str) -> list[str]:
    return [token if len(token) <= SHORT.get(field, 2) else "" for token in text.split()]


def score(told: dict[str, Any], query: dict[str, Any]) -> float | None:
    """Points of a document, None when it does not match."""
    ((kind, asked),) = query.items()
    return READ[kind](told, asked)


def _term(told, asked):
    ((field, how),) = asked.items()
    return 1.0 if how["value"] in tokens(told, field) else None


def _prefix(told, asked):
    ((field, how),) = asked.items()
    return 1.0 if any(token.startswith(how["value"]) for token in tokens(told, field)) else None


def _phrase(told, asked, open_end=False):
    ((field, how),) = asked.items()
    here, wanted = tokens(told, field), analysed(field, how["query"])
    for start in range(len(here) - len(wanted) + 1):
        pairs = list(zip(wanted, here[start:], strict=False))
        whole = pairs[:-1] if open_end else pairs
        if all(want in ("", token) for want, token in whole) and (
            not open_end or pairs[-1][1].startswith(pairs[-1][0])
        ):
            return 2.0
    return None


def _range(told, asked):
    ((field, how),) = asked.items()
    here = values(told, field)
    return 1.0 if here and how.get("gte", here[0]) <= here[0] <= how.get("lte", here[0]) else None


def _constant(told, asked):
    return None if score(told, asked["filter"]) is None else asked["boost"]


def _function(told, asked):
    points = score(told, asked["query"])
    return None if points is None else points * told[asked["field_value_factor"]["field"]]


def _bool(told, asked):
    must = [score(told, one) for one in asked.get("must", [])]
    should = [points for one in asked.get("should", []) if (points := score(told, one)) is not None]
    excluded = any(score(told, one) is not None for one in asked.get("must_not", []))
    if excluded or None in must or len(should) < asked.get("minimum_should_match", 0):
        return None
    return (sum(must) + sum(should)) * asked.get("boost", 1.0)


READ = {
    "term": _term, "prefix": _prefix, "match_phrase": _phrase, "range": _range, "bool": _bool,
    "match_phrase_prefix": lambda told, asked: _phrase(told, asked, open_end=True),
    "constant_score": _constant, "function_score": _function, "multi_match": lambda told, asked: 0.0,
}  # fmt: skip
