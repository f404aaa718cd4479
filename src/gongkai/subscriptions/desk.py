"""The desk of subscriptions: how many there are and of what; one of them, with its mailbox masked. Nobody reads more."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import django_filters
from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.http import HttpRequest
from django.urls import path, reverse

from gongkai.ledger import vault
from gongkai.ledger.services import Actor, Done
from gongkai.notices.models import Message
from gongkai.organs.casework import CasePage
from gongkai.organs.models import Body
from gongkai.organs.scope import Scope
from gongkai.ui.lists import Column, DayColumn, FilterSet, ListPage, NumberColumn, PillColumn, Table
from gongkai.ui.pieces import Crumb, Row

from . import contacts, letters, offers, services
from .events import Subscription as Standing
from .models import Subscription
from .procedure import FREQUENCIES, PROCEDURE

RIGHT = "subscriptions.view"
HOME = Crumb("邮件订阅", "/office/subscriptions/")
KINDS = {"pending": "soon", "active": "ok", "stopped": "late"}


class WishColumn(Column):
    """What a subscription is of, in words."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._labels: dict[str, offers.Labels] = {}  # a table has columns of its own: read once for each page

    def _known(self, sort: str) -> offers.Labels:
        if sort not in self._labels:
            self._labels[sort] = offers.labels(sort)
        return self._labels[sort]

    def render(self, record: Subscription) -> str:
        """类别 政策文件；关键词."""
        said = [f"{label} {values}" for label, values in offers.told(record, self._known)]
        return "；".join([*said, *(["关键词"] if record.words else [])])

    def value(self, record: Subscription) -> str:
        """The same in a file."""
        return self.render(record)


class SubscriptionTable(Table):
    """A subscription in the list: no address stands in it."""

    number = Column("编号", linkify=lambda record: reverse("office:subscriptions:case", args=[record.key]))
    wish = WishColumn("订阅的内容", accessor="kinds", orderable=False)
    frequency = Column("频次")
    asked_on = DayColumn("申请日期")
    confirmed_on = DayColumn("确认日期")
    ended_on = DayColumn("退订日期")
    mails = NumberColumn("已发邮件")
    state = PillColumn("状态", kinds=KINDS)


class SubscriptionFilter(FilterSet):
    """By state, frequency and day."""

    state = django_filters.ChoiceFilter(
        label="状态", choices=[(s.key, s.label) for s in PROCEDURE.states], empty_label="不限"
    )
    frequency = django_filters.ChoiceFilter(label="频次", choices=FREQUENCIES, empty_label="不限")
    since = django_filters.DateFilter(label="申请日期自", field_name="asked_on", lookup_expr="gte")
    until = django_filters.DateFilter(label="至", field_name="asked_on", lookup_expr="lte")


class SubscriptionList(ListPage):
    """Every subscription, the newest first, with how many letters each has had."""

    title = HOME.label
    summary = "公众在网站上留下邮箱订阅的更新。邮箱加密保存，不在列表和导出中；退订、逾期未确认的随即删除。"
    table_class, filter_class = SubscriptionTable, SubscriptionFilter
    empty = "还没有人订阅。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        """Those of the bodies this person administers or answers for."""
        scope = Scope.of(request.user)
        scope.require(RIGHT)
        mine = Message.objects.filter(
            recipient=Concat(Value(letters.READER), OuterRef("key")),
            cause__startswith=letters.DIGEST, state=Message.State.SENT,
        )  # fmt: skip
        number = mine.order_by().values("recipient").annotate(number=Count("id")).values("number")
        rows = scope.limit(Subscription.objects.all(), RIGHT)
        return rows.annotate(mails=Coalesce(Subquery(number), 0))


class SubscriptionPage(CasePage):
    """One subscription."""

    kind, permission, template_name, trail = PROCEDURE.name, RIGHT, "subscriptions/subscription.html", (HOME,)

    def perform(self, key: str, event: str, actor: Actor, data: Mapping[str, Any], day: date, token: str) -> Done:
        """The app's own command: ending forgets the address."""
        return services.do(key, event, actor, data, day=day, key=token or None)

    def get_context(self, request: HttpRequest, state: Standing, body: Body) -> dict[str, Any]:
        """What it is of, and the mailbox as far as it may be seen."""
        email = contacts.of(self.kwargs["key"]).email
        sent = letters.of_reader(self.kwargs["key"]).filter(cause__startswith=letters.DIGEST)
        return {
            "kind": KINDS.get(state.state, ""),
            "rows": [
                Row("邮箱", vault.mask("email", email) if email else "已删除"),
                *(Row(label, values) for label, values in offers.told(state)),
                *([Row("关键词", "有（加密保存）")] if state.words else []),
                Row("频次", dict(FREQUENCIES)[state.frequency]),
                Row("已发邮件", f"{sent.filter(state=Message.State.SENT).count()} 封"),
                Row("受理机关", body.name),
            ],
        }


urlpatterns = [
    path("", SubscriptionList.as_view(), name="home"),
    path("<slug:key>/", SubscriptionPage.as_view(), name="case"),
]
