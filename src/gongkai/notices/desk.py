"""The desk of notices: one's inbox and wishes, and for administrators what could not be sent."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.views import View
from django.views.decorators.http import require_POST

from gongkai.ledger import vault
from gongkai.organs.models import Person
from gongkai.organs.scope import Scope
from gongkai.procedure import Invalid
from gongkai.ui.lists import Column, ListPage, PillColumn, Table
from gongkai.ui.pieces import Crumb, Item, Panel

from . import queries, services
from .forms import WishForm
from .models import APPLICANT, Message, Preference, contact_key
from .outbox import channels

INBOX = Crumb("消息", "/office/notices/")


def _person(request: HttpRequest) -> Person:
    return Scope.of(request.user).person


class InboxTable(Table):
    """One's messages."""

    title = Column("标题", linkify=lambda record: reverse("office:notices:message", args=[record.pk]))
    created_at = Column("时间")
    read = PillColumn("状态", empty_values=(), accessor="pk", order_by=("read_at",))

    def render_read(self, record: Message) -> SafeString | str:
        """未读 stands out."""
        return mark_safe('<span class="pill soon">未读</span>') if record.read_at is None else "已读"

    def value_read(self, record: Message) -> str:
        """The words."""
        return "已读" if record.read_at else "未读"


class Inbox(ListPage):
    """One's own messages, unread first."""

    title = "消息"
    table_class = InboxTable
    template_name = "notices/inbox.html"
    empty = "没有消息。"
    exports = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """One's own only."""
        return queries.inbox(_person(request))

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Wishes; for administrators what failed."""
        actions = [("接收方式", reverse("office:notices:wishes"))]
        if Scope.of(request.user).may("organs.manage"):
            actions.append(("发送失败", reverse("office:notices:failed")))
        return actions


class Read(View):
    """One message. Looking changes nothing; marking it read is a post, which may go on to the case."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        message = get_object_or_404(queries.inbox(_person(request)), pk=pk)
        context = {"title": message.title, "trail": [INBOX, Crumb(message.title)], "message": message}
        return render(request, "notices/message.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark it read, and open the case where asked."""
        message = get_object_or_404(queries.inbox(_person(request)), pk=pk)
        services.mark_read(queries.inbox(_person(request)).filter(pk=pk))
        return redirect(message.url if message.url and "open" in request.POST else "office:notices:home")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read."""
    count = services.mark_read(queries.inbox(_person(request)))
    messages.success(request, f"已将 {count} 条消息标为已读")
    return redirect("office:notices:home")


class Wishes(View):
    """How one wants to be told."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form as it stands."""
        wish = Preference.objects.filter(person=_person(request)).first()
        return self._show(request, WishForm(initial={"by_email": wish and wish.email, "by_sms": wish and wish.sms}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it."""
        form = WishForm(request.POST)
        if form.is_valid():
            try:
                services.set_wish(_person(request), services.Wish(**form.cleaned_data))
            except Invalid as invalid:
                for name, reason in invalid.errors:
                    form.add_error(name, reason)
            else:
                messages.success(request, "接收方式已保存")
                return redirect("office:notices:wishes")
        return self._show(request, form, 422)

    def _show(self, request: HttpRequest, form: WishForm, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "title": "接收方式",
            "trail": [INBOX, Crumb("接收方式")],
            "form": form,
            "kept": vault.masked(contact_key(_person(request).username)),
            "lacking": [label for name, label in (("email", "电子邮件"), ("sms", "短信")) if name not in channels()],
        }
        return render(request, "notices/wishes.html", context, status=status)


class FailedTable(Table):
    """What did not go out. Addresses are not shown: they are not here."""

    title = Column("标题")
    recipient = Column("收件人")
    channel = Column("方式")
    created_at = Column("时间")
    error = Column("原因")
    body = Column("机关")

    def render_recipient(self, value: str) -> str:
        """The applicant has no sign-in name."""
        return "申请人" if value == APPLICANT else value


class Failed(ListPage):
    """For administrators: what could not be sent, and another try."""

    title = "发送失败的通知"
    summary = "检查邮件、短信设置后可以重新发送。收件人不存在的，请由承办人另行联系。"
    table_class = FailedTable
    template_name = "notices/failed.html"
    empty = "没有发送失败的通知。"
    trail = (INBOX,)
    http_method_names = ["get", "head", "options", "post"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Of the bodies one administers."""
        scope = Scope.of(request.user)
        scope.require("organs.manage")
        return queries.failed(scope)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Queue all of them again."""
        count = services.retry(self.get_queryset(request).order_by())
        messages.success(request, f"{count} 条通知将重新发送")
        return redirect("office:notices:failed")


def new_messages(request: HttpRequest) -> Panel | None:
    """The newest unread ones, on the front page; no box where there are none."""
    rows = list(queries.inbox(_person(request)).filter(read_at=None)[:6])
    if not rows:
        return None
    items = [Item(row.title, reverse("office:notices:message", args=[row.pk])) for row in rows[:5]]
    count = len(rows) if len(rows) < 6 else queries.unread(_person(request))
    return Panel("未读消息", items, reverse("office:notices:home"), count=count)


panels = [new_messages]

urlpatterns = [
    path("", Inbox.as_view(), name="home"),
    path("read/", read_all, name="read_all"),
    path("wishes/", Wishes.as_view(), name="wishes"),
    path("failed/", Failed.as_view(), name="failed"),
    path("<int:pk>/", Read.as_view(), name="message"),
]
