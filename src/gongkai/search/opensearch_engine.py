"""The port on OpenSearch: for a cluster, where one machine's index is not enough."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from gongkai.search import opensearch_query as compiled
from gongkai.search import schema
from gongkai.search.asking import Asking, Found, Raw
from gongkai.search.documents import Document, Results, Sort
from gongkai.search.plan import AllOf, Flat, Term
from gongkai.search.suggesting import suggest
from gongkai.search.vocabulary import Vocabulary

#: Documents in one request.
BATCH = 500


def open_opensearch(client: Any, index: str) -> "OpenSearchPort":
    """Open ``index`` with ``client`` (``opensearchpy.OpenSearch``); make it, with its mapping, when there is none."""
    if not client.indices.exists(index=index):
        client.indices.create(index=index, body=compiled.index_body())
    return OpenSearchPort(client, index)


class OpenSearchPort:
    """See ``documents.Port``. Several processes may write; snippets are cut from the original text kept there."""

    def __init__(self, client: Any, index: str) -> None:
        self._client, self._index = client, index

    def add(self, documents: Iterable[Document]) -> int:
        """Add or replace documents; visible after ``commit``. Returns how many. Raises ``RuntimeError``."""
        added, source = 0, iter(documents)
        while chunk := list(islice(source, BATCH)):
            lines: list[dict[str, Any]] = []
            for document in chunk:
                lines += [{"index": {"_id": document.key}}, stored(document)]
            self._bulk(lines)
            added += len(chunk)
        return added

    def remove(self, keys: Iterable[str]) -> None:
        """Remove documents by key; visible after ``commit``."""
        source = iter(keys)
        while chunk := list(islice(source, BATCH)):
            self._bulk([{"delete": {"_id": key}} for key in chunk])

    def commit(self) -> None:
        """Make what was added and removed visible."""
        self._client.indices.refresh(index=self._index)

    def search(
        self,
        query: str,
        *,
        filters: Mapping[str, object] = {},
        readers: Collection[str] = ("public",),
        facets: Sequence[str] = (),
        limit: int = 20,
        offset: int = 0,
        sort: Sort = "relevance",
        vocabulary: Vocabulary | None = None,
        marked: bool = True,
    ) -> Results:
        """See ``Port.search``. Raises ``BadQuery``."""
        return Asking(self, query, filters, readers, vocabulary, marked).results(facets, limit, offset, sort)

    def suggest(self, prefix: str, readers: Collection[str] = ("public",), limit: int = 10) -> list[str]:
        """See ``Port.suggest``."""
        return suggest(self, prefix, readers, limit)

    def text_of(self, key: str) -> str | None:
        """The original text of a document, as of the last commit."""
        found = self.find(AllOf((Flat(Term("key", key), 1.0),)), 1, 0, "newest").hits
        return found[0][4].decode() if found else None

    def count(self) -> int:
        """How many documents there are, as of the last commit."""
        return int(self._client.count(index=self._index)["count"])

    def close(self) -> None:
        """Close the client's connections."""
        self._client.close()

    # What ``Asking`` asks of an engine

    def find(self, node: AllOf, limit: int, offset: int, sort: Sort) -> Found:
        """The documents of a page and how many there are in all."""
        answer = self._search(compiled.search_body(node, limit, offset, sort))["hits"]
        return Found(int(answer["total"]["value"]), tuple(map(_raw, answer["hits"])))

    def texts(self, hits: Sequence[Raw]) -> Mapping[str, str]:
        """The original texts of hits by key."""
        return {hit[0]: hit[4].decode() for hit in hits}

    def counts(self, node: AllOf, names: Sequence[str]) -> dict[str, tuple[tuple[str, int], ...]]:
        """How many documents have each value, the most frequent first."""
        found = self._search(compiled.counts_body(node, names))["aggregations"]
        return {name: tuple((str(one["key"]), one["doc_count"]) for one in found[name]["buckets"]) for name in names}

    def frequencies(self, field: str, tokens: Sequence[str]) -> dict[str, int]:
        """In how many documents each token stands."""
        if not tokens:
            return {}
        found = self._search(compiled.frequencies_body(field, tokens))["aggregations"]["tokens"]["buckets"]
        return {token: found[token]["doc_count"] for token in tokens}

    def _search(self, body: dict[str, Any]) -> Any:
        return self._client.search(index=self._index, body=body)

    def _bulk(self, lines: list[dict[str, Any]]) -> None:
        """Send one request; a document that is not there to delete is no error."""
        answer = self._client.bulk(body=lines, index=self._index)
        results = [result for item in answer["items"] for result in item.values()]
        wrong = [result for result in results if "error" in result]
        if wrong:
            raise RuntimeError(f"OpenSearch 拒绝了 {len(wrong)} 件文件，第一件：{wrong[0]['_id']}，{wrong[0]['error']}")


def stored(document: Document) -> dict[str, Any]:
    """A document as the mapping wants it."""
    kept = schema.fields(document)
    lists = {name: list(values) for name, values in (kept.whole | kept.counted).items()}
    return {
        **kept.placed, **kept.loose, **lists, **kept.numbers,
        "fields": kept.own, "weight": kept.weight, "url": document.url,
        "original_title": document.title, "original_text": document.text,
    }  # fmt: skip


def _raw(hit: dict[str, Any]) -> Raw:
    told = hit["_source"]
    text = told["original_text"].encode("utf-8", "replace")
    return told["key"][0], told["url"], told["original_title"], float(hit["_score"] or 0.0), text
