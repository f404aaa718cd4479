"""Local rules: what each pack asks, who works under which, the two numbers of a norm, what may not be issued."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.ledger import clock
from gongkai.ledger.services import Actor, replay
from gongkai.norms import packs, services
from gongkai.norms.models import Norm
from gongkai.norms.testing import event_data
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import small_city
from gongkai.procedure import Invalid, Refused

MONDAY = datetime(2021, 3, 1, 4, tzinfo=UTC)


def by(event: str) -> Actor:
    return Actor(f"{event}-officer", frozenset(ROLES))


@pytest.fixture
def city(db):
    with clock.at(MONDAY):
        yield small_city()


def drafted(city, upto: str = "register", body=None, **data) -> str:
    """A norm of this house, brought through its table up to a step."""
    key = services.draft(body or city.city, by("draft"), event_data("norm", "draft") | data).event.subject
    for event in ("review", "approve", "register"):
        services.do("norm", key, event, by(event), event_data("norm", event))
        if event == upto:
            break
    return key


def issue(key: str, **data) -> Norm:
    services.do("norm", key, "issue", by("issue"), data)
    return Norm.objects.get(key=key)


@pytest.mark.parametrize(
    ("pack", "data", "message"),
    [
        ("hunan", {"valid_until": "2026-03-01"}, "湖南规则：规范性文件有效期最长 5 年，最晚至 2026-02-28"),
        ("hunan", {"valid_until": "2031-03-01", "implements": True}, "实施法律.*最长 10 年，最晚至 2031-02-28"),
        ("shandong", {"effective_on": "2021-03-30"}, "施行日期应在公布之日起 30 日以后，最早 2021-03-31"),
        ("shandong", {"effective_on": "2021-04-01", "valid_until": "2024-03-30"}, "最短 3 年，至少到 2024-03-31"),
        ("common", {"effective_on": "2021-03-32"}, "日期应如"),
    ],
)
def test_what_breaks_the_local_rules_is_refused_by_name(city, settings, pack, data, message):
    settings.VALIDITY_PACKS = pack
    key = drafted(city)
    with pytest.raises(Invalid, match=message):
        issue(key, **data)
    assert Norm.objects.get(key=key).state == "registered"


def test_a_trial_document_is_short(city, settings):
    settings.VALIDITY_PACKS = "hunan"
    key = drafted(city, title="关于轨道交通建设管理的暂行办法")
    with pytest.raises(Invalid, match="“暂行”“试行”的文件有效期最长 2 年"):
        issue(key, valid_until="2023-03-01")
    assert issue(key, valid_until="2023-02-28").valid_until == date(2023, 2, 28)


def test_the_longest_validity_where_nothing_is_said(city):
    norm = issue(drafted(city), effective_on="2021-04-01")
    assert norm.valid_until == date(2026, 3, 31) and norm.filing_due_on == date(2021, 3, 16)
    assert replay("norm", norm.key).filing_due_on == date(2021, 3, 16)


def test_norms_from_elsewhere_are_taken_as_they_are(city):
    """What was issued outside, or before, and every 规章, keeps the dates it has, or none."""
    data = event_data("norm", "issue") | {"document_number": "渝府发〔2021〕7号"}
    del data["valid_until"]
    assert services.issue(city.city, by("x"), data).state.valid_until is None
    key = drafted(city, "approve", kind="regulation")
    assert issue(key, document_number="重庆市人民政府令第350号").valid_until is None


def test_a_body_has_its_own_rules_or_those_above(city, settings):
    settings.VALIDITY_PACKS = "none,cq=hunan,cq-yuzhong=shandong"
    assert packs.pack_of(city.office).key == packs.pack_of(city.city).key == "hunan"
    assert packs.pack_of(city.district).key == "shandong"
    settings.VALIDITY_PACKS = "cq-yuzhong=shandong"
    assert packs.pack_of(city.city).key == "common"
    settings.VALIDITY_PACKS = "nowhere"
    with pytest.raises(packs.BadPack, match="没有名为“nowhere”"):
        packs.pack_of(city.city)


def test_a_local_file_adds_a_pack_and_a_bad_one_is_named(tmp_path):
    told = json.loads((packs._SHIPPED / "common.json").read_text())
    (tmp_path / "validity").mkdir()
    (tmp_path / "validity" / "own.json").write_text(
        json.dumps(told | {"key": "own", "register_number": "{year}-{number}"})
    )
    assert packs._packs.__wrapped__(str(tmp_path))["own"].register_number == "{year}-{number}"
    for change, words in (
        ({"register_number": "{number}"}, "year"),
        ({"terms": {"x": {}}}, "没有 x"),
        ({"new": 1}, "读不了"),
    ):
        (tmp_path / "validity" / "bad.json").write_text(json.dumps(told | change))
        with pytest.raises(packs.BadPack, match=words):
            packs._packs.__wrapped__(str(tmp_path))


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 10))
def test_years_are_counted_by_the_calendar(day, years):
    """The last day of a term is the day before the same day: walked month by month, not computed."""
    walked, months = day, 0
    while months < 12 * years:
        before = walked
        walked += timedelta(1)
        months += walked.month != before.month
    walked += timedelta(day.day - 1)
    assert packs.years_on(day, years) == walked or (day.month, day.day) == (2, 29)


def test_both_numbers_are_in_one_form_unique_and_without_gaps(city):
    numbers = [Norm.objects.get(key=drafted(city, "approve")) for _ in range(3)]
    found = []
    for n, norm in enumerate(numbers, 1):
        services.do("norm", norm.key, "register", by("register"), {"document_number": f"渝府规[2021]第{n}号"})
        found.append(Norm.objects.get(key=norm.key))
    assert [one.document_number for one in found] == [f"渝府规〔2021〕{n}号" for n in (1, 2, 3)]
    assert [one.register_number for one in found] == [f"渝府规登〔2021〕{n}号" for n in (1, 2, 3)]
    key = drafted(city, "approve")
    for number, words in (("渝府规(2021)2号", "已登记为"), ("通知", "文号无法识别")):
        with pytest.raises(Invalid, match=words):
            services.do("norm", key, "register", by("register"), {"document_number": number})
    services.do("norm", key, "register", by("register"), {"document_number": "渝府规〔2021〕4号"})
    assert Norm.objects.get(key=key).register_number == "渝府规登〔2021〕4号", "a refusal takes no number"
    services.do("norm", key, "abandon", by("x"), {"reason": "x"})
    other = drafted(city, "approve", body=city.department)
    services.do("norm", other, "register", by("register"), {"document_number": "渝发改规范〔2021〕1号"})
    assert Norm.objects.get(key=other).register_number == "渝发改规登〔2021〕1号"


def test_no_document_is_issued_without_its_register_number(city):
    key = drafted(city, "approve")
    with pytest.raises(Refused, match="未经统一登记、统一编号，不得公布"):
        issue(key, document_number="渝府规〔2021〕8号")


def test_comment_is_long_enough_and_heard_to_the_end(city):
    key = services.draft(city.city, by("draft"), event_data("norm", "draft") | {"kind": "regulation"}).event.subject
    with pytest.raises(Invalid, match="公开征求意见不少于 30 日"):
        services.do("norm", key, "consult", by("x"), {"until": "2021-03-30"})
    services.do("norm", key, "consult", by("x"), {"until": "2021-03-31"})
    with pytest.raises(Refused, match="公开征求意见至 2021-03-31"):
        services.do("norm", key, "close_comments", by("x"), event_data("norm", "close_comments"))
    with clock.at(MONDAY + timedelta(days=31)):
        services.do("norm", key, "close_comments", by("x"), event_data("norm", "close_comments"))
    assert Norm.objects.get(key=key).state == "draft"


def test_filed_once(city):
    norm = issue(drafted(city))
    services.do("norm", norm.key, "file", by("x"), event_data("norm", "file"))
    assert Norm.objects.get(key=norm.key).filing_due_on is None
    with pytest.raises(Refused, match="已于 2021-03-01 报送备案"):
        services.do("norm", norm.key, "file", by("x"), event_data("norm", "file"))


def test_a_renewal_is_as_long_as_a_term(city):
    norm = issue(drafted(city))
    by_decision = {"by": "关于延长有效期的通知"}
    with pytest.raises(Invalid, match="每次延长不超过 5 年"):
        services.do("norm", norm.key, "renew", by("x"), by_decision | {"valid_until": "2032-01-01"})
    services.do("norm", norm.key, "renew", by("x"), by_decision | {"valid_until": "2031-02-28"})
