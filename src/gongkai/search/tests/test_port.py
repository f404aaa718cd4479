"""What every engine does: the same tests for tantivy, for the JSON compiled for OpenSearch, and for a cluster.

The cluster is the one ``OPENSEARCH_URL`` names; where it names none, those tests are skipped.
"""

import os
import time
import uuid
from datetime import date

import pytest

from gongkai.search import BadQuery, Between, Document, Vocabulary, open_opensearch, open_tantivy
from gongkai.search.tests.cluster import Cluster

RULES = Document(
    "rules", "/r", "中华人民共和国政府信息公开条例", "第一条 为了保障公民依法获取政府信息，制定本条例。\n第二条 <b>本条例</b>所称政府信息。",
    number="国务院令第711号", numbers=("000014349/2019-00026",), kind="行政法规", bodies=("sc",), body_names=("国务院",),
    theme=("综合政务", "政务公开"), status="有效", published_on=date(2019, 4, 3), fields={"服务对象": "公民"},
)  # fmt: skip
OLD = Document(
    "old", "/o", "关于加强政务公开工作的通知", "各区人民政府：依照政府信息公开条例做好工作。", number="渝府办发〔2015〕8号",
    kind="规范性文件", bodies=("cq-office",), body_names=("重庆市人民政府办公厅",), status="失效", published_on=date(2015, 1, 5),
)  # fmt: skip
PLAN = Document(
    "plan", "/p", "重庆市轨道交通条例", "轨道交通规划由市政府批准。", number="渝府发〔2021〕5号", kind="地方性法规",
    bodies=("cq",), body_names=("重庆市人民政府",), status="有效", published_on=date(2021, 6, 1),
)  # fmt: skip
INNER = Document("inner", "/i", "内部政务公开考核细则", "仅供工作人员。", kind="规范性文件", readers=("staff",))
LAW = Document("law", "/l", "中华人民共和国民事诉讼法", "法院审理案件。", kind="法律", published_on=date(2012, 1, 1))
LIBRARY = [RULES, OLD, PLAN, INNER, LAW]


def _tantivy(tmp_path):
    return open_tantivy(tmp_path / "index", heap=15_000_000), lambda: None


def _opensearch(tmp_path):
    if not os.environ.get("OPENSEARCH_URL"):
        pytest.skip("OPENSEARCH_URL names no cluster")
    from opensearchpy import OpenSearch

    client, index = OpenSearch(os.environ["OPENSEARCH_URL"], verify_certs=False), f"gongkai-test-{uuid.uuid4().hex}"
    return open_opensearch(client, index), lambda: client.indices.delete(index=index)


def _compiled(tmp_path):
    return open_opensearch(Cluster(), "gongkai"), lambda: None


@pytest.fixture(params=[_tantivy, _compiled, _opensearch], ids=["tantivy", "compiled", "opensearch"])
def port(request, tmp_path):
    made, tidy = request.param(tmp_path)
    made.add(LIBRARY)
    made.commit()
    yield made
    made.close()
    tidy()


def keys(results) -> list[str]:
    return [hit.key for hit in results.hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("政务公开", {"old"}),
        ("政府信息公开 条例", {"rules", "old"}),
        ("“信息公开条例” -各区", {"rules"}),
        ("政府 －轨道", {"rules", "old"}),
        ("標題", set()),
        ("標题:軌道", {"plan"}),
        ("渝府发［2021］5 号", {"plan"}),
        ("渝府发（２０２１）第05号", {"plan"}),
        ("文号:渝府", {"old", "plan"}),
        ("文号:000014349/2019", {"rules"}),
        ("国务院令第711号", {"rules"}),
        ("机关:办公厅", {"old"}),
        ("机关:cq", {"plan"}),
        ("类别:法律", {"law"}),
        ("主题:政务公开", {"rules"}),
        ("年:2015", {"old"}),
        ("年:2012..2015", {"old", "law"}),
        ("发布:2019-04..2021", {"rules", "plan"}),
        ("-年:2012..2019", {"plan"}),
        ("审", {"law"}),
    ],
)
def test_the_query_language(port, query, expected):
    results = port.search(query)
    assert (set(keys(results)) if results.mode == "and" else set()) == expected
    assert results.mode == "or" or results.total == len(expected)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": "法律"}, {"law"}),
        ({"kind": ["法律", "行政法规"]}, {"law", "rules"}),
        ({"status": "有效", "kind": "地方性法规"}, {"plan"}),
        ({"published_on": Between(date(2015, 1, 5), date(2019, 4, 3))}, {"rules", "old"}),
        ({"published_on": (date(2020, 1, 1), None)}, {"plan"}),
        ({"published_on": "2019-01-01..2021-12-31"}, {"rules", "plan"}),
        ({"year": [2012, 2021]}, {"law", "plan"}),
        ({"bodies": "sc"}, {"rules"}),
        ({"number": "渝府办发[2015]8号"}, {"old"}),
        ({"服务对象": "公民"}, {"rules"}),
        ({"kind": ""}, {"rules", "old", "plan", "law"}),
    ],
)
def test_filters(port, filters, expected):
    assert set(keys(port.search("", filters=filters))) == expected


def test_only_what_the_reader_may_see_is_found_counted_and_suggested(port):
    assert port.search("内部", readers=("public",)).mode == "or"
    assert "inner" not in keys(port.search("内部政务公开考核"))
    assert keys(port.search("内部", readers=("staff",))) == ["inner"]
    assert port.search("", readers=()).total == 0
    assert dict(port.search("", facets=["kind"]).facets["kind"])["规范性文件"] == 1
    assert port.suggest("内部") == [] and port.suggest("内部", readers=("staff",)) == [INNER.title]


def test_facets_count_all_that_is_found_not_the_page(port):
    facets = port.search("政府", facets=["kind", "year", "bodies", "theme", "服务对象"], limit=1).facets
    assert set(facets["kind"]) == {("行政法规", 1), ("规范性文件", 1), ("地方性法规", 1)}
    assert set(facets["year"]) == {("2019", 1), ("2015", 1), ("2021", 1)}
    assert set(facets["theme"]) == {("综合政务", 1), ("政务公开", 1)}
    assert facets["服务对象"] == (("公民", 1),)


def test_nothing_with_all_words_gives_some_words_labelled_so(port):
    results = port.search("轨道交通 诉讼")
    assert results.mode == "or" and {"plan", "law"} <= set(keys(results))


def test_a_title_comes_before_texts_and_what_is_in_force_before_what_is_not(port):
    assert keys(port.search("政府信息公开条例"))[0] == "rules"
    port.add(
        [Document(key, "/", "轨道交通办法", "一样。", status=status) for key, status in (("a", "失效"), ("b", "有效"))]
    )
    port.commit()
    assert keys(port.search("轨道交通办法"))[:2] == ["b", "a"]
    assert keys(port.search("轨道", sort="newest"))[0] == "plan"


def test_the_exact_number_comes_first(port):
    port.add([Document("quotes", "/", "渝府发〔2021〕5号的说明", "渝府发〔2021〕5号 渝府发〔2021〕5号")])
    port.commit()
    assert keys(port.search("渝府发[2021]5号"))[0] == "plan"


def test_marks_are_cut_from_the_original_and_safe(port):
    (hit,) = port.search("条例 所称", filters={"key": "rules"}).hits
    assert "&lt;b&gt;本<mark>条例</mark>&lt;/b&gt;<mark>所称</mark>" in hit.snippet
    assert hit.title_marked == "中华人民共和国政府信息公开<mark>条例</mark>" and hit.title == RULES.title
    assert port.text_of("rules") == RULES.text and port.text_of("nothing") is None


def test_the_signs_of_headings_are_not_shown(port):
    port.add(
        [
            Document(
                "signs",
                "/",
                "供水办法",
                "## 第一章　总则\n第一条　管网编号用 # 号。\n### 第二节　水价\n第二条　水价公开。",
            )
        ]
    )
    port.commit()
    (hit,) = port.search("水价公开", filters={"key": "signs"}).hits
    assert hit.snippet.split() == [
        "第一章",
        "总则",
        "第一条",
        "管网编号用",
        "#",
        "号。",
        "第二节",
        "水价",
        "第二条",
        "<mark>水价公开</mark>。",
    ]


def test_synonyms_and_short_names(port):
    words = Vocabulary(groups=[["地铁", "轨道交通"]], short={"市政府办公厅": "重庆市人民政府办公厅"})
    assert keys(port.search("地铁", vocabulary=words)) == ["plan"]
    assert keys(port.search("机关:市政府办公厅", vocabulary=words)) == ["old"]
    assert port.search("地铁").mode == "or"


def test_homophones_and_abbreviations_are_found_and_named(port):
    results = port.search("归道交通")
    assert results.mode == "or" and keys(results)[0] == "plan" and results.did_you_mean == "轨道交通"
    assert keys(port.search("民诉法"))[0] == "law"
    port.add([Document("talk", "/", "座谈纪要", "修改民诉法的意见。")])
    port.commit()
    results = port.search("民诉法")
    assert results.mode == "and" and keys(results) == ["talk"] and [hit.key for hit in results.also] == ["law"]


@pytest.mark.parametrize("typed", ["轨道", "guidao", "guidao jiaot", "gdjt", "chongqing", "归道交通"])
def test_suggestions(port, typed):
    assert PLAN.title in port.suggest(typed)


def test_an_added_key_replaces_and_a_removed_one_is_gone(port):
    port.add([Document("plan", "/p2", "重庆市供水条例", "供水。")])
    port.remove(["law", "unknown"])
    assert port.search("轨道").mode == "and", "nothing is visible before the commit"
    started = time.monotonic()
    port.commit()
    assert keys(port.search("供水")) == ["plan"] and port.search("诉讼法").mode == "or"
    assert time.monotonic() - started < 2
    assert port.count() == len(LIBRARY) - 1


@pytest.mark.parametrize(
    "query", ["，。！", "年:去年", "发布:2021-13-45x", "字" * 1001, " ".join("天地玄黄" * 20), "标题:。"]
)
def test_a_bad_query_is_answered_in_chinese(port, query):
    with pytest.raises(BadQuery, match=r"[\u4e00-\u9fff]"):
        port.search(query)


def test_pages_do_not_overlap(port):
    pages = [keys(port.search("", limit=2, offset=offset)) for offset in (0, 2, 4)]
    assert sorted(key for page in pages for key in page) == ["law", "old", "plan", "rules"]
    with pytest.raises(BadQuery):
        port.search("政府", limit=1000)
