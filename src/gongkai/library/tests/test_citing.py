"""Citations lead to the record meant, whenever it is published, and back."""

from datetime import date

import pytest

from gongkai.library import citing, indexing
from gongkai.library.models import Citation, Waiting
from gongkai.library.queries import sight
from gongkai.library.testing import shelve
from gongkai.records.models import Record

pytestmark = pytest.mark.django_db


def led(key):
    """(words, target, anchor) of the citations that leave a record."""
    rows = Citation.objects.filter(record=key).exclude(name="")
    return [(one.words, one.target, one.anchor) for one in rows]


def test_by_title_by_short_title_and_by_number_in_any_brackets(publish):
    plan = publish(title="中华人民共和国城乡规划法", kind="law")
    notice = publish(
        title="重庆市人民政府办公厅关于印发《重庆市轨道交通运营办法》的通知", document_number="渝府办发〔2021〕5号"
    )
    key = publish("根据《城乡规划法》第九条第二款、《重庆市轨道交通运营办法》和渝府办发[2021]5号，制定本办法。")
    assert led(key) == [
        ("《城乡规划法》第九条第二款", plan, "art-9-p2"),
        ("《重庆市轨道交通运营办法》", notice, ""),
        ("渝府办发[2021]5号", notice, ""),
    ]


def test_what_is_published_later_is_found_by_what_cited_it_before(publish, client):
    key = publish("根据《重庆市后来的办法》，通知如下。")
    assert led(key) == [("《重庆市后来的办法》", "", "")]
    later = publish(title="重庆市后来的办法")
    assert led(key) == [("《重庆市后来的办法》", later, "")]
    assert f'href="/records/{key}/"' in client.get(f"/records/{later}/").content.decode()
    Record.objects.filter(key=later).update(public=False)
    Waiting.objects.create(record=later)
    indexing.drain()
    assert led(key) == [("《重庆市后来的办法》", "", "")]


def test_of_two_editions_the_one_in_force_on_the_citing_day(publish):
    old = publish(title="城市供水条例", since=date(2000, 1, 1), ceased_on=date(2015, 1, 1))
    new = publish(title="城市供水条例", since=date(2015, 1, 1))
    for day, meant in (
        (date(1999, 1, 1), old),
        (date(2010, 1, 1), old),
        (date(2015, 1, 1), new),
        (date(2021, 1, 1), new),
    ):
        assert led(publish("依照《城市供水条例》办理。", since=day))[0][1] == meant, day


def test_of_one_record_the_text_of_the_citing_day(publish, client):
    target = publish("第一条 旧。", "第一条 新。", title="城市供水条例", since=date(2020, 3, 1))
    before = publish("依照《城市供水条例》第一条办理。", since=date(2020, 6, 1))
    after = publish("依照《城市供水条例》第一条办理。", since=date(2022, 6, 1))
    assert f'href="/records/{target}/@2020-06-01/#art-1"' in client.get(f"/records/{before}/").content.decode()
    assert f'href="/records/{target}/#art-1"' in client.get(f"/records/{after}/").content.decode()


def test_drafts_cite_nobody(publish, client):
    target = publish(title="城市供水条例")
    publish("依照《城市供水条例》办理。", title="没有公开的草稿", public=False)
    assert not sight(Record.objects.get(pk=target)).cited_by
    assert "没有公开的草稿" not in client.get(f"/records/{target}/").content.decode()


def test_a_rebuild_gives_the_same_citations(publish, city):
    for n in range(6):
        publish(
            f"根据《重庆市第{(n + 1) % 6}号办法》第{n + 1}条和前款。\n\n第一条 依照本办法第二条。",
            title=f"重庆市第{n}号办法",
        )
    told = ("record", "start", "end", "name", "other", "target", "anchor", "as_of")
    before = list(Citation.objects.values_list(*told))
    assert any(row[5] for row in before)
    Citation.objects.all().delete()
    indexing.rebuild()
    assert list(Citation.objects.values_list(*told)) == before


def test_reading_again_changes_nothing_and_costs_no_query_for_each_citation(city, django_assert_max_num_queries):
    keys = [shelve(city.office, ["依照《城市供水条例》第一条、《城市用水条例》第二条办理。" * 5]) for _ in range(20)]
    with django_assert_max_num_queries(16):
        citing.read(keys)
    assert Citation.objects.count() == 200
