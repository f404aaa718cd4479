"""Public pages of zones, all baked but the search: the map, districts, lists, each zone; and where the kiosk mode lies."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe

from gongkai.bake.families import Family
from gongkai.bake.reading import reads
from gongkai.organs.models import Body
from gongkai.ui.exports import BOM, safe_text
from gongkai.ui.pieces import Crumb, Entry

from . import finder, hours, kiosk, kiosk_pages, listings, mapping, mount, queries, showing
from .models import Zone
from .procedure import LEVELS

START, HOME = Crumb("首页", "/"), Crumb("政务公开专区", "/zones/")
#: A district without a name in addresses: zones that lie in none.
NOWHERE = "other"


def _maps(
    places: Sequence[mapping.Place], title: str, dots: Any = (), *, small: float, large: float, labels: bool = True
) -> SafeString:
    """The same map for a telephone and for a table; style shows one of them."""
    narrow = mapping.draw(places, title, 320, small, dots=dots, name="small")
    wide = mapping.draw(places, title, 900, large, dots=dots, labels=labels, name="large")
    return mark_safe(narrow + wide)


def home(request: HttpRequest) -> HttpResponse:
    """The map of the whole government: a circle for each district, a dot for each zone; the same as a table."""
    reads("zones")
    dots = [
        (float(east), float(north))
        for east, north in queries.shown().order_by("key").values_list("longitude", "latitude")
    ]
    rows, places = [], []
    middles = queries.middles()
    for key, name, levels in queries.districts():
        url, number = district_address(key), sum(levels.values())
        rows.append((name, url, [levels.get(level, 0) for level, _ in LEVELS], number))
        east, north = middles[key]
        words = f"{name}：{number} 个专区"
        places.append(mapping.Place(east, north, name, words, url, f"{mapping.short(name)}\n{number}", number))
    by_level = [sum(row[2][n] for row in rows) for n in range(len(LEVELS))]
    context = {
        "title": HOME.label,
        "trail": (START, Crumb(HOME.label)),
        "map": _maps(places, "政务公开专区分布图，每个圆是一个区县", dots, small=17, large=21, labels=False),
        "rows": rows,
        "levels": LEVELS,
        "totals": [*by_level, sum(by_level)],
        "lists": _lists(),
    }
    return render(request, "zones/home.html", context)


def _lists() -> list[tuple[str, str]]:
    return [(one.title, one.address) for one in listings.EVERY.values()]


def district_address(key: str) -> str:
    """The page of a district."""
    return reverse("portal:zones:district", args=[key or NOWHERE])


def district(request: HttpRequest, key: str) -> HttpResponse:
    """A district: its zones on a map, numbered as in the table beside it."""
    key = "" if key == NOWHERE else key
    reads(f"zones:{key}", f"body:{key}")
    rows = list(queries.in_district(key))
    reads(*(f"zone:{row.key}" for row in rows))
    found = Body.objects.filter(key=key).values_list("short_name", flat=True).first() if key else "其他"
    if not rows or not found:
        raise Http404
    places = [
        mapping.Place(
            float(row.longitude),
            float(row.latitude),
            row.name.removesuffix(HOME.label),
            f"{n}，{row.name}",
            zone_address(row.key),
            str(n),
        )
        for n, row in enumerate(rows, 1)
    ]
    context = {
        "title": f"{found}政务公开专区",
        "trail": (START, HOME, Crumb(found)),
        "map": _maps(places, f"{found}政务公开专区分布图，编号与下表一致", small=14, large=14),
        "rows": [(n, row, zone_address(row.key)) for n, row in enumerate(rows, 1)],
        "count": len(rows),
    }
    return render(request, "zones/district.html", context)


def zone_address(key: str) -> str:
    """The page of a zone."""
    return reverse("portal:zones:zone", args=[key])


def listing(request: HttpRequest, sort: str = "all", name: str = "", number: int = 0) -> HttpResponse:
    """A page of a list."""
    one = listings.EVERY.get(f"{sort}/{name}" if name else sort)
    found = listings.LISTS.page(one, number) if one else None
    if one is None or found is None:
        raise Http404
    reads(*(f"zone:{row.key}" for row in found.rows))
    context = {
        "title": one.title,
        "trail": (START, HOME, Crumb(one.title)),
        "chunk": found,
        "rows": [(row, zone_address(row.key)) for row in found.rows],
        "lists": [(label, url, url == one.address) for label, url in _lists()],
    }
    return render(request, "zones/listing.html", context)


def zone(request: HttpRequest, key: str) -> HttpResponse:
    """A zone: where, when, what, how to get there; 410 once it was closed."""
    reads(f"zone:{key}")
    row = Zone.objects.select_related("district", "body").filter(key=key, opened_on__isnull=False).first()
    if row is None:
        raise Http404
    reads(f"body:{row.body_id}", f"body:{row.district_id or ''}")
    where = Crumb(row.district.short_name if row.district else "其他", district_address(row.district_id or ""))
    context = {"title": row.name, "trail": (START, HOME, where, Crumb(row.name)), "zone": row}
    if row.state == "closed":
        return render(request, "zones/gone.html", context, status=410)
    district_name = row.district.short_name if row.district else ""
    facts = [one for one in showing.facts(row, district_name, row.body.name) if one.term not in ("功能区", "到达方式")]
    context |= {
        "paused": showing.paused(row),
        "areas": row.area_names,
        "rows": facts,
        "hours": hours.rows(row.hours),
        "where": where,
    }
    return render(request, "zones/zone.html", context)


_HEADS = ("编号", "专区名称", "层级", "设在", "所在区县", "地址", "经度", "纬度", "开放时间", "开放时间说明", "电话", "功能区", "设备",
          "无障碍设施", "到达方式", "状态", "理由", "预计恢复开放的日期", "启用日期", "主管机关", "网址")  # fmt: skip


def _all() -> Iterable[Zone]:
    reads("zones")
    return queries.shown().select_related("body").order_by("opened_on", "key")


def as_json(request: HttpRequest) -> HttpResponse:
    """Every zone as JSON."""
    rows = [
        {
            "key": row.key, "name": row.name, "level": row.level, "host": row.host,
            "district": row.district.short_name if row.district else "", "body": row.body.name,
            "address": row.address, "longitude": float(row.longitude), "latitude": float(row.latitude),
            "hours": row.hours, "hours_note": row.hours_note, "phone": row.phone, "areas": row.areas,
            "equipment": row.equipment, "accessibility": row.accessibility, "directions": row.directions,
            "state": row.state, "suspended_why": row.why, "suspended_until": row.until.isoformat() if row.until else None,
            "opened_on": row.opened_on.isoformat() if row.opened_on else None, "url": zone_address(row.key),
        }
        for row in _all()
    ]  # fmt: skip
    content = json.dumps({"count": len(rows), "zones": rows}, ensure_ascii=False)
    return HttpResponse(content, content_type="application/json")


def as_csv(request: HttpRequest) -> HttpResponse:
    """Every zone as CSV."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(_HEADS)
    for row in _all():
        cells = (
            row.key, row.name, row.get_level_display(), row.get_host_display(),
            row.district.short_name if row.district else "", row.address, row.longitude, row.latitude,
            hours.write(row.hours), row.hours_note, row.phone, "、".join(row.area_names), "、".join(row.equipment),
            row.accessibility, row.directions, row.get_state_display(), row.why, row.until, row.opened_on, row.body.name,
            zone_address(row.key),
        )  # fmt: skip
        writer.writerow([safe_text(cell) for cell in cells])
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")


def _front() -> list[str]:
    return [HOME.url, *(reverse(f"portal:zones:{name}") for name in ("json", "csv"))]


def _districts() -> list[str]:
    return [district_address(key) for key, _, _ in queries.districts()]


def _zones() -> list[str]:
    known = Zone.objects.filter(opened_on__isnull=False).order_by("key")
    return [zone_address(key) for key in known.values_list("key", flat=True)]


def _born_zone(key: str) -> list[str]:
    name = key.removeprefix("zone:")
    return [] if name == key else [zone_address(name)]


def _born_district(key: str) -> list[str]:
    name = key.removeprefix("zones:")
    return [] if name == key else [district_address(name)]


baked = [
    Family("zones", _front),
    Family("zone districts", _districts, _born_district),
    Family("zone pages", _zones, _born_zone),
    listings.FAMILY,
]
entries = (Entry("政务公开专区", "portal:zones:home", "就近查阅政府信息的场所：位置、开放时间、服务内容。"),)
urlpatterns = [
    path("zones/", home, name="home"),
    path("zones/zones.json", as_json, name="json"),
    path("zones/zones.csv", as_csv, name="csv"),
    path("zones/find/", finder.ZoneFinder.as_view(), name="find"),
    path("zones/all/", listing, name="all"),
    path("zones/all/page-<int:number>/", listing, name="all_page"),
    path("zones/in/<slug:key>/", district, name="district"),
    path("zones/by-<slug:sort>/<slug:name>/", listing, name="listing"),
    path("zones/by-<slug:sort>/<slug:name>/page-<int:number>/", listing, name="listing_page"),
    path("zones/<slug:key>/", zone, name="zone"),
    path("kiosk/", kiosk.front, name="kiosk"),
    path("kiosk/<slug:zone>/", kiosk.start, name="start"),
    path("kiosk/<slug:zone>/device/<slug:told>/", kiosk.device, name="device"),
    path("kiosk/<slug:zone>/<slug:visit>/", kiosk.menu, name="menu"),
    path("kiosk/<slug:zone>/<slug:visit>/search/", kiosk_pages.search, name="kiosk-search"),
    path("kiosk/<slug:zone>/<slug:visit>/read/", kiosk_pages.read, name="kiosk-read"),
    path("kiosk/<slug:zone>/<slug:visit>/print/", kiosk_pages.printing, name="kiosk-print"),
    path("kiosk/<slug:zone>/<slug:visit>/records/<slug:key>/", kiosk_pages.record, name="kiosk-record"),
    path("kiosk/<slug:zone>/<slug:visit>/on/<path:rest>", mount.page, name="mount"),
]
