"""The ledger on the desk: whether it holds, its seals, and how far the followers have read."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from gongkai.ledger import followers
from gongkai.ledger.models import Event, Seal
from gongkai.ledger.queries import verify
from gongkai.organs.scope import Scope
from gongkai.ui.lists import Column, DayColumn, ListPage, NumberColumn, Table
from gongkai.ui.pieces import Crumb, Fact

HOME = Crumb("台账核验", "/office/ledger/")


class Ledger(View):
    """The state of the ledger; verifying reads all of it, so it is asked for with a button."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """How much there is."""
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read every line and every seal again."""
        Scope.of(request.user).require("ledger.verify")
        verdict = verify()
        if verdict.broken:
            messages.error(request, f"台账断裂于 {verdict.broken.where}：{verdict.broken.reason}")
        else:
            messages.success(
                request,
                f"台账完好：{verdict.lines:,} 条记录、{verdict.subjects:,} 个事项、{verdict.seals:,} 次封存全部相符",
            )
        return self._page(request)

    def _page(self, request: HttpRequest) -> HttpResponse:
        Scope.of(request.user).require("ledger.verify")
        behind = sum(followers.lag().values())
        facts = [
            Fact(Event.objects.count(), "台账记录", unit="条"),
            Fact(Seal.objects.count(), "每日封存", reverse("office:seals"), unit="次"),
            Fact(behind, "后续处理尚未读到", unit="条"),
        ]
        return render(
            request, "office/ledger.html", {"title": "台账核验", "trail": [Crumb("台账核验")], "facts": facts}
        )


class SealTable(Table):
    """The seals."""

    day = DayColumn("封存日期")
    first_id = NumberColumn("自第几条")
    last_id = NumberColumn("至第几条")
    lines = NumberColumn("条数")
    digest = Column("校验值", orderable=False)


class Seals(ListPage):
    """Every seal, newest first."""

    title = "每日封存"
    table_class = SealTable
    trail = (HOME,)
    empty = "还没有封存。"
    empty_hint = "服务运行时每天自动封存一次。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Seal]:
        """For those who may verify."""
        Scope.of(request.user).require("ledger.verify")
        return Seal.objects.order_by("-id")
