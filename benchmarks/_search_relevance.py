"""Known-item search on the real corpus: four ways to half-remember a document, and how high it comes. MRR@10."""

import random
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

from _harness import progress, say, table

from gongkai.search import Document, Port, open_tantivy
from gongkai.search.sound import syllables

SEED, DEPTH = 20210711, 10
PEER_BOOST = 3.0  # of the title, in Lucene
JARS, LUCENE = Path("/usr/share/java"), ("lucene-core", "lucene-analyzers-common", "lucene-queryparser")
SLACK, ABBREVIATIONS = 0.01, 0.85

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_ENDS = ("条例", "办法", "规定", "规则", "细则", "法")
_REGION = re.compile(r"^([\u4e00-\u9fff]{2,3}?)(?:省|市|自治区|维吾尔自治区|壮族自治区|回族自治区)")


def letters(title: str) -> str:
    """The ideographs of a title."""
    return "".join(_HAN.findall(title))


def spaced(document: Document, rng: random.Random) -> str:
    """The title in pieces of two or three characters, shuffled, with spaces."""
    return " ".join(_shuffled(document, rng))


def together(document: Document, rng: random.Random) -> str:
    """The same without spaces."""
    return "".join(_shuffled(document, rng))


def _shuffled(document: Document, rng: random.Random) -> list[str]:
    pieces = []
    for run in _HAN.findall(document.title):
        while run:
            cut = rng.choice((2, 2, 3)) if len(run) > 3 else len(run)
            pieces.append(run[:cut])
            run = run[cut:]
    rng.shuffle(pieces)
    return pieces


def abbreviation(document: Document, rng: random.Random) -> str:
    """The first characters of two or three words of the title and what it ends in: 民事诉讼法 is 民诉法."""
    title = document.title.removeprefix("中华人民共和国")
    end = next((end for end in _ENDS if title.endswith(end)), "")
    if not end or not _HAN.fullmatch(title):
        return ""
    region = _REGION.match(title)
    stem = title[region.end() if region else 0 : -len(end)]
    if not 4 <= len(stem) <= 12 or len(stem) % 2:
        return ""
    firsts = stem[::2]
    if len(firsts) > 3:
        firsts = "".join(firsts[at] for at in sorted(rng.sample(range(len(firsts)), 3)))
    return (region[1] if region else "") + firsts + end


def irregular(document: Document, rng: random.Random) -> str:
    """Any three or four characters of the title in their order, and what it ends in."""
    title = document.title.removeprefix("中华人民共和国")
    end = next((end for end in _ENDS if title.endswith(end)), "")
    stem = title[: -len(end)] if end else ""
    if not end or not _HAN.fullmatch(title) or not 5 <= len(stem) <= 12:
        return ""
    return "".join(stem[at] for at in sorted(rng.sample(range(len(stem)), rng.choice((3, 4))))) + end


def sentence(document: Document, rng: random.Random) -> str:
    """Ten to thirty characters in a row from the middle half of the text."""
    text = document.text[len(document.text) // 4 : -len(document.text) // 4]
    runs = [run for run in _HAN.findall(text) if 10 <= len(run) <= 30]
    return rng.choice(runs) if runs else ""


class Homophone:
    """The title with one or two characters replaced by others that sound the same."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.same: dict[str, list[str]] = {}
        for char in sorted({char for document in documents for char in letters(document.title)}):
            self.same.setdefault(syllables(char)[0], []).append(char)

    def __call__(self, document: Document, rng: random.Random) -> str:
        title = list(letters(document.title))
        places = [at for at, char in enumerate(title) if len(self.same[syllables(char)[0]]) > 1]
        if len(title) < 4 or not places:
            return ""
        for at in rng.sample(places, min(len(places), 1 + (len(title) > 10))):
            title[at] = rng.choice([other for other in self.same[syllables(title[at])[0]] if other != title[at]])
        return "".join(title)


def kinds(documents: Sequence[Document]) -> dict[str, Callable[[Document, random.Random], str]]:
    """Each kind of query and how it is made."""
    return {
        "shuffled title": spaced,
        "shuffled, no spaces": together,
        "abbreviation": abbreviation,
        "abbreviation, irregular": irregular,
        "middle sentence": sentence,
        "homophone typo": Homophone(documents),
    }


def measure(documents: Sequence[Document], samples: int, show_misses: int = 0) -> bool:
    """Print MRR@10 of every kind beside Lucene's; whether every floor holds."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as directory:
        work = Path(directory)
        port = open_tantivy(work / "index")
        with progress(f"{len(documents):,} documents indexed"):
            port.add(documents)
            port.commit()
        asked = {kind: _queries(documents, make, samples) for kind, make in kinds(documents).items()}
        ours = {kind: _score(documents, queries, _ask(port, queries)) for kind, queries in asked.items()}
        peers = lucene(documents, asked, work)
        port.close()
    held, rows = True, []
    for kind, queries in asked.items():
        mine, peer = mean(ours[kind]), mean(_score(documents, queries, peers[kind])) if peers else None
        floor = [ABBREVIATIONS] if kind.startswith("abbreviation") else []
        floor += [peer - SLACK] if peer is not None else []
        good = all(mine >= least for least in floor)
        held = held and good
        rows.append(
            [kind, str(len(queries)), f"{mine:.3f}", "-" if peer is None else f"{peer:.3f}", "ok" if good else "MISSED"]
        )
        for query, target in [pair for pair, score in zip(queries, ours[kind], strict=True) if score < 0.5][
            :show_misses
        ]:
            say(f"    {kind}: {query} -> {target.title}")
    table(["known item, MRR@10", "queries", "gongkai", "Lucene cjk", ""], rows)
    return held


def _queries(
    documents: Sequence[Document], make: Callable[[Document, random.Random], str], samples: int
) -> list[tuple[str, Document]]:
    """``samples`` different documents with a query for each."""
    rng, made = random.Random(SEED), []
    for document in rng.sample(list(documents), len(documents)):
        query = make(document, rng)
        if query:
            made.append((query, document))
        if len(made) == samples:
            break
    return made


def _ask(port: Port, queries: Sequence[tuple[str, Document]]) -> list[list[str]]:
    return [[hit.key for hit in port.search(query, limit=DEPTH).hits] for query, _ in queries]


def _score(
    documents: Sequence[Document], queries: Sequence[tuple[str, Document]], answers: Sequence[list[str]]
) -> list[float]:
    """One over the rank of the first document with the title sought (versions of one text count as one)."""
    titles = {document.key: document.title for document in documents}
    scores = []
    for (_, target), keys in zip(queries, answers, strict=True):
        ranks = [rank for rank, key in enumerate(keys, 1) if titles[key] == target.title]
        scores.append(1 / ranks[0] if ranks else 0.0)
    return scores


def lucene(
    documents: Sequence[Document], asked: dict[str, list[tuple[str, Document]]], work: Path
) -> dict[str, list[list[str]]] | None:
    """The answers of Lucene's cjk analyser to the same queries; None, with a line, where it cannot run."""
    jars = {name: sorted(JARS.glob(f"{name}-[0-9]*.jar")) for name in LUCENE}
    missing = [name for name, found in jars.items() if not found]
    missing += [tool for tool in ("java", "javac") if not shutil.which(tool)]
    if missing:
        say(f"  Lucene is not here ({', '.join(missing)}): apt-get install liblucene8-java default-jdk-headless")
        return None
    path = ":".join(str(found[-1]) for found in jars.values())
    queries = [query for several in asked.values() for query, _ in several]
    (work / "documents").write_text(
        "".join(f"{d.key}\t{_line(d.title)}\t{_line(d.text)}\n" for d in documents), encoding="utf-8"
    )
    (work / "queries").write_text("".join(f"{_line(query)}\n" for query in queries), encoding="utf-8")
    with progress("Lucene"):
        subprocess.run(["javac", "-cp", path, "-d", work, Path(__file__).parent / "SearchPeer.java"], check=True)
        files = [work / "documents", work / "queries", work / "answers"]
        subprocess.run(["java", "-Xmx2g", "-cp", f"{path}:{work}", "SearchPeer", *files, str(PEER_BOOST)], check=True)
    answers = [line.split("\t") if line else [] for line in (work / "answers").read_text(encoding="utf-8").split("\n")]
    found, at = {}, 0
    for kind, several in asked.items():
        found[kind] = answers[at : at + len(several)]
        at += len(several)
    return found


def _line(text: str) -> str:
    return re.sub(r"[\t\r\n\u0085\u2028\u2029\x0b\x0c\x1c-\x1e]", " ", text)
