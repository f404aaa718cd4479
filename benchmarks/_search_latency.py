"""How long a search takes: the corpus cut into articles and put together again into as many documents as wanted."""

import os
import random
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles

from _harness import progress, say, table

from gongkai.search import Document, build
from gongkai.search.documents import Port
from gongkai.search.fold import fold, indexed
from gongkai.search.tantivy_engine import TantivyPort

SEED, ARTICLES = 20210711, 6
QUERIES = 60
JUDGED = 100_000  # with fewer documents the ratio says little
TIMES_FASTER, MILLISECONDS, BYTES_PER_BYTE = 20.0, 50.0, 1.0
KINDS = ("地方性法规", "规范性文件", "行政法规", "部门规章", "司法解释")
_ARTICLE = re.compile(r"\n(?=第[^ \n]{1,9}条)")
_HAN = re.compile(r"[\u4e00-\u9fff]+")

Ask = Callable[[str, str], object]


class Recombined:
    """Documents made of random articles, with the titles of the corpus; the n-th is always the same."""

    def __init__(self, corpus: Sequence[Document]) -> None:
        self.articles = [part for document in corpus for part in _ARTICLE.split(document.text) if part.strip()]
        self.titles = [document.title for document in corpus]

    def document(self, n: int) -> Document:
        """The n-th."""
        rng = random.Random(SEED * 1_000_003 + n)
        body = f"机关{rng.randrange(100)}"
        return Document(
            key=f"d{n}", url=f"/d/{n}", title=f"{rng.choice(self.titles)}（{n}）",
            text="\n".join(rng.choices(self.articles, k=ARTICLES)), number=f"渝文〔{2000 + n % 22}〕{n}号",
            kind=rng.choice(KINDS), bodies=(body,), body_names=(body,), status="有效" if rng.random() < 0.8 else "失效",
            published_on=date(2000, 1, 1) + timedelta(days=rng.randrange(8000)),
        )  # fmt: skip

    def texts(self, keys: Sequence[str]) -> dict[str, str]:
        """Originals by key, as the database of an installation gives them."""
        return {key: self.document(int(key[1:])).text for key in keys}

    def queries(self, count: int) -> list[tuple[str, str]]:
        """Two characters of some article, and some title."""
        rng, found = random.Random(SEED), []
        while len(found) < count:
            run = rng.choice(_HAN.findall(rng.choice(self.articles)) or [""])
            if len(run) > 1:
                at = rng.randrange(len(run) - 1)
                found.append((run[at : at + 2], "".join(_HAN.findall(rng.choice(self.titles)))[:30]))
        return found


def made(source: Recombined, wanted: int, home: Path, step: int) -> tuple[TantivyPort, int]:
    """The index in ``home``, built from where an earlier run stopped; and the bytes of the texts in it."""
    port = TantivyPort(home / "index", source.texts, heap=500_000_000)
    with progress(f"{wanted:,} documents indexed") as show:
        documents: Callable[[int], Iterator[Document]] = lambda done: map(source.document, range(done, wanted))  # noqa: E731
        build(port, documents, home / "checkpoint.json", step=step, progress=lambda done: show(done, wanted))
        port.merge()
    sample = [source.document(n) for n in range(0, wanted, max(1, wanted // 2000))]
    per_document = sum(len((document.title + document.text).encode()) for document in sample) / len(sample)
    return port, int(per_document * wanted)


def size(directory: Path) -> int:
    """Bytes of the files of an index."""
    return sum(entry.stat().st_size for entry in os.scandir(directory) if entry.is_file())


def p95(ask: Ask, queries: Sequence[tuple[str, str]], clock: Callable[[], float] = time.perf_counter) -> float:
    """Milliseconds that 95 of 100 queries do not exceed; each is asked once, after three to warm up."""
    for query in queries[:3]:
        ask(*query)
    spent = []
    for query in queries:
        start = clock()
        ask(*query)
        spent.append((clock() - start) * 1000)
    return quantiles(spent, n=20)[-1]


def ours(port: Port, marked: bool) -> dict[str, Ask]:
    """Each kind of search; ``marked`` as an installation asks it, with snippets, else what FTS5 gives too."""
    filters = {"kind": KINDS[0], "year": "2010..2015"}
    counted = ["kind", "bodies", "status", "year"]
    return {
        "two characters": lambda word, title: port.search(word, marked=marked),
        "title, OR": lambda word, title: port.search(_swapped(title), marked=marked),
        "title backwards, OR": lambda word, title: port.search(title[::-1], marked=marked),
        "filter": lambda word, title: port.search(word, filters=filters, marked=marked),
        "facets": lambda word, title: port.search(word, facets=counted, marked=marked),
    }


class Fts5:
    """The same pairs in SQLite's own full text search, with its BM25, the columns of the filters beside."""

    def __init__(self, path: Path, source: Recombined, wanted: int) -> None:
        self.database = sqlite3.connect(path)
        self.database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-262144;")
        self.database.execute(
            "CREATE TABLE about (id INTEGER PRIMARY KEY, kind TEXT, body TEXT, status TEXT, year INTEGER)"
        )
        self.database.execute(
            "CREATE VIRTUAL TABLE words USING fts5(title, text, content='', tokenize=\"unicode61 tokenchars '␣'\")"
        )
        with progress(f"{wanted:,} documents in FTS5") as show:
            for n in range(wanted):
                document = source.document(n)
                told = (n, document.kind, document.bodies[0], document.status, document.day and document.day.year)
                self.database.execute("INSERT INTO about VALUES (?,?,?,?,?)", told)
                self.database.execute(
                    "INSERT INTO words (rowid, title, text) VALUES (?,?,?)",
                    (n, _pairs(document.title), _pairs(document.text)),
                )
                if n % 1000 == 0:
                    show(n, wanted)
            self.database.execute("INSERT INTO words(words) VALUES ('optimize')")
            self.database.commit()

    def _page(self, match: str, where: str = "") -> tuple[object, object]:
        """The best twenty and how many there are: what a page of results shows."""
        # CROSS: the words first, then the columns of what they found; else SQLite asks for the words row by row.
        tables = f"FROM words CROSS JOIN about ON about.id = words.rowid WHERE words MATCH ? {where}"
        page = self.database.execute(
            f"SELECT words.rowid {tables} ORDER BY bm25(words, 4.0, 1.0) LIMIT 20", (match,)
        ).fetchall()
        return page, self.database.execute(f"SELECT count(*) {tables}", (match,)).fetchone()

    def _facets(self, match: str) -> None:
        self._page(match)
        for column in ("kind", "body", "status", "year"):
            self.database.execute(
                f"SELECT about.{column}, count(*) FROM words CROSS JOIN about ON about.id = words.rowid WHERE words MATCH ? GROUP BY 1",
                (match,),
            ).fetchall()

    def asks(self) -> dict[str, Ask]:
        """The same searches."""
        filters = f"AND about.kind = '{KINDS[0]}' AND about.year BETWEEN 2010 AND 2015"
        return {
            "two characters": lambda word, title: self._page(f'"{word}"'),
            "title, OR": lambda word, title: self._page(_any(_swapped(title))),
            "title backwards, OR": lambda word, title: self._page(_any(title[::-1])),
            "filter": lambda word, title: self._page(f'"{word}"', filters),
            "facets": lambda word, title: self._facets(f'"{word}"'),
        }


def _swapped(title: str) -> str:
    """A title half remembered: its second half first, so that it stands nowhere and its common pairs are asked for."""
    return title[len(title) // 2 :] + title[: len(title) // 2]


def _any(title: str) -> str:
    return " OR ".join(f'"{pair}"' for pair in dict.fromkeys(_pairs(title).split()))


def _pairs(text: str) -> str:
    folded = fold(text)
    return " ".join(
        folded[at : at + 2]
        for at in range(len(folded) - 1)
        if indexed(*folded[at : at + 2]) and folded[at + 1].isalnum()
    )


def beside_fts5(corpus: Sequence[Document], wanted: int, home: Path) -> bool:
    """Print p95 of each kind of search beside FTS5's; whether each is fast enough.

    Both answer in the thread that asks, from memory: the time is that thread's, so that what else the machine does is in
    neither.
    """
    source = Recombined(corpus)
    port, _ = made(source, wanted, home, 20_000)
    peer = Fts5(home / "fts5.sqlite", source, wanted).asks()
    queries, held, rows = source.queries(QUERIES), True, []
    whole = ours(port, True)
    for kind, ask in ours(port, False).items():
        mine, other = p95(ask, queries, time.thread_time), p95(peer[kind], queries, time.thread_time)
        fast, held = other / mine >= TIMES_FASTER, held and other / mine >= TIMES_FASTER
        marked = f"{p95(whole[kind], queries, time.thread_time):.1f}"
        rows.append([kind, f"{mine:.1f}", marked, f"{other:.1f}", f"{other / mine:.0f}×", "ok" if fast else "MISSED"])
    port.close()
    table([f"p95 in CPU ms, {wanted:,} documents", "gongkai", "with snippets", "FTS5", "faster", ""], rows)
    return held


def _verdict(good: bool, wanted: int) -> str:
    return "not judged" if wanted < JUDGED else "ok" if good else "MISSED"


def large(corpus: Sequence[Document], wanted: int, home: Path) -> bool:
    """Print p95 and size of a large index, kept in ``home`` and continued there; whether both are within their limits."""
    source = Recombined(corpus)
    port, text = made(source, wanted, home, 20_000)
    queries = source.queries(QUERIES)
    waited, rows = dict[str, float](), []
    for kind, ask in ours(port, True).items():
        waited[kind], spent = p95(ask, queries), p95(ask, queries, time.thread_time)
        rows.append([kind, f"{waited[kind]:.1f}", f"{spent:.1f}"])
    part = size(home / "index") / text
    port.close()
    table([f"p95 in ms, {wanted:,} documents", "waited", "CPU of a second asking"], rows)
    say(f"  index: {size(home / 'index') / 1e9:.2f} GB, {part:.2f} × the text")
    return max(waited.values()) <= MILLISECONDS and part <= BYTES_PER_BYTE
