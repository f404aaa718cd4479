"""A sheet of zones: every faulty row named, none imported unless asked, nothing twice."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from gongkai.ledger import clock
from gongkai.ledger.models import Event
from gongkai.ledger.services import Actor
from gongkai.organs.services import grant
from gongkai.organs.testing import small_city
from gongkai.procedure import Invalid, Refused
from gongkai.zones import services
from gongkai.zones.importing import SHEET, Import
from gongkai.zones.models import Zone
from gongkai.zones.testing import ANYBODY, zone

NOW = datetime(2021, 6, 1, 4, tzinfo=UTC)
HEADS = [
    "专区名称",
    "层级",
    "设在",
    "所在区县",
    "地址",
    "经度",
    "纬度",
    "开放时间",
    "电话",
    "功能区",
    "启用日期",
    "主管机关",
]
GOOD = ["大坪街道专区", "乡镇（街道）级", "便民服务中心", "", "长江支路1号", "106.517000", "29.541000", "每天 9:00-17:00",
        "023-1234567", "自助查询、资料阅览", "2021/3/6", ""]  # fmt: skip


@pytest.fixture
def city(db, settings, tmp_path):
    settings.HOME = tmp_path
    with clock.at(NOW):
        yield small_city()


def _csv(*rows):
    out = io.StringIO()
    csv.writer(out).writerows([HEADS, *rows])
    return out.getvalue().encode()


def _row(**changed):
    return [changed.get(head, value) for head, value in zip(HEADS, GOOD, strict=True)]


def _run(city, content, name="专区.csv", **options):
    return Import([(city.district, ANYBODY), (city.office, ANYBODY)], city.district).run(content, name, **options)


def test_a_sheet_goes_in_once(city):
    content = _csv(
        GOOD, _row(专区名称="办公厅专区", 主管机关="市政府办公厅", 层级="市级", 所在区县="重庆市渝中区人民政府")
    )
    outcome = _run(city, content)
    assert (outcome.imported, outcome.faults) == (2, ())
    own, office = Zone.objects.order_by("-body")
    assert (own.body, own.district, own.level, own.areas) == (
        city.district,
        city.district,
        "township",
        ["query", "reading"],
    )
    assert own.opened_on.isoformat() == "2021-03-06" and office.body == city.office
    again = _run(city, content)
    assert (again.imported, again.repeated, Zone.objects.count()) == (0, 2, 2)


def test_a_workbook_with_numbers_and_days(city):
    book = Workbook()
    book.active.append(HEADS)
    book.active.append(_row(经度=106.517, 纬度=29.541234, 启用日期=datetime(2021, 3, 6)))  # noqa: DTZ001
    out = io.BytesIO()
    book.save(out)
    assert _run(city, out.getvalue(), "专区.xlsx").imported == 1
    assert str(Zone.objects.get().longitude) == "106.517000"


def test_every_fault_is_named_and_nothing_goes_in(city):
    zone(city.district, name="已有专区")
    before = Event.objects.count()
    content = _csv(
        GOOD,
        _row(专区名称="", 经度="29.541000", 纬度="106.517000"),
        _row(专区名称="甲", 层级="村级", 开放时间="看情况", 启用日期="2099-01-01"),
        _row(专区名称="已有专区"),
        GOOD,
        _row(专区名称="乙", 主管机关="财政局", 功能区="喝茶"),
    )
    outcome = _run(city, content)
    found = {(fault.row, fault.column) for fault in outcome.faults}
    assert found == {
        (3, "专区名称"), (3, "经度"), (4, "层级"), (4, "开放时间"), (4, "启用日期"), (5, "专区名称"), (6, "专区名称"),
        (7, "主管机关"), (7, "功能区"),
    }  # fmt: skip
    words = {(fault.row, fault.column): fault.message for fault in outcome.faults}
    assert "填反" in words[3, "经度"] and "市级、区县级" in words[4, "层级"] and "第 2 行" in words[6, "专区名称"]
    assert outcome.imported == 0 and Event.objects.count() == before
    assert _run(city, content, dry_run=True).imported == 0 and Event.objects.count() == before
    assert _run(city, content, only_good=True).imported == 1 and Zone.objects.count() == 2


def test_who_may_not_is_refused_and_what_is_no_sheet_is_told(city):
    work = Import([(city.district, Actor("x", frozenset({"auditor"})))], city.district)
    with pytest.raises(Refused):
        work.run(_csv(GOOD), "a.csv")
    with pytest.raises(Invalid, match="缺少"):
        _run(city, "名称\n甲\n".encode())
    assert {"专区名称", "经度", "启用日期", "主管机关"} <= {field.label for field in SHEET.fields}


STAYS = ("name", "level", "host", "district_id", "address", "longitude", "latitude", "hours", "hours_note", "phone",
         "areas", "equipment", "accessibility", "directions", "opened_on", "body_id", "state", "why", "until")  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_an_export_writes_an_import_reads_back(city, form):
    """Every state, every column, without a touch: here into the same house, where the old ones were closed."""
    rich = {"hours_note": "节假日不开放", "accessibility": "坡道", "phone": "+86 23-00000000", "directions": "-1 层"}
    for body in (city.office, city.district):
        for state in ("planned", "open", "suspended"):
            zone(body, state, **rich)
    back = {"reason": "装修；暂停", "until": "2021-07-01"}
    services.do(zone(city.office), "suspend", ANYBODY, back)
    services.do(zone(city.office), "suspend", ANYBODY, back | {"until": "2021-06-02"})
    client = Client()
    for body in (city.office, city.district):
        grant(city.people["editor"], body, ["editor"], ANYBODY)
    client.force_login(city.people["editor"])
    content = b"".join(client.get("/office/zones/", {"export": form}))
    before = sorted(map(str, Zone.objects.values(*STAYS)))
    old = list(Zone.objects.values_list("key", flat=True))
    for key in old:
        services.do(key, "close", ANYBODY, {"reason": "重新登记"})
    file = SimpleUploadedFile(f"专区.{form}", content)
    answer = client.post("/office/zones/import/", {"body": "cq-office", "file": file})
    assert answer.status_code == 302, answer.content.decode()
    assert sorted(map(str, Zone.objects.exclude(key__in=old).values(*STAYS))) == before
    public = b"".join([client.get("/zones/zones.csv").content])
    for key in Zone.objects.exclude(state="closed").values_list("key", flat=True):
        services.do(key, "close", ANYBODY, {"reason": "再来一次"})
    outcome = _run(city, public)
    assert outcome.faults == () and outcome.imported == len(before) - 2, "those being planned are not public"


def test_a_state_is_told_with_its_reason_and_a_day_gone_by_is_left_out(city):
    heads = [*HEADS, "状态", "理由", "预计恢复开放的日期"]

    def sheet(*rows):
        out = io.StringIO()
        csv.writer(out).writerows([heads, *([*_row(专区名称=f"专区{n}"), *row] for n, row in enumerate(rows))])
        return out.getvalue().encode()

    (fault,) = _run(city, sheet(["暂停开放", "", ""])).faults
    assert fault.column == "理由" and "请填写" in fault.message
    (fault,) = _run(city, sheet(["歇业", "", ""])).faults
    assert fault.column == "状态"
    assert _run(city, sheet(["暂停开放", "装修", "2021/5/1"], ["已撤销", "搬迁", ""], ["筹建中", "", ""])).imported == 3
    found = list(Zone.objects.order_by("name").values_list("state", "why", "until", "opened_on"))
    day = date(2021, 3, 6)
    assert found == [("suspended", "装修", None, day), ("closed", "搬迁", None, day), ("planned", "", None, None)]


def test_the_screen_checks_first_and_then_imports(city):
    client = Client()
    client.force_login(city.people["editor"])

    def post(content, **more):
        file = SimpleUploadedFile("专区.csv", content)
        return client.post("/office/zones/import/", {"body": "cq-office", "file": file, **more})

    assert client.get("/office/zones/import/").status_code == 200
    told = post(_csv(_row(经度="1")), check="1").content.decode()
    assert "一行也没有导入" in told and "经度" in told
    assert "检查通过" in post(_csv(GOOD), check="1").content.decode() and not Zone.objects.exists()
    assert post(_csv(GOOD)).status_code == 302 and Zone.objects.get().body == city.office
    assert client.get("/office/zones/import/template.xlsx")["Content-Type"].endswith("sheet")
    # A body named in the sheet must be one the person may work for.
    assert "不能为它登记" in post(_csv(_row(专区名称="丙", 主管机关="cq-yuzhong"))).content.decode()
    grant(city.people["editor"], city.district, ["editor"], ANYBODY)
    client.force_login(city.people["editor"])
    assert post(_csv(_row(专区名称="丙", 主管机关="cq-yuzhong"))).status_code == 302
