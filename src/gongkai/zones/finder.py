"""The zone search: district, level, area and words together; for readers who want to narrow the lists further."""

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from gongkai.ui.lists import Column, FilterSet, ListPage, PillColumn, Table
from gongkai.ui.pieces import Crumb

from . import queries
from .desk import ZoneFilter
from .models import Zone
from .procedure import AREAS, HOSTS, LEVELS
from .showing import STATE_KINDS


class FoundTable(Table):
    """A zone among those found."""

    name = Column("专区名称", linkify=lambda record: reverse("portal:zones:zone", args=[record.key]))
    district = Column("所在区县", accessor="district__short_name")
    level = Column("层级")
    address = Column("地址")
    phone = Column("电话")
    areas = Column("功能区", orderable=False)
    state = PillColumn("状态", kinds=STATE_KINDS)

    def render_areas(self, record: Zone) -> str:
        """自助查询、资料阅览."""
        return "、".join(record.area_names)


class FoundFilter(FilterSet):
    """By words, district, level, host and area."""

    q = django_filters.CharFilter(label="名称或地址", method="search")
    district = django_filters.ChoiceFilter(
        label="所在区县", empty_label="不限", choices=lambda: [(b.key, b.short_name) for b in queries.district_bodies()]
    )
    level = django_filters.ChoiceFilter(label="层级", choices=LEVELS, empty_label="不限")
    host = django_filters.ChoiceFilter(label="设在", choices=HOSTS, empty_label="不限")
    area = django_filters.ChoiceFilter(label="功能区", choices=AREAS, empty_label="不限", method="by_area")

    search, by_area = ZoneFilter.search, ZoneFilter.by_area


class ZoneFinder(ListPage):
    """Every zone the public sees."""

    title = "查找政务公开专区"
    table_class, filter_class = FoundTable, FoundFilter
    base_template = "portal/base.html"
    trail = (Crumb("首页", "/"), Crumb("政务公开专区", "/zones/"))
    empty = "没有符合条件的专区。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Zone]:
        """With their districts."""
        return queries.shown().order_by("district__order", "level", "name", "key")
