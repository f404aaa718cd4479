"""From the plan of a search to OpenSearch's JSON, and the mapping it needs. Pure functions: no cluster is asked.

The fields hold the same tokens as on tantivy, made here and only split at spaces there, so that both engines find the
same. The built-in ``cjk`` analyser reads the original title and text beside them: it ranks what OR finds. It cannot prove
a substring (it drops single characters between others and keeps Latin words whole), so AND does not use it.
"""

from collections.abc import Sequence
from typing import Any

from gongkai.search import schema
from gongkai.search.fold import DROPPED
from gongkai.search.plan import AllOf, Flat, Interval, Like, Node, Phrase, Term, Weighted

#: Beginnings of tokens are looked up to so many tokens.
EXPANSIONS = 20_000
MOST_VALUES = 2000
DEEPEST = 20_000


def index_body() -> dict[str, Any]:
    """Settings and mapping of an index. Nothing is visible before it is refreshed, which ``commit`` does."""
    placed = {name: {"type": "text", "analyzer": "sounds" if name == "sounds" else "pairs"} for name in schema.PLACED}
    loose = {name: {"type": "text", "analyzer": "whitespace"} for name in schema.LOOSE}
    keywords = {name: {"type": "keyword"} for name in (*schema.WHOLE, *schema.COUNTED)}
    numbers = {name: {"type": "integer"} for name in schema.NUMBERS}
    original = {name: {"type": "text", "analyzer": "cjk"} for name in ("original_title", "original_text")}
    short = {"type": "length", "max": 2}
    return {
        "settings": {
            "index": {"refresh_interval": "-1", "max_result_window": DEEPEST},
            "analysis": {
                "filter": {"two": short, "syllables": {"type": "length", "max": 19}},
                "analyzer": {
                    "pairs": {"type": "custom", "tokenizer": "whitespace", "filter": ["two"]},
                    "sounds": {"type": "custom", "tokenizer": "whitespace", "filter": ["syllables"]},
                },
            },
        },
        "mappings": {
            "dynamic": "strict",
            "properties": {
                **placed, **loose, **keywords, **numbers, **original,
                "weight": {"type": "float"},
                "url": {"type": "keyword", "index": False},
                "fields": {"type": "object", "dynamic": True},
            },
            "dynamic_templates": [{"own": {"path_match": "fields.*", "mapping": {"type": "keyword"}}}],
        },
    }  # fmt: skip


def search_body(node: AllOf, limit: int, offset: int, sort: str) -> dict[str, Any]:
    """A page of what ``node`` finds."""
    body: dict[str, Any] = {"from": offset, "size": limit, "track_total_hits": True}
    body["_source"] = ["key", "url", "original_title", "original_text"]
    if sort == "newest":
        return body | {"query": translate(node), "sort": [{"day": "desc"}, {"key": "asc"}]}
    weighted = {"query": translate(node), "field_value_factor": {"field": "weight"}, "boost_mode": "multiply"}
    return body | {"query": {"function_score": weighted}, "sort": ["_score", {"key": "asc"}]}


def counts_body(node: AllOf, names: Sequence[str]) -> dict[str, Any]:
    """How many documents have each value of the fields ``names``."""
    wanted = {name: {"terms": {"field": counted(name), "size": MOST_VALUES}} for name in names}
    return {"size": 0, "query": translate(node), "aggs": wanted}


def frequencies_body(field: str, tokens: Sequence[str]) -> dict[str, Any]:
    """In how many documents each token stands."""
    each = {token: {"term": {field: {"value": token}}} for token in tokens}
    return {"size": 0, "aggs": {"tokens": {"filters": {"filters": each}}}}


def counted(name: str) -> str:
    """Where a facet's values are."""
    return name if name in schema.COUNTED or name == "year" else f"fields.{schema.own_field(name)}"


def translate(node: Node) -> dict[str, Any]:
    """One node of the plan."""
    match node:
        case Term(field, token):
            return {"term": {field: {"value": token}}}
        case Phrase():
            return _phrase(node)
        case Interval(field, start, end):
            ends = {"gte": start, "lte": end}
            return {"range": {field: {name: value for name, value in ends.items() if value is not None}}}
        case Weighted(inner, factor):
            return {"bool": {"must": [translate(inner)], "boost": factor}}
        case Flat(inner, score):
            return {"constant_score": {"filter": translate(inner), "boost": score}}
        case Like(text):
            return {"multi_match": {"query": text, "fields": ["original_title^3", "original_text"], "analyzer": "cjk"}}
        case AllOf(must, should, excluded, minimum):
            parts = {"must": must, "should": should, "must_not": excluded}
            told: dict[str, Any] = {name: [translate(one) for one in nodes] for name, nodes in parts.items() if nodes}
            return {"bool": told | ({"minimum_should_match": minimum} if should else {})}


def _phrase(node: Phrase) -> dict[str, Any]:
    """The tokens with as many dropped ones between them as there are places."""
    first, last = node.places[0][0], node.places[-1][0]
    if len(node.places) == 1:
        kind = "prefix" if node.open_end else "term"
        return {kind: {node.field: {"value": node.places[0][1]}}}
    at = dict(node.places)
    filler = DROPPED if node.field != "sounds" else DROPPED * 2
    text = " ".join(at.get(place, filler) for place in range(first, last + 1))
    if node.open_end:
        return {"match_phrase_prefix": {node.field: {"query": text, "max_expansions": EXPANSIONS}}}
    return {"match_phrase": {node.field: {"query": text}}}
