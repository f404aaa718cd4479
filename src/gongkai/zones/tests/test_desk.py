"""The desk of zones: lists with filters and exports, entering, editing, the log, the terminals' link."""

import io
from datetime import UTC, datetime

import pytest
from django.test import Client
from openpyxl import load_workbook

from gongkai.ledger import clock
from gongkai.ledger.services import replay
from gongkai.organs.testing import small_city
from gongkai.zones import devices, services
from gongkai.zones.models import Service, Zone
from gongkai.zones.testing import ANYBODY, DESCRIBED, service, zone

NOW = datetime(2021, 6, 1, 4, tzinfo=UTC)


@pytest.fixture
def city(db, settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(NOW):
        yield small_city()


@pytest.fixture
def at_desk(city):
    def sign_in(role):
        client = Client()
        client.force_login(city.people[role])
        return client

    return sign_in


def test_the_list_filters_sorts_and_exports_everything(city, at_desk):
    zone(city.office, name="甲专区", level="city", host="archive", areas=["query"], kiosk=True)
    zone(city.office, name="乙专区", level="township", district="cq-yuzhong", areas=["advice"])
    client = at_desk("disclosure")

    def names(query):
        rows = client.get(f"/office/zones/?{query}").context["page"].object_list
        return [row.name for row in rows]

    assert names("") == ["乙专区", "甲专区"] and names("sort=name") == ["乙专区", "甲专区"]
    assert names("level=city") == names("area=query") == names("kiosk=true") == names("q=甲") == ["甲专区"]
    assert names("district=cq-yuzhong") == names("area=advice") == ["乙专区"]
    assert names("state=planned") == []
    file = client.get("/office/zones/?export=xlsx&level=city")
    head, row = load_workbook(io.BytesIO(b"".join(file.streaming_content))).active.iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert told["专区名称"] == "甲专区" and told["开放时间"] == "周一至周五 09:00-12:00、14:00-17:30；周六 09:00-12:00"
    assert told["设备"] == "自助查询机、打印机" and str(told["经度"]) == "106.551234"


@pytest.mark.parametrize(
    "address", ["/office/zones/", "/office/zones/services/", "/office/zones/?export=csv", "/zones/find/"]
)
def test_lists_take_as_many_queries_for_many_rows(city, at_desk, django_assert_num_queries, address):
    client = at_desk("disclosure")

    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as found:
            response = client.get(address)
            assert response.status_code == 200
            if response.streaming:
                b"".join(response.streaming_content)
        return len(found)

    for _ in range(2):
        service(zone(city.office))
    few = count()
    for _ in range(12):
        service(zone(city.office, district="cq-yuzhong"))
    assert count() == few <= 12


def test_entering_editing_and_logging(city, at_desk):
    client = at_desk("editor")
    form = dict(DESCRIBED) | {"body": "cq-office", "token": "t1", "district": "cq-yuzhong"}
    wrong = client.post("/office/zones/enter/", form | {"longitude": "1", "hours": "随时"})
    assert wrong.status_code == 422 and "经度" in wrong.content.decode() and not Zone.objects.exists()
    assert client.post("/office/zones/enter/", form).status_code == 302
    row = Zone.objects.get()
    assert client.post("/office/zones/enter/", form).status_code == 302 and Zone.objects.count() == 1  # a double click
    page = client.get(f"/office/zones/{row.key}/").content.decode()
    assert "登记服务" in page and "更新资料" in page and f"/office/zones/{row.key}/edit/" in page
    edit = client.get(f"/office/zones/{row.key}/edit/").content.decode()
    assert (
        'value="周一至周五 09:00-12:00、14:00-17:30；周六 09:00-12:00"' in edit and 'value="自助查询机、打印机"' in edit
    )
    changed = form | {"phone": "023-99999999", "areas": ["reading"], "district": "cq-yuzhong"}
    changed.pop("body")
    assert client.post(f"/office/zones/{row.key}/edit/", changed | {"token": "t2"}).status_code == 302
    row.refresh_from_db()
    assert (row.phone, row.areas, row.equipment) == ("023-99999999", ["reading"], ["自助查询机", "打印机"])
    log = f"/office/zones/{row.key}/log/"
    assert client.post(log, {"service": "query", "token": "t3"}).status_code == 422
    assert client.post(log, {"service": "query", "people": "8", "token": "t3"}).status_code == 302
    client.post(log, {"service": "query", "people": "8", "token": "t3"})
    line = Service.objects.get()
    assert client.get(f"/office/zones/services/{line.key}/").status_code == 200
    data = {
        "event": "correct",
        "correct-service": "query",
        "correct-people": "9",
        "correct-reason": "漏记",
        "token": "t4",
    }
    assert client.post(f"/office/zones/services/{line.key}/", data).status_code == 302
    line.refresh_from_db()
    assert line.people == 9
    services.do(row.key, "close", ANYBODY, {"reason": "合并"})
    assert client.get(f"/office/zones/{row.key}/edit/").status_code == 302


def test_the_terminals_link_is_for_those_who_set_it(city, at_desk):
    key = zone(city.office, kiosk=True)
    first = devices.link(key, 1)
    assert first in at_desk("disclosure").get(f"/office/zones/{key}/").content.decode()
    assert first in at_desk("administrator").get(f"/office/zones/{key}/").content.decode()
    for role in ("editor", "registrar", "auditor"):
        assert "/device/" not in at_desk(role).get(f"/office/zones/{key}/").content.decode()
    services.do(key, "enable_kiosk", ANYBODY, {"idle": 90})
    assert replay("zone", key).kiosk == 2 and devices.link(key, 2) != first
    services.do(key, "disable_kiosk", ANYBODY)
    services.do(key, "enable_kiosk", ANYBODY, {"idle": 90})
    assert replay("zone", key).kiosk == 3  # an old link never comes back
