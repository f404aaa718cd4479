"""The desk of zones: the list, the service log, and the pages of each."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, reverse

from gongkai.organs.opening import workers
from gongkai.organs.scope import Scope
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import Crumb

from . import import_desk, queries, service_desk, zone_desk
from .hours import write
from .models import Service, Zone
from .procedure import AREAS, HOSTS, LEVELS, SERVICE, SERVICES, ZONE
from .showing import HOME, STATE_KINDS


class ZoneTable(Table):
    """A zone in the list."""

    name = Column("专区名称", linkify=lambda record: reverse("office:zones:zone", args=[record.key]))
    level = Column("层级")
    host = Column("设在")
    district = Column("所在区县", accessor="district__short_name")
    address = Column("地址")
    phone = Column("电话")
    areas = Column("功能区", orderable=False)
    opened_on = DayColumn("启用日期")
    body = Column("主管机关", accessor="body__short_name")
    state = PillColumn("状态", kinds=STATE_KINDS)

    def render_areas(self, record: Zone) -> str:
        """自助查询、资料阅览."""
        return "、".join(record.area_names)


class ZoneSheet(ZoneTable):
    """A zone in an export: its whole description, under the heads an import reads."""

    longitude = Column("经度")
    latitude = Column("纬度")
    hours = Column("开放时间")
    hours_note = Column("开放时间说明")
    equipment = Column("设备")
    accessibility = Column("无障碍设施")
    directions = Column("到达方式")
    why = Column("理由")
    until = DayColumn("预计恢复开放的日期")

    def value_hours(self, value: list[list[list[str]]]) -> str:
        """As people write it."""
        return write(value)

    def value_equipment(self, value: list[str]) -> str:
        """With commas between."""
        return "、".join(value)


class ZoneFilter(FilterSet):
    """By words, level, host, district, area, state, and whether it has a terminal."""

    q = django_filters.CharFilter(label="名称或地址", method="search")
    level = django_filters.ChoiceFilter(label="层级", choices=LEVELS, empty_label="不限")
    host = django_filters.ChoiceFilter(label="设在", choices=HOSTS, empty_label="不限")
    district = django_filters.ChoiceFilter(
        label="所在区县", empty_label="不限", choices=lambda: [(b.key, b.short_name) for b in queries.district_bodies()]
    )
    area = django_filters.ChoiceFilter(label="功能区", choices=AREAS, empty_label="不限", method="by_area")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(s.key, s.label) for s in ZONE.states], empty_label="不限"
    )
    kiosk = django_filters.ChoiceFilter(
        label="自助终端", choices=(("true", "有"), ("false", "没有")), empty_label="不限", method="by_kiosk"
    )

    def search(self, rows: QuerySet[Zone], name: str, value: str) -> QuerySet[Zone]:
        """In name and address."""
        return rows.filter(Q(name__icontains=value) | Q(address__icontains=value))

    def by_area(self, rows: QuerySet[Zone], name: str, value: str) -> QuerySet[Zone]:
        """With this area."""
        return rows.filter(areas__icontains=f'"{value}"')

    def by_kiosk(self, rows: QuerySet[Zone], name: str, value: str) -> QuerySet[Zone]:
        """With a terminal, or without."""
        return rows.filter(kiosk__gt=0) if value == "true" else rows.filter(kiosk=0)


class Tabs(ListPage):
    """The two lists of this desk, and the way from one to the other."""

    here = ""

    def get_tabs(self, request: HttpRequest) -> list[tuple[str, str, bool]]:
        """Zones and services."""
        tabs = (("专区", "home"), ("服务登记", "services"))
        return [(label, reverse(f"office:zones:{name}"), name == self.here) for label, name in tabs]


class ZoneList(Tabs):
    """Every zone of the bodies this person works for, the newest first."""

    here, title = "home", "政务公开专区"
    summary = "公众查阅政府信息的场所（条例第二十五条）。启用的专区在门户网站上可以查到。"
    table_class, filter_class = ZoneTable, ZoneFilter
    empty = "还没有登记专区。"
    empty_hint = "可以逐个登记，也可以从表格批量导入。"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or a file with everything."""
        self.table_class = ZoneSheet if "export" in request.GET else ZoneTable
        return super().get(request, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Zone]:
        """What this person may see."""
        scope = Scope.of(request.user)
        scope.require(queries.RIGHT)
        return queries.visible_zones(scope)

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Register one, or many from a file."""
        if not workers(Scope.of(request.user), queries.RIGHT, ZONE.transitions[0]):
            return []
        names = (("登记已启用的专区", "enter"), ("登记筹建", "plan"), ("从表格导入", "import"))
        return [(label, reverse(f"office:zones:{name}")) for label, name in names]


class ServiceTable(Table):
    """A line of the service log."""

    on = DayColumn("日期", linkify=lambda record: reverse("office:zones:service", args=[record.key]))
    zone = Column("专区", accessor="zone__name")
    service = Column("服务事项")
    people = NumberColumn("服务人次")
    papers = NumberColumn("提供资料份数")
    note = Column("说明")
    body = Column("主管机关", accessor="body__short_name")
    state = PillColumn("状态", kinds={"void": "late"})


class ServiceFilter(FilterSet):
    """By zone, service and day."""

    q = django_filters.CharFilter(label="专区名称", field_name="zone__name", lookup_expr="icontains")
    service = django_filters.ChoiceFilter(label="服务事项", choices=SERVICES, empty_label="不限")
    state = django_filters.ChoiceFilter(
        label="状态", choices=[(s.key, s.label) for s in SERVICE.states], empty_label="不限"
    )
    since = django_filters.DateFilter(label="日期自", field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(label="至", field_name="on", lookup_expr="lte")


class ServiceList(Tabs):
    """The service log, the latest day first."""

    here, title, trail = "services", "专区服务登记", (HOME,)
    summary = "专区每天的服务。打开一个专区，点“登记服务”。"
    table_class, filter_class = ServiceTable, ServiceFilter
    empty = "还没有登记服务。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        """What this person may see."""
        scope = Scope.of(request.user)
        scope.require(queries.RIGHT)
        return queries.visible_services(scope)

    def get_trail(self, request: HttpRequest) -> tuple[Crumb, ...]:
        """Below the zones."""
        return (HOME,)


urlpatterns = [
    path("", ZoneList.as_view(), name="home"),
    path("plan/", zone_desk.Plan.as_view(), name="plan"),
    path("enter/", zone_desk.Enter.as_view(), name="enter"),
    path("import/", import_desk.ImportPage.as_view(), name="import"),
    path("import/template.xlsx", import_desk.template_file, name="template"),
    path("services/", ServiceList.as_view(), name="services"),
    path("services/<slug:key>/", service_desk.ServicePage.as_view(), name="service"),
    path("<slug:key>/", zone_desk.ZonePage.as_view(), name="zone"),
    path("<slug:key>/edit/", zone_desk.edit, name="edit"),
    path("<slug:key>/log/", service_desk.log, name="log"),
]
