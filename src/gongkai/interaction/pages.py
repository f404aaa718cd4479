"""The public addresses of the interaction, and which of them are baked."""

from collections.abc import Iterable

from django.urls import path

from gongkai.bake.chunks import addresses
from gongkai.bake.families import Family
from gongkai.ledger import clock
from gongkai.ui.pieces import Entry

from . import message_pages, mistake_pages, statistics_page, survey_pages
from .lists import LISTS, in_list
from .models import Message, Survey
from .projection import LIST
from .queries import published

entries = (
    Entry("政务咨询", "portal:interaction:home", "向政府部门提问，查看已经公开的问题和答复。"),
    Entry("征集调查", "portal:interaction:surveys", "正在公开征求意见的文件和网上调查，及其结果。"),
    Entry("查询留言", "portal:interaction:status", "凭编号和查询码查看答复。", on_home=False),
    Entry("留言统计", "portal:interaction:statistics", "收到、答复和用时。", on_home=False),
    Entry("我为政府网站找错", "portal:interaction:mistakes", "发现网页上的错误，告诉我们。", on_home=False),
)


def _messages() -> Iterable[str]:
    rows = Message.objects.filter(state__in=("published", "withdrawn")).order_by("key").values_list("key", flat=True)
    return [*addresses(LIST, published().count()), *(f"{LIST}{key}/" for key in rows)]


def _message_born(key: str) -> Iterable[str]:
    if key.startswith(LIST):
        return [key]
    return [f"{LIST}{key.removeprefix('message:')}/"] if key.startswith("message:") else []


def _survey_lists() -> Iterable[str]:
    today = clock.today()
    return [one for which, (_, base) in LISTS.items() for one in addresses(base, in_list(which, today).count())]


def _surveys() -> Iterable[str]:
    rows = Survey.objects.filter(approved=True).order_by("key").values_list("key", flat=True)
    return [*_survey_lists(), *(f"/surveys/{key}/" for key in rows)]


def _survey_born(key: str) -> Iterable[str]:
    if key == "surveys":
        return _survey_lists()
    return [f"/surveys/{key.removeprefix('survey:')}/"] if key.startswith("survey:") else []


baked = (
    Family("messages", _messages, _message_born),
    Family("surveys", _surveys, _survey_born),
    Family("interaction", lambda: ("/messages/statistics/", "/mistakes/")),
)

urlpatterns = [
    path("messages/", message_pages.home, name="home"),
    path("messages/page-<int:number>/", message_pages.home, name="page"),
    path("messages/new/", message_pages.ask, name="ask"),
    path("messages/status/", message_pages.status, name="status"),
    path("messages/mine/", message_pages.mine, name="mine"),
    path("messages/leave/", message_pages.leave, name="leave"),
    path("messages/statistics/", statistics_page.messages, name="statistics"),
    path("messages/<slug:key>/", message_pages.message, name="message"),
    path("surveys/", survey_pages.listing, name="surveys"),
    path("surveys/page-<int:number>/", survey_pages.listing, name="surveys_page"),
    *(
        address
        for which in ("closed", "results")
        for address in (
            path(f"surveys/{which}/", survey_pages.listing, {"which": which}, name=f"surveys_{which}"),
            path(
                f"surveys/{which}/page-<int:number>/",
                survey_pages.listing,
                {"which": which},
                name=f"surveys_{which}_page",
            ),
        )
    ),
    path("surveys/<slug:key>/", survey_pages.survey, name="survey"),
    path("surveys/<slug:key>/answer/", survey_pages.answer, name="answer"),
    path("surveys/<slug:key>/thanks/", survey_pages.thanks, name="thanks"),
    path("mistakes/", statistics_page.mistakes, name="mistakes"),
    path("mistakes/new/", mistake_pages.report, name="mistake"),
    path("mistakes/status/", mistake_pages.status, name="mistake_status"),
    path("mistakes/mine/", mistake_pages.mine, name="mistake_mine"),
    path("mistakes/leave/", mistake_pages.leave, name="mistake_leave"),
]
