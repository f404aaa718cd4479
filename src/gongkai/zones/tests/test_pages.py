"""The zone finder: what the public sees, what its pages are made of, which of them a change touches."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongkai.bake.models import Touched
from gongkai.bake.reading import recording
from gongkai.bake.rendering import render
from gongkai.ledger import clock
from gongkai.organs.testing import small_city
from gongkai.zones import pages, services
from gongkai.zones.models import Zone
from gongkai.zones.testing import ANYBODY, DESCRIBED, event_data, zone

NOW = datetime(2021, 6, 1, 4, tzinfo=UTC)
CRAFTED = '<b>"甲&乙"</b>'


@pytest.fixture
def city(db, settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(NOW):
        yield small_city()


def _text(address, status=200):
    response = Client().get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_what_the_public_sees_of_each_state(city):
    keys = {
        state: zone(city.district, state, name=f"{state}专区") for state in ("planned", "open", "suspended", "closed")
    }
    shown = {"open", "suspended"}
    for state, key in keys.items():
        for address in (
            "/zones/in/cq-yuzhong/",
            "/zones/all/",
            "/zones/find/",
            "/zones/zones.csv",
            "/zones/by-area/apply/",
        ):
            assert (f"{state}专区" in _text(address)) == (state in shown), (state, address)
        Client().get(f"/zones/{key}/")
    assert "渝中区" in _text("/zones/") and '<b class="num">2</b>' in _text("/zones/")
    assert "暂停开放：大厅维修" in _text(f"/zones/{keys['suspended']}/")
    assert "撤销" in _text(f"/zones/{keys['closed']}/", 410)
    _text(f"/zones/{keys['planned']}/", 404)
    _text("/zones/in/nowhere/", 404)
    _text("/zones/by-level/none/", 404)


def test_a_zones_page_says_hours_and_not_now(city):
    page = _text(f"/zones/{zone(city.district, hours_note='法定节假日不开放')}/")
    assert "09:00–12:00、14:00–17:30" in page and "不开放" in page and "法定节假日不开放" in page
    assert "正在开放" not in page and "乘轨道交通到大礼堂站" in page and "106.551234" in page


def test_maps_are_well_formed_and_names_escaped(city):
    for n in range(3):
        zone(city.district, name=f"{CRAFTED}{n}", longitude=f"106.5{n}1234")
    for address in ("/zones/", "/zones/in/cq-yuzhong/"):
        page = _text(address)
        assert CRAFTED not in page
        maps = [ElementTree.fromstring(f"<svg{one.partition('</svg>')[0]}</svg>") for one in page.split("<svg")[1:]]
        assert [one.get("class") for one in maps] == ["zone-map small", "zone-map large"]
    links = [one.get("href") for one in maps[0].iter("a")]
    assert links == [f"/zones/{key}/" for key in Zone.objects.order_by("name").values_list("key", flat=True)]
    assert all(f'href="{link}"' in page.partition("<table")[2] for link in links)  # the table says the same


def test_json_and_csv_have_every_zone(city):
    key = zone(city.district, name="=甲")
    zone(city.office, "planned")
    (told,) = json.loads(_text("/zones/zones.json"))["zones"]
    assert (told["key"], told["longitude"], told["areas"]) == (key, 106.551234, ["query", "apply"])
    assert told["hours"][5] == [["09:00", "12:00"]] and told["district"] == city.district.short_name
    (row,) = csv.DictReader(io.StringIO(_text("/zones/zones.csv").removeprefix("\ufeff")))
    assert row["专区名称"] == "'=甲" and row["功能区"] == "自助查询、申请接收"


def test_pages_take_as_many_queries_for_many_zones(city):
    def count(address):
        with CaptureQueriesContext(connection) as found:
            _text(address)
        return len(found)

    addresses = ("/zones/", "/zones/in/cq-yuzhong/", "/zones/all/", "/zones/zones.json", "/zones/zones.csv")
    zone(city.district)
    few = {address: count(address) for address in addresses}
    for _ in range(15):
        zone(city.district)
    assert {address: count(address) for address in addresses} == few and max(few.values()) <= 8


def _tree(zone):
    """The baked pages of the finder as a full bake would write them, with what they read; of zones only one."""
    found = {}
    for family in pages.baked:
        for address in family.addresses() if family.name != "zone pages" else [f"/zones/{zone}/"]:
            with recording():
                made = render(address)
            found[address] = made
    return found


def test_a_change_touches_every_page_that_differs_and_few_others(city):
    """The baker re-bakes what read a touched key and what may be born of one: after each change that is all there is."""
    told, where = services.settled(DESCRIBED, city.district)
    day = NOW.date()
    entries = [
        services.Entry(told | {"name": f"第{n}专区"}, where["district"], day - timedelta(days=100 - n))
        for n in range(45)
    ]
    services.enter_many(city.district, ANYBODY, entries)
    middle = Zone.objects.order_by("opened_on")[30].key
    tree = _tree(middle)
    assert {"/zones/", "/zones/all/page-1/", "/zones/in/cq-yuzhong/", "/zones/zones.csv"} <= tree.keys()

    def step(event, data=None):
        return lambda: services.do(middle, event, ANYBODY, data or event_data("zone", event))

    changes = {
        "suspend": step("suspend"),
        "amend": step("amend", DESCRIBED | {"phone": "023-77777777", "name": "改名专区", "areas": ["reading"]}),
        "new": lambda: zone(city.district),
        "close": step("close"),
    }
    for name, change in changes.items():
        Touched.objects.all().delete()
        change()
        keys = set(Touched.objects.values_list("key", flat=True))
        baked = {address for address, made in tree.items() if made and made.keys & keys}
        baked |= {one for family in pages.baked for key in keys for one in family.born(key)}
        after = _tree(middle)
        differ = {
            one for one in tree.keys() | after.keys()
            if (tree.get(one) and tree[one].content) != (after.get(one) and after[one].content)
        }  # fmt: skip
        assert differ and differ <= baked, (name, differ - baked)
        if name in ("suspend", "new"):
            assert len(baked) <= 20, (name, sorted(baked))
        tree = after


def test_the_front_page_without_zones(city):
    assert "目前没有开放的政务公开专区" in _text("/zones/") and "目前没有这样的专区" in _text("/zones/all/")
