"""The narrative's figures of records: by period, body and what was known; each with the rows it counts."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from gongkai import figure
from gongkai.figure import Ask
from gongkai.ledger import clock
from gongkai.ledger.services import SYSTEM, Actor
from gongkai.organs.models import Body
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import small_city
from gongkai.records import figures, kinds, marks, services, vocabulary
from gongkai.records.testing import event_data

MONDAY = datetime(2021, 3, 1, 4, tzinfo=UTC)
#: The figures the narrative of the seed takes from records.
TOLD = {
    "plans_published", "historical_plans_published", "business_environment_policies", "topic_columns_opened",
    "chengyu_policies", "chuanyu_items", "epidemic_policies", "epidemic_service_items", "executive_meetings_published",
    "plenary_meetings_published", "budget_items_published", "procurement_items_published", "proposal_replies_published",
    "attribute_labelling_rate",
}  # fmt: skip


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        yield small_city()


def existing(body, kind: str, on: str = "2021-02-01", **data) -> str:
    required = {
        "meeting": {"data.type": "executive", "data.held_on": "2021-01-01"}, "policy": {"data.form": "notice"},
        "plan": {"data.level": "special"}, "budget": {"data.type": "budget", "data.year": 2021},
        "proposal_reply": {"data.type": "deputy", "data.number": "1"}, "procurement": {"data.stage": "notice"},
        "epidemic_service": {"data.type": "bulletin"},
    }.get(kind, {})  # fmt: skip
    values = {"title": "x", "text": "x", "published_on": on, "attribute": "active"} | required | data
    if kind == "topic_column":
        values.pop("text")
    return services.register_existing(body, SYSTEM, kind, values).event.subject


def counts(bodies=None, year: int = 2021, **more) -> dict:
    return figure.count(Ask.year(bodies, year, **more), ["records.published", "records.discipline"])


def test_every_figure_of_the_narrative_is_there():
    assert {one.id for one in figure.figures()} >= TOLD


def test_each_kind_and_topic_is_counted_once(city):
    body = city.office
    for kind in ("plan", "historical_plan", "budget", "procurement", "proposal_reply", "epidemic_policy",
                 "epidemic_service", "topic_column", "meeting"):  # fmt: skip
        existing(body, kind)
    existing(body, "meeting", **{"data.type": "plenary"})
    existing(body, "policy", topics=["business", "chengyu"])
    existing(body, "announcement", topics=["chengyu", "chuanyu"])
    existing(body, "plan", on="2020-12-31")
    existing(city.department, "plan")
    all_ = counts()
    assert {name: all_[name] for name in TOLD if name in all_} == {
        **dict.fromkeys(TOLD, 1), "plans_published": 2, "attribute_labelling_rate": 100,
    }  # fmt: skip
    own = Body.objects.filter(key="cq-office")
    assert counts(own)["plans_published"] == 1 and counts(own, 2020)["plans_published"] == 1
    by_body = figures.count_published_by_body(Ask.year(None, 2021))
    assert by_body["cq-plan"]["plans_published"] == 1 and by_body["cq-office"]["chengyu_policies"] == 1
    for name in TOLD - {"attribute_labelling_rate"}:
        assert figure.rows(Ask.year(None, 2021), name).count() == all_[name], name


def test_what_was_withdrawn_in_the_period_does_not_count(city):
    key = existing(city.office, "plan")
    with clock.at(MONDAY + timedelta(days=30)):
        services.do(key, "withdraw", Actor("x", frozenset(ROLES)), {"reason": "误发"})
    assert counts()["plans_published"] == 0
    assert counts(as_of=date(2021, 3, 15))["plans_published"] == 1
    assert counts(known_at=MONDAY + timedelta(days=1))["plans_published"] == 1
    with clock.at(MONDAY + timedelta(days=40)):
        services.do(key, "republish", Actor("x", frozenset(ROLES)), event_data("republish"))
    assert counts()["plans_published"] == 1


def test_labelling_rate_is_marked_by_issued(city):
    assert counts()["attribute_labelling_rate"] == 0 == counts()["documents_issued"]
    for n in range(2):
        existing(city.office, "policy", written_on="2021-01-05", title=f"甲{n}")
    values = {"title": "乙", "text": "x", "data.form": "notice", "written_on": "2021-01-06"}
    services.register_existing(city.office, SYSTEM, "policy", values)
    existing(city.office, "plan")  # not a document
    found = counts()
    assert (found["documents_issued"], found["documents_marked"], str(found["attribute_labelling_rate"])) == (
        3,
        2,
        "66.67",
    )
    assert figure.rows(Ask.year(None, 2021), "attribute_labelling_rate").count() == 3
    by_body = figures.count_discipline_by_body(Ask.year(None, 2021))
    assert str(by_body["cq-office"]["attribute_labelling_rate"]) == "66.67"


def test_published_on_time(city):
    hands = [Actor(f"h{n}", frozenset(ROLES)) for n in range(3)]
    for days in (1, 90):
        with clock.at(MONDAY):
            key = services.enter(city.office, hands[0], "meeting", event_data("enter", "meeting")).event.subject
            services.do(key, "approve", hands[1], event_data("approve"))
        with clock.at(MONDAY + timedelta(days=days)):
            services.do(key, "publish", hands[2])
    found = counts()
    assert (found["records_due_published"], found["records_published_on_time"], found["published_on_time_rate"]) == (
        2,
        1,
        50,
    )


def test_the_data_files_agree():
    """Kinds name columns and categories that exist; topics and themes have no doubles."""
    columns = dict(vocabulary.columns())
    for one in kinds.kinds().values():
        assert one.column in columns or not one.at_desk, one.key
        assert one.label and one.about, one.key
    assert len(columns) == len(vocabulary.columns()) and "综合政务" in vocabulary.themes()
    for path in (Path(kinds.HERE) / "kinds").glob("*.json"):
        assert json.loads(path.read_text())["additionalProperties"] is False, path


@pytest.mark.parametrize(("written", "expected"), [
    ("财政、金融、审计\\\\税务", "财政、金融、审计\\税务"), ("财政、金融、审计/税务", "财政、金融、审计\\税务"),
    ("国防 > 国防建设", "国防\\国防建设"), ("其他", "其他"),
])  # fmt: skip
def test_themes_in_the_ways_sites_print_them(written, expected):
    assert vocabulary.theme(written) == expected


@pytest.mark.parametrize("written", ["没有", "国防\\没有", "", "国防\\国防建设\\三级"])
def test_no_theme(written):
    with pytest.raises(ValueError, match="主题分类"):
        vocabulary.theme(written)


@pytest.mark.parametrize(("text", "expected"), [
    ("正文\n（此件公开发布）", ["active"]), ("(此件不予公开)", ["withheld"]), ("［此件不公开］", ["withheld"]),
    ("公开方式：依申请公开", ["on_request"]), ("附件1（依申请公开）和（此件主动公开）", ["on_request", "active"]),
    ("依法应当主动公开的政府信息（包括依申请公开的）", []), ("不予公开的，说明理由", []),
])  # fmt: skip
def test_marks_in_a_text(text, expected):
    assert marks.found(text) == expected
