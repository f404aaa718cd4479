"""Every way a zone and a line of its log can go: the whole role × state × event matrix, figures, rebuilding."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from gongkai import figure
from gongkai.figure import Ask
from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.queries import rebuild, verify
from gongkai.ledger.services import Actor, replay
from gongkai.organs.queries import counted
from gongkai.organs.rights import ROLES
from gongkai.organs.testing import small_city
from gongkai.procedure import NEW, SAME, Invalid, Refused
from gongkai.zones import services
from gongkai.zones.models import Service, ServiceTally, Zone, ZoneTally
from gongkai.zones.procedure import SERVICE, ZONE
from gongkai.zones.testing import ANYBODY, DESCRIBED, WAYS, event_data, service, zone

NOW = datetime(2021, 6, 1, 4, tzinfo=UTC)


@pytest.fixture
def city(db, settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(NOW):
        yield small_city()


def test_every_state_has_a_way():
    assert set(WAYS) == set(ZONE.state)


@pytest.mark.parametrize("state", WAYS)
def test_matrix_of_a_zone(city, state):
    """Each cell: allowed exactly when the table has the row and the role; a refusal leaves nothing behind."""
    key = zone(city.office, state, kiosk=state != "closed")
    _matrix(ZONE, state, lambda event, actor, data: services.do(key, event, actor, data))


@pytest.mark.parametrize("state", ["logged", "void"])
def test_matrix_of_a_service(city, state):
    key = service(zone(city.office))
    if state == "void":
        services.correct(key, "void", ANYBODY, {"reason": "误登"})
    _matrix(SERVICE, state, lambda event, actor, data: services.correct(key, event, actor, data))


def _matrix(procedure, state, command):
    before = Event.objects.count()
    openings = {m.event for m in procedure.transitions if m.sources == (NEW,)}
    for event, role in product((e for e in procedure.events if e not in openings), ROLES):
        move = next((m for m in procedure.transitions if m.event == event and state in m.sources), None)
        if move is not None and role in move.roles:
            assert move in procedure.allowed(state, [role])
            continue
        with pytest.raises(Refused) as refusal:
            command(event, Actor("x", frozenset({role})), event_data(procedure.name, event))
        assert refusal.value.kind == ("role" if move else "state"), (event, role)
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("event", "state"), [(m.event, source) for m in ZONE.transitions for source in m.sources if source != NEW]
)
def test_each_row_of_the_table_works(city, event, state):
    key = zone(city.office, state, kiosk=True)
    move = ZONE.move(state, event)
    done = services.do(key, event, Actor("x", frozenset(move.roles[:1])), event_data("zone", event))
    target = ZONE.move(state, event).target
    assert done.state.state == (state if target == SAME else target) == Zone.objects.get(key=key).state
    assert verify().broken is None


@pytest.mark.parametrize("role", ROLES)
def test_who_may_begin_and_log(city, role):
    actor = Actor("x", frozenset({role}))
    for event in ("plan", "enter"):
        told = dict(DESCRIBED) | {"name": f"{event}专区"}
        if role in ZONE.move(NEW, event).roles:
            assert services.begin(event, city.office, actor, told).state.name == f"{event}专区"
        else:
            with pytest.raises(Refused):
                services.begin(event, city.office, actor, told)
    row = Zone.objects.get(pk=zone(city.office))
    if role in SERVICE.move(NEW, "log").roles:
        assert services.log(row, actor, {"service": "query", "people": 1}).state.people == 1
    else:
        with pytest.raises(Refused):
            services.log(row, actor, {"service": "query", "people": 1})


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"longitude": "29.563421", "latitude": "106.551234"}, "longitude", "填反"),
        ({"longitude": "106.5"}, "longitude", "至少三位"),
        ({"latitude": "60.123456"}, "latitude", "不在我国"),
        ({"longitude": "106°33′4″"}, "longitude", "十进制"),
        ({"hours": "上班时间"}, "hours", "星期几"),
        ({"hours": "周一至周五 9:00-8:00"}, "hours", "晚于"),
        ({"hours": "周一 9:00-12:00；周一 14:00-17:00"}, "hours", "两次"),
        ({"phone": "请致电大厅"}, "phone", "电话号码"),
        ({"district": "不存在区"}, "district", "没有名为"),
        ({"areas": ["nothing"]}, "areas", "选择"),
        ({"level": "village"}, "level", "选择"),
    ],
)
def test_a_description_that_cannot_be(city, told, field, words):
    with pytest.raises(Invalid) as invalid:
        services.begin("enter", city.office, ANYBODY, dict(DESCRIBED) | told)
    assert any(name == field and words in message for name, message in invalid.value.errors), invalid.value.errors
    assert not Zone.objects.exists()


def test_a_place_far_from_the_districts_other_zones_is_a_slip(city):
    for n in range(3):
        zone(city.district, longitude=f"106.55{n}000")
    with pytest.raises(Invalid, match="公里"):
        zone(city.district, longitude="116.550000")
    assert zone(city.office, longitude="116.397000", latitude="39.908000")  # no district: nothing to compare with


def test_the_district_comes_from_the_body_or_is_named(city):
    assert Zone.objects.get(pk=zone(city.district)).district == city.district
    assert Zone.objects.get(pk=zone(city.office)).district is None
    assert Zone.objects.get(pk=zone(city.office, district=city.district.name)).district == city.district


def test_names_keys_and_numbers(city):
    first = services.begin("enter", city.office, ANYBODY, DESCRIBED, key="once")
    again = services.begin("enter", city.office, ANYBODY, DESCRIBED, key="once")
    assert again.repeated and again.event == first.event and first.event.subject == "cq-office-z00001"
    with pytest.raises(Invalid, match="已经登记过"):
        services.begin("enter", city.office, ANYBODY, DESCRIBED)
    services.do(first.event.subject, "amend", ANYBODY, DESCRIBED)  # its own name is free for it
    services.do(first.event.subject, "close", ANYBODY, {"reason": "迁址"})
    assert services.begin("enter", city.office, ANYBODY, DESCRIBED).event.subject == "cq-office-z00002"


def test_a_description_is_written_one_way(city):
    told = dict(DESCRIBED) | {
        "hours": "每天９：００—１７：００",
        "longitude": "东经106.5512345",
        "phone": "０２３-１２３４５６７８",
    }
    row = Zone.objects.get(pk=zone(city.office, **told))
    assert (
        row.hours == [[["09:00", "17:00"]]] * 7 and str(row.longitude) == "106.551234" and row.phone == "023-12345678"
    )
    assert replay("zone", row.key).equipment == ("自助查询机", "打印机")


def test_a_pause_says_until_when(city):
    key = zone(city.office)
    with pytest.raises(Refused, match="晚于"):
        services.do(key, "suspend", ANYBODY, {"reason": "维修", "until": "2021-06-01"})
    services.do(key, "suspend", ANYBODY, {"reason": "维修", "until": "2021-06-20"})
    assert Zone.objects.get(pk=key).until == date(2021, 6, 20)
    services.do(key, "suspend", ANYBODY, {"reason": "维修延期"})
    row = Zone.objects.get(pk=key)
    assert (row.until, row.why) == (None, "维修延期")
    services.do(key, "resume", ANYBODY)
    assert Zone.objects.get(pk=key).why == ""


def test_services_are_logged_while_it_was_open(city):
    key = zone(city.office, "closed")
    row = Zone.objects.get(pk=key)
    with pytest.raises(Refused, match="没有开放"):
        services.log(row, ANYBODY, {"service": "query", "people": 1}, day=date(2021, 5, 31))
    assert services.log(row, ANYBODY, {"service": "query", "people": 1}, day=date(2021, 6, 1))
    with clock.at(NOW + timedelta(days=1)), pytest.raises(Refused, match="没有开放"):
        services.log(row, ANYBODY, {"service": "query", "people": 1})
    with pytest.raises(Refused, match="至少填写一项"):
        services.log(row, ANYBODY, {"service": "query", "people": 0})


def test_figures_count_what_stands_and_what_was_done(city):
    kept = [zone(city.office, level="city", host="archive"), zone(city.district), zone(city.district, "suspended")]
    zone(city.district, "planned")
    gone = zone(city.district, level="township")
    service(kept[0])
    wrong = service(kept[1], service="print", people=5)
    void = service(kept[1], people=100)
    with clock.at(NOW + timedelta(days=10)):
        services.correct(wrong, "correct", ANYBODY, {"service": "print", "people": 7, "reason": "更正"})
        services.correct(void, "void", ANYBODY, {"reason": "误登"})
        services.do(gone, "close", ANYBODY, {"reason": "合并"})

    def values(body, last, known_at=None):
        asked = Ask(counted(body), date(2021, 1, 1), last, known_at)
        found = figure.count(asked, ["zones.standing", "zones.services"])
        return asked, {name: value for name, value in found.items() if value}

    asked, found = values(city.office, date(2021, 12, 31))
    assert found == {
        "disclosure_zones": 3, "disclosure_zones.city": 1, "disclosure_zones.district": 2,
        "municipal_zones_archive_and_library": 1, "zone_visits": 12, "zone_visits.query": 12, "zone_papers": 3,
    }  # fmt: skip
    assert set(figure.rows(asked, "disclosure_zones").values_list("key", flat=True)) == set(kept)
    assert values(city.office, date(2021, 6, 5))[1]["disclosure_zones"] == 4  # before the last was closed
    assert values(city.district, date(2021, 12, 31))[1] == {
        "disclosure_zones": 2, "disclosure_zones.district": 2, "zone_visits": 7, "zone_visits.print": 7, "zone_papers": 3,
    }  # fmt: skip
    assert values(city.district, date(2021, 12, 31), NOW)[1]["zone_visits"] == 105  # as it was known then
    everybody = Ask(None, date(2021, 1, 1), date(2021, 12, 31))
    by_body = figure.family_of("zone_visits").count_by_body(everybody)
    assert {body: one["zone_visits"] for body, one in by_body.items()} == {"cq-office": 12, "cq-yuzhong": 7}
    assert figure.family_of("disclosure_zones").count_by_body(everybody)["cq-yuzhong"]["disclosure_zones"] == 2


def test_everything_is_rebuilt_from_the_ledger(city):
    key = zone(city.office, "suspended", kiosk=True)
    service(key)
    rows = [(m, list(m.objects.order_by("pk").values())) for m in (Zone, Service, ZoneTally, ServiceTally)]
    rebuild()
    assert all(list(model.objects.order_by("pk").values()) == before for model, before in rows)


def test_many_at_once_are_as_one_by_one(city):
    """The bulk commands write the lines, rows and marks of the single ones."""
    told, where = services.settled(DESCRIBED, city.district)
    entries = [
        services.Entry(told | {"name": f"第{n}专区"}, where["district"], date(2021, 3, n), f"k{n}") for n in (1, 2)
    ]
    assert services.enter_many(city.district, ANYBODY, entries) == 2
    assert services.enter_many(city.district, ANYBODY, entries) == 0
    one, two = Zone.objects.order_by("key")
    line = (one, date(2021, 5, 1), {"service": "query", "people": 2}, "s1")
    assert services.log_many(ANYBODY, [line, (two, date(2021, 5, 1), {"service": "apply", "papers": 1}, "s2")]) == 2
    assert services.log_many(ANYBODY, [line]) == 0
    before = list(Zone.objects.order_by("key").values()), list(Service.objects.order_by("key").values())
    rebuild()
    assert before == (list(Zone.objects.order_by("key").values()), list(Service.objects.order_by("key").values()))
    assert verify().broken is None
