"""Desk pages on signing in: one's own account, and for administrators the account of a person and the log."""

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from gongkai.ledger import vault
from gongkai.organs.desk import control, visible_people
from gongkai.organs.models import Person
from gongkai.organs.scope import Scope
from gongkai.procedure import Refused
from gongkai.ui.lists import Column, FilterSet, ListPage, PillColumn, Table
from gongkai.ui.pieces import Crumb

from . import providers, services, throttle, totp
from .browsers import browser_of
from .forms import ConfirmForm, EnrolForm, PasswordForm
from .models import Account, Session, Trace
from .signin import Code

OWN = Crumb("我的账号", "/office/identity/")
ENROLLING = "enrolling"
private = method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")


def _person(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise PermissionDenied("请先登录")
    return request.user


def _sessions(person: Person, here: str | None) -> list[dict[str, Any]]:
    rows = Session.objects.filter(person=person).order_by("-seen_at")[:50]
    return [
        {
            "name": services.session_name(row.session_key),
            "row": row,
            "here": row.session_key == here,
            "browser": browser_of(row.agent),
        }
        for row in rows
    ]


@private
class Own(View):
    """One's own account: sessions, second factor, the last comings and goings."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        person = _person(request)
        context = {
            "title": "我的账号",
            "trail": [Crumb("我的账号")],
            "sessions": _sessions(person, request.session.session_key),
            "account": Account.objects.filter(person=person).first(),
            "recovery": services.recovery_left(person) if services.has_factor(person) else 0,
            "traces": Trace.objects.filter(username=person.username)[:20],
        }
        return render(request, "identity/own.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """End one session, or all others."""
        person = _person(request)
        name = request.POST.get("session", "")
        count = (
            services.end_session(person, name) if name else services.end_sessions(person, request.session.session_key)
        )
        if count:
            services.note(request, Trace.Kind.ENDED, person.username, f"{count} 个")
        messages.success(request, f"已结束 {count} 个会话")
        return redirect("office:identity:home")


@private
class Password(View):
    """Change one's own password."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._show(request, PasswordForm(request, _person(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change it; every other session ends."""
        person = _person(request)
        form = PasswordForm(request, person, request.POST)
        if not form.is_valid():
            return self._show(request, form, 422)
        services.change_password(request, person, form.cleaned_data["new"])
        messages.success(request, "密码已修改，其他地方的登录已全部退出")
        return redirect("office:identity:home")

    def _show(self, request: HttpRequest, form: PasswordForm, status: int = 200) -> HttpResponse:
        context = {
            "title": "修改密码",
            "trail": [OWN, Crumb("修改密码")],
            "form": form,
            "must": "password" in request.session.get(services.DUTIES, []),
        }
        return render(request, "identity/password.html", context, status=status)


@private
class Factor(View):
    """Put the second factor in use, or take it out."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The picture of a new secret, or what is in use."""
        person = _person(request)
        if services.has_factor(person):
            return self._in_use(request, person, ConfirmForm(request, person))
        return self._enrol(request, person, EnrolForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """The first code puts it in use; the password takes it out."""
        person = _person(request)
        if services.has_factor(person):
            return self._drop(request, person)
        form = EnrolForm(request.POST)
        if form.is_valid():
            try:
                codes = services.enrol_factor(person, self._secret(request), form.cleaned_data["code"].strip())
            except Refused as refused:
                form.add_error("code", refused.reason)
            else:
                request.session.pop(ENROLLING, None)
                services.done_with(request, "factor")
                context = {"title": "备用码", "trail": [OWN, Crumb("备用码")], "codes": codes}
                return render(request, "identity/recovery.html", context)
        return self._enrol(request, person, form, 422)

    def _drop(self, request: HttpRequest, person: Person) -> HttpResponse:
        form = ConfirmForm(request, person, request.POST)
        if not form.is_valid():
            return self._in_use(request, person, form, 422)
        if services.needs_factor(person):
            form.add_error(None, "您的角色要求两步验证，不能停用；更换手机请联系本机关管理员重置")
            return self._in_use(request, person, form, 422)
        services.drop_factor(person)
        messages.success(request, "两步验证已停用")
        return redirect("office:identity:home")

    def _secret(self, request: HttpRequest) -> str:
        """The secret on offer in this session, sealed there; the same until it is in use."""
        kept = vault.unseal(request.session.get(ENROLLING, ""))
        if kept:
            return str(kept["secret"])
        secret = totp.new_secret()
        request.session[ENROLLING] = vault.seal({"secret": secret})
        return secret

    def _enrol(self, request: HttpRequest, person: Person, form: EnrolForm, status: int = 200) -> HttpResponse:
        secret = self._secret(request)
        uri = totp.uri(secret, person.username, "政府信息公开工作台")
        context = {
            "title": "启用两步验证",
            "trail": [OWN, Crumb("两步验证")],
            "form": form,
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            "uri": uri,
            "picture": mark_safe(totp.picture(uri)),
            "must": "factor" in request.session.get(services.DUTIES, []),
        }
        return render(request, "identity/enrol.html", context, status=status)

    def _in_use(self, request: HttpRequest, person: Person, form: ConfirmForm, status: int = 200) -> HttpResponse:
        context = {
            "title": "两步验证",
            "trail": [OWN, Crumb("两步验证")],
            "form": form,
            "account": Account.objects.get(person=person),
            "recovery": services.recovery_left(person),
        }
        return render(request, "identity/factor.html", context, status=status)


@private
class PersonAccount(View):
    """How a person signs in, for administrators: open a locked account, a new password, drop a lost second factor."""

    def get(self, request: HttpRequest, username: str) -> HttpResponse:
        """The page."""
        return self._show(request, self._visible(request, username))

    def post(self, request: HttpRequest, username: str) -> HttpResponse:
        """One of the acts."""
        person = self._visible(request, username)
        scope = Scope.of(request.user)
        control(scope, person)
        by, done = scope.actor(person.body), ""
        act = request.POST.get("act", "")
        try:
            if act == "unlock":
                services.unlock(person, by)
                done = "已解除登录暂停"
            elif act == "password":
                return self._show(request, person, services.reset_password(person, by))
            elif act == "factor":
                services.drop_factor(person, by)
                done = "已重置两步验证，本人下次登录后可重新启用"
            elif act == "sessions":
                count = services.end_sessions(person)
                services.note(request, Trace.Kind.ENDED, person.username, f"管理员 {by.key} 结束 {count} 个")
                done = f"已结束 {count} 个会话"
        except Refused as refused:
            messages.error(request, refused.reason)
        if done:
            messages.success(request, done)
        return redirect("office:identity:account", username=username)

    def _visible(self, request: HttpRequest, username: str) -> Person:
        person = visible_people(Scope.of(request.user)).filter(username=username).first()
        if person is None:
            raise Http404
        return person

    def _show(self, request: HttpRequest, person: Person, password: str = "") -> HttpResponse:
        scope = Scope.of(request.user)
        trail = [
            Crumb("机关与人员", "/office/organs/"),
            Crumb(person.name, f"/office/organs/people/{person.username}/"),
        ]
        waits = [throttle.paused_until(kind, person.username) for kind in ("account", "factor")]
        context = {
            "title": f"{person.name}的登录",
            "trail": [*trail, Crumb("登录")],
            "person": person,
            "password": password,
            "paused_until": max((wait for wait in waits if wait), default=None),
            "account": Account.objects.filter(person=person).first(),
            "sessions": _sessions(person, None),
            "traces": Trace.objects.filter(username=person.username)[:20],
            "may": scope.may("organs.manage", person.body) and person != request.user,
        }
        return render(request, "identity/account.html", context)


class TraceTable(Table):
    """The log."""

    at = Column("时间")
    kind = PillColumn("事项", kinds={"failed": "soon", "paused": "late", "code_failed": "soon", "refused": "soon"})
    username = Column("登录名")
    address = Column("网络地址")
    note = Column("说明")


class TraceFilter(FilterSet):
    """By matter and person."""

    kind = django_filters.ChoiceFilter(label="事项", choices=Trace.Kind.choices, empty_label="不限")
    username = django_filters.CharFilter(label="登录名")


class TraceList(ListPage):
    """Comings and goings of the people this administrator or auditor looks after."""

    title = "登录记录"
    table_class = TraceTable
    filter_class = TraceFilter
    trail = (Crumb("机关与人员", "/office/organs/"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trace]:
        """Of known people only: what others typed is not shown to people."""
        scope = Scope.of(request.user)
        scope.require("identity.log")
        people = scope.limit(Person.objects.all(), "identity.log").values("username")
        return Trace.objects.filter(username__in=people)


urlpatterns = [
    path("", Own.as_view(), name="home"),
    path("password/", Password.as_view(), name="password"),
    path("factor/", Factor.as_view(), name="factor"),
    path("code/", Code.as_view(), name="code"),
    path("log/", TraceList.as_view(), name="log"),
    path("people/<slug:username>/", PersonAccount.as_view(), name="account"),
    path("oidc/<slug:provider>/", providers.staff_leave, name="oidc"),
    path("oidc/<slug:provider>/back/", providers.staff_back, name="oidc_back"),
]
