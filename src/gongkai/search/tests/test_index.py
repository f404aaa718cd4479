"""An index in a directory: one writer, other processes that read, texts from elsewhere, builds that go on."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from gongkai.search import Document, IndexLocked, Vocabulary, build, open_tantivy
from gongkai.search.build import reached
from gongkai.search.opensearch_query import index_body, search_body
from gongkai.search.plan import every_word
from gongkai.search.query import parse

HEAP = 15_000_000
SOME = [
    Document(f"d{n}", f"/{n}", f"第{n}号办法", f"第一条 内容{n}。", published_on=date(2021, 1, 1)) for n in range(25)
]


def test_a_second_writer_is_told_so(tmp_path):
    first, second = open_tantivy(tmp_path, heap=HEAP), open_tantivy(tmp_path, heap=HEAP)
    first.add(SOME[:1])
    with pytest.raises(IndexLocked, match="另一个进程"):
        second.add(SOME[1:2])
    first.close()
    second.add(SOME[1:2])
    second.commit()
    assert first.count() == 1, "what the first had not committed is lost"
    second.close()


def test_another_process_sees_a_commit(tmp_path):
    port = open_tantivy(tmp_path, heap=HEAP)
    port.add(SOME[:3])
    port.commit()
    read = f"from gongkai.search import open_tantivy; print(open_tantivy({str(tmp_path)!r}).search('内容2').total)"
    assert subprocess.run([sys.executable, "-c", read], capture_output=True, text=True, check=True).stdout == "1\n"
    reader = open_tantivy(tmp_path)
    port.add(SOME[3:4])
    port.commit()
    assert reader.search("内容3").total == 1
    port.close()


def test_texts_may_come_from_elsewhere_and_are_not_kept_then(tmp_path):
    texts = {document.key: document.text * 400 for document in SOME}
    port = open_tantivy(tmp_path, lambda keys: {key: texts[key] for key in keys if key in texts}, heap=HEAP)
    port.add(SOME)
    port.commit()
    assert "<mark>内容7</mark>" in port.search("内容7").hits[0].snippet
    assert port.text_of("d7") == texts["d7"] and port.text_of("unknown") is None
    del texts["d7"]
    assert port.search("内容7").hits[0].snippet == "", "found, though its text is gone"
    assert port.search("内容8", marked=False).hits[0].title_marked == ""
    port.close()


class Stopped(Exception):
    """The power failed."""


def test_a_build_goes_on_where_it_was_stopped(tmp_path):
    checkpoint, given = tmp_path / "checkpoint.json", []

    def source(done):
        given.append(done)
        for document in SOME[done:]:
            if len(given) == 1 and document.key == "d17":
                raise Stopped
            yield document

    port = open_tantivy(tmp_path / "index", heap=HEAP)
    with pytest.raises(Stopped):
        build(port, source, checkpoint, step=5)
    port.close()
    assert reached(checkpoint) == 15
    port, told = open_tantivy(tmp_path / "index", heap=HEAP), []
    assert build(port, source, checkpoint, step=5, progress=told.append) == 25
    assert given == [0, 15] and told == [15, 20, 25] and port.count() == 25
    port.merge()
    assert port.search("内容").total == 25
    port.close()


def many(done: int) -> Iterator[Document]:
    """A thousand documents, without the first ``done``."""
    for n in range(done, 1000):
        yield Document(f"d{n}", f"/{n}", f"第{n}号办法", f"第一条 内容{n}，共{n % 7}项。", kind=f"类{n % 3}")


def build_in(directory: Path, stop_at: int = -1) -> None:
    """Build what ``many`` gives in ``directory``, with a line for each step; stand still at the document ``stop_at``."""

    def given(done: int) -> Iterator[Document]:
        for document in many(done):
            if document.key == f"d{stop_at}":
                print("standing", flush=True)
                time.sleep(600)
            yield document

    port = open_tantivy(directory / "index", heap=HEAP)
    build(port, given, directory / "checkpoint.json", step=50, progress=lambda done: print(done, flush=True))
    port.merge()
    port.close()


def killed(directory: Path, word: str, stop_at: int = -1) -> None:
    """Build in another process and kill it as soon as it says ``word``, whatever it is doing then."""
    code = f"from pathlib import Path; from gongkai.search.tests.test_index import build_in; build_in(Path({str(directory)!r}), {stop_at})"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = next((line for line in process.stdout if line.strip() == word), "")
        process.kill()
    assert said, "it came so far"


def content(directory: Path) -> list[object]:
    """What searches of several kinds find, with their facets, and how many documents there are."""
    port = open_tantivy(directory / "index", heap=HEAP)
    found = [
        port.search(query, limit=500, facets=["kind"])
        for query in ("共3项", "内容51", "第9", "标题:办法", "-共1项 办法")
    ]
    count = port.count()
    port.close()
    return [
        count,
        *((one.total, one.mode, sorted(hit.key for hit in one.hits), one.facets) for one in found if one.total <= 500),
    ]


def test_a_killed_build_goes_on_and_ends_with_the_same_content(tmp_path):
    (whole := tmp_path / "whole").mkdir()
    (cut := tmp_path / "cut").mkdir()
    build_in(whole)
    killed(cut, "standing", stop_at=333)
    assert reached(cut / "checkpoint.json") == 300, "what was committed is not done again"
    killed(cut, "400")
    killed(cut, "600")
    assert reached(cut / "checkpoint.json") >= 600
    build_in(cut)
    assert content(cut) == content(whole) and content(cut)[0] == 1000


def test_known_words_within_a_word_are_replaced():
    words = Vocabulary(groups=[["地铁", "轨道交通"]], short={"市府办": ["市政府办公厅", "重庆市人民政府办公厅"]})
    assert words.ways("地铁规划") == ("地铁规划", "轨道交通规划")
    assert words.ways("市府办") == ("市府办", "市政府办公厅", "重庆市人民政府办公厅")
    assert words.ways("重庆市人民政府办公厅") == ("重庆市人民政府办公厅",)


def test_a_word_becomes_the_fewest_pairs_that_prove_it():
    node = every_word(parse("“政府，信息 甲”"), ("public",)).must[0]
    assert node.places == ((0, "政府"), (1, "府,"), (3, "信息"), (4, "息␣"), (6, "甲")) and node.open_end
    assert every_word(parse("政府信息公开"), ()).must[0].places == ((0, "政府"), (2, "信息"), (4, "公开"))


def test_what_opensearch_is_asked():
    body = search_body(every_word(parse("政府信息 年:2021"), ("public",)), 20, 40, "relevance")
    asked = body["query"]["function_score"]["query"]["bool"]
    assert asked["must"][0] == {"match_phrase": {"all": {"query": "政府 ------------ 信息"}}}
    assert {"constant_score": {"filter": {"term": {"readers": {"value": "public"}}}, "boost": 0.0}} in asked["must"]
    assert {"constant_score": {"filter": {"range": {"year": {"gte": 2021, "lte": 2021}}}, "boost": 0.0}} in asked[
        "must"
    ]
    assert (body["from"], body["size"], body["track_total_hits"]) == (40, 20, True)
    assert index_body()["mappings"]["properties"]["original_text"]["analyzer"] == "cjk"
