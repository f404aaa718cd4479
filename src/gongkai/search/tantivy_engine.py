"""The port on tantivy: an index in a directory, one writer, any number of readers."""

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from threading import RLock
from typing import Any

import tantivy

from gongkai.search import schema
from gongkai.search.asking import Asking, Found
from gongkai.search.documents import Document, IndexLocked, Results, Sort, Texts
from gongkai.search.fold import LONGEST
from gongkai.search.plan import AllOf, Flat, Interval, Like, Node, Phrase, Term, Weighted, without_scores
from gongkai.search.sound import LONGEST_SOUND
from gongkai.search.suggesting import suggest
from gongkai.search.vocabulary import Vocabulary

#: Memory the writer may fill before it writes a segment, in bytes.
HEAP = 128_000_000
#: Different values counted for one facet.
MOST_VALUES = 2000


def open_tantivy(path: str | Path, texts: Texts | None = None, *, heap: int = HEAP) -> "TantivyPort":
    """Open the index in the directory ``path``; make it when there is none.

    Snippets are cut from the original text: the index keeps it (compressed) unless ``texts`` gives it by key; then the
    index is smaller than the texts. Decide once: what was added without a text has none in the index.
    """
    return TantivyPort(Path(path), texts, heap)


class TantivyPort:
    """See ``documents.Port``. Safe to use from several threads; other processes see each commit."""

    def __init__(self, path: Path, texts: Texts | None = None, heap: int = HEAP) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._path, self._texts, self._heap = path, texts, heap
        self._index = tantivy.Index(_schema(), path=str(path))
        short = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
        self._index.register_tokenizer("pairs", short.filter(tantivy.Filter.remove_long(LONGEST)).build())
        sounds = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
        self._index.register_tokenizer("sounds", sounds.filter(tantivy.Filter.remove_long(LONGEST_SOUND)).build())
        self._schema = self._index.schema
        self._writer: Any = None
        self._lock = RLock()
        self._seen: object = None
        self._index.config_reader("manual")

    # Writing

    def add(self, documents: Iterable[Document]) -> int:
        """Add or replace documents; visible after ``commit``. Returns how many. Raises ``IndexLocked``."""
        added = 0
        with self._lock:
            writer = self._writing()
            for document in documents:
                writer.delete_documents_by_term("key", document.key)
                writer.add_document(self._made(document))
                added += 1
        return added

    def remove(self, keys: Iterable[str]) -> None:
        """Remove documents by key; visible after ``commit``. Raises ``IndexLocked``."""
        with self._lock:
            writer = self._writing()
            for key in keys:
                writer.delete_documents_by_term("key", key)

    def commit(self) -> None:
        """Make what was added and removed lasting and visible to every process."""
        with self._lock:
            if self._writer is not None:
                self._writer.commit()

    def merge(self) -> None:
        """Commit, and wait until the segments of the index are merged: smaller and faster after a long build."""
        with self._lock:
            self.commit()
            if self._writer is not None:
                self._writer.wait_merging_threads()
                self._writer = None

    def close(self) -> None:
        """Let go of the writer's lock; what was not committed is lost."""
        with self._lock:
            if self._writer is not None:
                self._writer.rollback()
                self._writer.wait_merging_threads()
            self._writer = None

    def _writing(self) -> Any:
        if self._writer is None:
            try:
                self._writer = self._index.writer(self._heap, 1)
            except ValueError as error:
                if "Lock" not in str(error):
                    raise
                raise IndexLocked(f"检索索引正由另一个进程写入，同一时间只能有一个：{self._path}") from error
        return self._writer

    def _made(self, document: Document) -> Any:
        kept, made = schema.fields(document), tantivy.Document()
        for name, tokens in (*kept.placed.items(), *kept.loose.items()):
            made.add_text(name, tokens)
        for name, values in (*kept.whole.items(), *kept.counted.items()):
            for value in values:
                made.add_text(name, value)
        for name, number in kept.numbers.items():
            made.add_integer(name, number)
        if kept.own:
            made.add_json("fields", kept.own)
        # tantivy multiplies a score by log2(2 + this).
        made.add_float("weight", 2 ** (1 + kept.weight) - 2)
        made.add_bytes("shown", schema.shown(document))
        if self._texts is None:
            made.add_bytes("text", zlib.compress(document.text.encode("gb18030", "replace"), 6))
        return made

    # Reading

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
        asking = Asking(_Snapshot(self), query, filters, readers, vocabulary, marked)
        return asking.results(facets, limit, offset, sort)

    def suggest(self, prefix: str, readers: Collection[str] = ("public",), limit: int = 10) -> list[str]:
        """See ``Port.suggest``."""
        return suggest(_Snapshot(self), prefix, readers, limit)

    def text_of(self, key: str) -> str | None:
        """The original text of a document."""
        if self._texts is not None:
            return self._texts([key]).get(key)
        snapshot = _Snapshot(self)
        found = snapshot.find(AllOf((Term("key", key),)), 1, 0, "relevance").hits
        return snapshot.texts(found).get(key) if found else None

    def count(self) -> int:
        """How many documents there are."""
        return int(self.searcher().num_docs)

    def searcher(self) -> Any:
        """A view of the last commit, also when another process made it."""
        with self._lock:
            meta = (self._path / "meta.json").stat()
            now = (meta.st_mtime_ns, meta.st_size, meta.st_ino)
            if now != self._seen:
                self._index.reload()
                self._seen = now
            return self._index.searcher()


class _Snapshot:
    """One view of the index: what ``Asking`` asks of an engine."""

    def __init__(self, port: TantivyPort) -> None:
        self._searcher, self._schema, self._supplied = port.searcher(), port._schema, port._texts

    def find(self, node: AllOf, limit: int, offset: int, sort: Sort) -> Found:
        """The documents of a page and how many there are in all."""
        asked = translate(self._schema, node if sort == "relevance" and limit else without_scores(node))
        if limit <= 0:
            return Found(self._searcher.search(asked, 1, count=True).count, ())
        how: dict[str, Any] = {"order_by_field": "day"} if sort == "newest" else {"weight_by_field": "weight"}
        result = self._searcher.search(asked, limit, count=True, offset=offset, **how)
        hits = []
        for score, address in result.hits:
            stored = self._searcher.doc(address)
            key, url, title = stored["shown"][0].decode().split("\t", 2)
            packed = stored.get_first("text")
            hits.append((key, url, title, float(score), bytes(packed) if packed else b""))
        return Found(result.count, tuple(hits))

    def texts(self, hits: Sequence[tuple[str, str, str, float, bytes]]) -> Mapping[str, str]:
        """The original texts of hits by key."""
        if self._supplied is not None:
            return self._supplied([hit[0] for hit in hits])
        return {hit[0]: zlib.decompress(hit[4]).decode("gb18030") if hit[4] else "" for hit in hits}

    def counts(self, node: AllOf, names: Sequence[str]) -> dict[str, tuple[tuple[str, int], ...]]:
        """How many documents have each value, the most frequent first."""
        asked = translate(self._schema, Flat(node, 1.0))
        wanted = {
            name: {"terms": {"field": _counted(name), "size": MOST_VALUES, "segment_size": MOST_VALUES}}
            for name in names
        }
        found = self._searcher.aggregate(asked, wanted) if wanted else {}
        return {
            name: tuple((_value(bucket["key"]), bucket["doc_count"]) for bucket in found[name]["buckets"])
            for name in names
        }

    def frequencies(self, field: str, tokens: Sequence[str]) -> dict[str, int]:
        """In how many documents each token stands, about."""
        return {token: int(self._searcher.doc_freq(field, token)) for token in tokens}


def _counted(name: str) -> str:
    if name in schema.COUNTED or name == "year":
        return name
    return f"fields.{schema.own_field(name)}"


def _value(key: object) -> str:
    return str(int(key)) if isinstance(key, float) else str(key)


def translate(of: Any, node: Node) -> Any:
    """A node of the plan as tantivy's query."""
    match node:
        case Term(field, token):
            return tantivy.Query.term_query(of, field, token)
        case Phrase():
            return _phrase(of, node)
        case Interval(field, start, end):
            first, last = -1 if start is None else start, 10**9 if end is None else end
            return tantivy.Query.range_query(of, field, tantivy.FieldType.Integer, first, last)
        case Weighted(inner, factor):
            return tantivy.Query.boost_query(translate(of, inner), factor)
        case Flat(inner, score):
            return tantivy.Query.const_score_query(translate(of, inner), score)
        case AllOf():
            return _all_of(of, node)
        case Like():
            return tantivy.Query.empty_query()


def _phrase(of: Any, node: Phrase) -> Any:
    """One token, the beginning of one, tokens at places, or tokens at places with the last one's beginning."""
    only = node.places[0][1] if len(node.places) == 1 else ""
    if only and node.open_end:
        return tantivy.Query.regex_query(of, node.field, _literal(only) + ".*")
    if only:
        return tantivy.Query.term_query(of, node.field, only)
    if not node.open_end:
        return tantivy.Query.phrase_query(of, node.field, list(node.places))
    patterns: list[str | tuple[int, str]] = [(at, _literal(token)) for at, token in node.places]
    last, token = node.places[-1]
    return tantivy.Query.regex_phrase_query(of, node.field, [*patterns[:-1], (last, _literal(token) + ".*")])


def _all_of(of: Any, node: AllOf) -> Any:
    parts = [(tantivy.Occur.Must, translate(of, inner)) for inner in node.must]
    parts += [(tantivy.Occur.MustNot, translate(of, inner)) for inner in node.excluded]
    optional = [(tantivy.Occur.Should, translate(of, inner)) for inner in node.should]
    if node.minimum and optional:
        if not parts:
            return tantivy.Query.boolean_query(optional, minimum_number_should_match=node.minimum)
        parts.append(
            (tantivy.Occur.Must, tantivy.Query.boolean_query(optional, minimum_number_should_match=node.minimum))
        )
        optional = []
    return tantivy.Query.boolean_query(parts + optional)


def _literal(token: str) -> str:
    """A token as a regular expression that matches it only."""
    return "".join("\\" + char if char.isascii() and not char.isalnum() else char for char in token)


def _schema() -> Any:
    made = tantivy.SchemaBuilder()
    for name in schema.PLACED:
        made.add_text_field(name, tokenizer_name="sounds" if name == "sounds" else "pairs", index_option="position")
    for name in schema.LOOSE:
        made.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in schema.WHOLE:
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in schema.COUNTED:
        made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in schema.NUMBERS:
        made.add_integer_field(name, indexed=True, fast=True)
    made.add_json_field("fields", tokenizer_name="raw", index_option="basic", fast=True)
    made.add_float_field("weight", fast=True)
    made.add_bytes_field("shown", stored=True)
    made.add_bytes_field("text", stored=True)
    return made.build()
