"""Texts: amendments as data, the text of any day, relations both ways, and what the library shows of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.ledger import blobs, clock
from gongkai.ledger.models import Event
from gongkai.ledger.queries import rebuild
from gongkai.ledger.services import Actor, replay
from gongkai.norms import services, texts
from gongkai.norms.models import Norm
from gongkai.norms.testing import TEXT, event_data
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import small_city
from gongkai.procedure import Invalid, Refused
from gongkai.records.models import Record, Relation, Version
from gongkai.text.provisions import Provision
from gongkai.text.versions import Action, Amendment

MONDAY = datetime(2021, 3, 1, 4, tzinfo=UTC)
ALL = Actor("clerk", frozenset(ROLES))
BY = {"by": "关于修改部分文件的决定（渝府发〔2021〕9号）"}


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        yield small_city()


def existing(city, **data) -> str:
    told = event_data("norm", "register_existing") | data
    return services.register_existing(city.city, ALL, told).event.subject


def change(article: int, text: str, action: Action = Action.REPLACE, **more) -> Amendment:
    return Amendment(action, Provision(article=article), date(2021, 1, 1), text=text, **more)


def text_on(key: str, day: str) -> str:
    found = texts.version_on(replay("norm", key), date.fromisoformat(day))
    return texts.load(found[1]) if found else ""


def test_the_text_of_any_day(city):
    key = existing(city)
    services.do("norm", key, "set_text", ALL, {"text": TEXT})
    second = [change(2, "本办法适用于本市轨道交通建设和运营。")]
    first = [change(3, "市交通主管部门负责监督管理。", Action.INSERT, renumber=True)]
    services.amend(key, ALL, BY | {"from_on": "2022-01-01"}, second)
    services.amend(key, ALL, BY | {"from_on": "2021-06-01"}, first)  # recorded later, applies earlier
    assert text_on(key, "2021-05-31") == TEXT
    assert "第三条　市交通主管部门负责监督管理。" in text_on(key, "2021-06-01")
    assert "第四条　本办法自公布之日起施行。" in text_on(key, "2021-06-01") and "运营" not in text_on(key, "2021-12-31")
    assert "建设和运营" in text_on(key, "2022-01-01") and "第三条　市交通" in text_on(key, "2022-01-01")
    versions = list(Version.objects.filter(record=key).values_list("number", "since", "text"))
    assert [since for _, since, _ in versions] == [date(2015, 6, 1), date(2021, 6, 1), date(2022, 1, 1)]
    assert [blobs.get(text).decode() for _, _, text in versions][2] == text_on(key, "2030-01-01")
    assert Record.objects.get(key=key).text == versions[2][2]
    changed = [one for one in texts.compare(versions[0][2], versions[1][2]) if one.change != "same"]
    assert [(one.change.value, one.new_label) for one in changed] == [("added", "第三条"), ("moved", "第四条")]


def test_a_corrected_text_amends_again(city):
    key = existing(city)
    services.do("norm", key, "set_text", ALL, {"text": TEXT})
    services.amend(key, ALL, BY, [change(2, "新的第二条。")])
    with pytest.raises(Refused, match="写明理由"):
        services.do("norm", key, "set_text", ALL, {"text": TEXT.replace("第一条　为了", "第一条　为")})
    why = {"reason": "漏字"}
    services.do("norm", key, "set_text", ALL, {"text": TEXT.replace("第一条　为了", "第一条　为")} | why)
    assert text_on(key, "2021-03-01").startswith("第一条　为加强") and "新的第二条" in text_on(key, "2021-03-01")
    with pytest.raises(Refused, match="相同"):
        services.do("norm", key, "set_text", ALL, {"text": TEXT.replace("第一条　为了", "第一条　为")} | why)


def test_what_does_not_fit_is_refused_and_leaves_nothing(city):
    key = existing(city)
    before = Event.objects.count()
    with pytest.raises(Invalid, match="请先登记正文"):
        services.amend(key, ALL, BY, [change(2, "x")])
    services.do("norm", key, "set_text", ALL, {"text": TEXT})
    with pytest.raises(Invalid, match="找不到第九条"):
        services.amend(key, ALL, BY, [change(9, "x")])
    assert Event.objects.count() == before + 1


def test_amended_in_fact_with_words_unknown_and_then_whole(city):
    key = existing(city)
    services.do("norm", key, "set_text", ALL, {"text": TEXT})
    services.do("norm", key, "amend", ALL, BY)
    assert Version.objects.filter(record=key).count() == 1 and Norm.objects.get(key=key).amended_from
    services.do("norm", key, "amend", ALL, BY | {"text": "第一条　全文重新公布。", "from_on": "2021-04-01"})
    assert text_on(key, "2021-03-31") == TEXT and text_on(key, "2021-04-01") == "第一条　全文重新公布。"
    assert "全文重新公布" not in str(list(Event.objects.values_list("data", flat=True))), "the ledger holds hashes"


def test_a_relation_is_said_both_ways(city):
    old, new = existing(city), existing(city, document_number="渝府发〔2021〕77号", title="新办法")
    services.do("norm", old, "repeal", ALL, {"by": "新办法（渝府发〔2021〕77号）", "by_norm": new})
    services.do("norm", new, "relate", ALL, {"verb": "replaces", "target": old})
    services.do("norm", new, "relate", ALL, {"verb": "based_on", "name": "中华人民共和国政府信息公开条例"})
    found = set(Relation.objects.values_list("record", "verb", "target"))
    assert found == {(new, "repeals", old), (new, "replaces", old), (new, "based_on", "")}
    for data, words in (
        ({"verb": "replaces", "target": old}, "已经登记"),
        ({"verb": "replaces", "target": new}, "自身"),
        ({"verb": "replaces", "target": "cq-2000-1"}, "没有登记编号"),
        ({"verb": "replaces"}, "请填写所涉文件"),
    ):
        with pytest.raises((Refused, Invalid), match=words):
            services.do("norm", new, "relate", ALL, data)
    services.do("norm", new, "unrelate", ALL, {"verb": "replaces", "target": old, "reason": "登记有误"})
    assert not Relation.objects.filter(verb="replaces").exists()
    with pytest.raises(Refused, match="没有登记过这项关系"):
        services.do("norm", new, "unrelate", ALL, {"verb": "replaces", "target": old, "reason": "x"})


def test_one_decision_that_is_a_norm_itself_changes_many(city):
    decision = existing(city, title="关于废止部分文件的决定", document_number="渝府发〔2021〕40号")
    old = [existing(city, document_number=f"渝府发〔2010〕{n}号") for n in range(1, 6)]
    told = {"by": "关于废止部分文件的决定", "by_norm": decision}
    assert services.change_many(old, "repeal", ALL, told, key="decision-40") == 5
    assert services.change_many(old, "repeal", ALL, told, key="decision-40") == 0
    assert Norm.objects.filter(state="repealed").count() == 5
    assert Relation.objects.filter(record=decision, verb="repeals").count() == 5
    assert Event.objects.filter(subject=decision, kind="relate").count() == 1


def test_on_the_shelf_while_it_is_anybodys(city):
    key = services.draft(city.city, ALL, event_data("norm", "draft")).event.subject
    assert not Record.objects.exists()
    key = existing(city)
    row = Record.objects.get(key=key)
    assert (row.public, row.kind, row.subject_kind, row.category) == (True, "normative_document", "norm", "20(1)")
    services.do("norm", key, "repeal", ALL, event_data("norm", "repeal"))
    row = Record.objects.get(key=key)
    assert row.public and row.ended_how == "repealed" and row.ceased_on == date(2021, 3, 1) and "40号" in row.ended_by
    other = existing(city, document_number="渝府发〔2015〕3号")
    services.do("norm", other, "void", ALL, {"reason": "重登"})
    assert not Record.objects.get(key=other).public


def test_many_at_once_are_as_one_by_one(city):
    """The bulk command leaves the same rows as the single one, on the shelf too."""
    rows = [{"kind": "normative_document", "title": f"文件{n}", "document_number": f"渝府发〔2015〕{n}号", "issued_on": "2015-06-01"}
            for n in range(1, 4)]  # fmt: skip
    digest = texts.store(TEXT)
    assert services.register_many(city.city, ALL, [row | {"text": digest} for row in rows], keys=["a", "b", "c"]) == 3
    assert services.register_many(city.city, ALL, [row | {"text": digest} for row in rows], keys=["a", "b", "c"]) == 0
    for row in rows:
        key = services.register_existing(city.department, ALL, row).event.subject
        services.do("norm", key, "set_text", ALL, {"text": TEXT})

    def shelf(body: str) -> list:
        left_out = {"key", "body_id", "bodies"}
        found = Record.objects.filter(body=body).order_by("key")
        return [{k: v for k, v in row.items() if k not in left_out} for row in found.values()]

    assert shelf("cq") == shelf("cq-plan") and len(shelf("cq")) == 3
    assert Version.objects.filter(record__body="cq").count() == 3
    assert (
        services.register_existing(city.city, ALL, rows[0] | {"document_number": "x"}).event.subject == "cq-2021-00004"
    )
    with pytest.raises(Invalid, match=r"第 1 件.*第 2 件.*第 3 件"):
        services.register_many(city.city, ALL, [*rows, rows[0] | {"document_number": "渝府发〔2015〕9号"}])
    with pytest.raises(Invalid, match="第 2 件"):
        services.register_many(city.city, ALL, [rows[0] | {"document_number": "渝府发〔2015〕9号"}] * 2)
    assert Norm.objects.filter(body="cq").count() == 4
    before = [list(model.objects.order_by("pk").values()) for model in (Norm, Record)]
    rebuild()
    assert [list(model.objects.order_by("pk").values()) for model in (Norm, Record)] == before


amendments = st.builds(
    Amendment,
    st.sampled_from(Action),
    st.builds(Provision, article=st.integers(1, 99), paragraph=st.none() | st.integers(1, 9)),
    st.just(date(2021, 1, 1)),
    st.just("x"),
    st.text(max_size=9),
    st.text(max_size=9),
    st.text(max_size=9),
    st.booleans(),
)


@given(st.lists(amendments, max_size=4))
def test_amendments_survive_the_ledger(found):
    assert texts.from_data(texts.as_data(found), date(2021, 1, 1), "x") == found


@pytest.mark.parametrize(
    "changes", [[{}], [{"action": "eat", "target": {}}], [{"action": "delete", "target": {"x": 1}}]]
)
def test_what_is_no_amendment_is_said(changes):
    with pytest.raises(Invalid, match="读不了"):
        texts.from_data(changes, date(2021, 1, 1), "x")


def test_expiry_is_recorded_once_by_the_daily_job(city):
    key = existing(city, valid_until="2021-03-10")
    existing(city, document_number="渝府发〔2015〕2号")
    assert services.expire_due() == 0
    with clock.at(MONDAY + timedelta(days=12)):
        assert services.expire_due() == 1 and services.expire_due() == 0
        assert Norm.objects.get(key=key).state == "expired"
        assert Norm.objects.get(key=key).validity.ceased_on == date(2021, 3, 11)
