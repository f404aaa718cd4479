"""Bodies and people at the desk: the tree, who works where in which role, and giving and taking roles."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views import View

from gongkai.ledger import clock
from gongkai.ledger.services import lines
from gongkai.procedure import Field, Refused
from gongkai.ui.context import address
from gongkai.ui.forms import EventForm
from gongkai.ui.lists import Column, FilterSet, ListPage, PillColumn, Table
from gongkai.ui.pieces import Crumb, Happening, Node

from . import services
from .leave_desk import LeavePage
from .models import Body, Grant, Person, Unit
from .procedure import PROCEDURE
from .rights import GRANTABLE, ROLES
from .scope import Scope

HOME = Crumb("机关与人员", "/office/organs/")
STANDING = (("active", "在用"), ("left", "停用"))
ROLE = Field("role", "角色", "choice", choices=tuple((role, ROLES[role]) for role in GRANTABLE))


def visible_people(scope: Scope) -> QuerySet[Person]:
    """The people of the bodies this person may look at. Raises PermissionDenied without the right anywhere."""
    scope.require("organs.view")
    grants = Prefetch("grants", Grant.objects.select_related("body").order_by("body__order", "body_id", "role"))
    return scope.limit(Person.objects.select_related("body", "unit").prefetch_related(grants), "organs.view")


def control(scope: Scope, person: Person) -> None:
    """Raise PermissionDenied unless everything this person may do is within the administrator's own reach.

    Otherwise whoever administers one district could reset the password of somebody with rights over the whole city.
    """
    if scope.person == person:
        raise PermissionDenied("不能办理本人的账号，请由其他管理员办理")
    scope.require("organs.manage", person.body)
    for grant in person.grants.select_related("body"):
        if not scope.covers("organs.manage", grant.body.path, grant.below):
            raise PermissionDenied(f"{person.name}还在{grant.body}担任角色，须由管理范围包括该机关的管理员办理")


class Tree(View):
    """The tree of bodies, with how many people each has."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page: three queries however many bodies there are."""
        scope = Scope.of(request.user)
        scope.require("organs.view")
        active = Count("people", filter=Q(people__is_active=True))
        bodies = list(scope.bodies("organs.view").annotate(active=active).order_by("order", "id"))
        context = {
            "title": "机关与人员",
            "trail": [Crumb("机关与人员")],
            "nodes": _nodes(bodies),
            "count": len(bodies),
            "manages": scope.may("organs.manage"),
            "log": address("office:identity:log") if scope.may("identity.log") else None,
        }
        return render(request, "organs/tree.html", context)


def _nodes(bodies: list[Body]) -> list[Node]:
    below: dict[int | None, list[Body]] = defaultdict(list)
    shown = {body.pk for body in bodies}
    for body in bodies:
        below[body.parent_id if body.parent_id in shown else None].append(body)

    def node(body: Body, deep: int) -> Node:
        url = f"{reverse('office:organs:people')}?body={body.key}"
        count = getattr(body, "active", 0)
        return Node(
            body.name, url, f"{count} 人" if count else "", [node(c, deep + 1) for c in below[body.pk]], deep < 1
        )

    return [node(body, 0) for body in below[None]]


class RolesColumn(Column):
    """Roles in words; those on other bodies with the body's name."""

    def render(self, record: Person) -> str:
        """登记、承办；渝中区：审核（含下级）. The same on several bodies once: 市政府、本机关：承办."""
        by_body: dict[str, list[str]] = defaultdict(list)
        for grant in record.grants.all():
            where = "本机关" if grant.body_id == record.body_id else grant.body.short_name
            by_body[where].append(f"{grant.get_role_display()}{'（含下级）' if grant.below else ''}")
        alike: dict[str, list[str]] = defaultdict(list)
        for where, roles in by_body.items():
            alike["、".join(roles)].append(where)
        return "；".join(
            roles if bodies == ["本机关"] else f"{'、'.join(bodies)}：{roles}" for roles, bodies in alike.items()
        )

    def value(self, record: Person) -> str:
        """The same."""
        return self.render(record)


class PersonTable(Table):
    """People."""

    name = Column("姓名", linkify=lambda record: reverse("office:organs:person", args=[record.username]))
    username = Column("登录名")
    body = Column("机关", accessor="body__name", order_by="body__order")
    unit = Column("处室", accessor="unit__name", default="—")
    roles = RolesColumn("角色", accessor="username", orderable=False)
    standing = PillColumn("状态", accessor="is_active")

    def render_standing(self, value: bool) -> str:
        """In words."""
        return "在用" if value else "停用"

    value_standing = render_standing


class PersonFilter(FilterSet):
    """By words, body, role, standing."""

    q = django_filters.CharFilter(label="姓名或登录名", method="search")
    body = django_filters.CharFilter(label="机关名称或标识", method="of_body")
    role = django_filters.ChoiceFilter(label="角色", choices=ROLE.choices, method="holding", empty_label="不限")
    standing = django_filters.ChoiceFilter(label="状态", choices=STANDING, method="in_standing", empty_label="不限")

    def search(self, rows: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        """In name and sign-in name."""
        return rows.filter(Q(name__icontains=value) | Q(username__icontains=value))

    def of_body(self, rows: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        """By a body's name or its key, which the tree of bodies links to."""
        return rows.filter(Q(body__key=value) | Q(body__name__icontains=value))

    def holding(self, rows: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        """Who holds a role anywhere."""
        return rows.filter(pk__in=Grant.objects.filter(role=value).values("person"))

    def in_standing(self, rows: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        """In use or left."""
        return rows.filter(is_active=value == "active")


class PersonList(ListPage):
    """Everybody this person may look at."""

    title = "人员"
    table_class = PersonTable
    filter_class = PersonFilter
    trail = (HOME,)
    empty = "没有符合条件的人员。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        """Of the bodies within the right."""
        return visible_people(Scope.of(request.user))

    def get_actions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Adding is the administrators' work."""
        manages = Scope.of(request.user).may("organs.manage")
        return [("添加人员", reverse("office:organs:add"))] if manages else []


class Add(View):
    """Add somebody; a password is given on the page of the account."""

    def _form(self, request: HttpRequest, data: Any = None) -> EventForm:
        scope = Scope.of(request.user)
        scope.require("organs.manage")
        bodies = tuple((body.key, body.name) for body in scope.bodies("organs.manage"))
        hint = "字母、数字、连字符和下划线，不超过 40 个字符；以后不能更改"
        fields = (
            Field("username", "登录名", hint=hint),
            Field("name", "姓名"),
            Field("body", "机关", "choice", choices=bodies),
            Field("unit", "处室", "choice", required=False, choices=_units([key for key, _ in bodies])),
        )
        return EventForm(fields, data)

    def _show(self, request: HttpRequest, form: EventForm, status: int = 200) -> HttpResponse:
        context = {"title": "添加人员", "trail": [HOME, Crumb("添加人员")], "form": form, "submit": "添加"}
        return render(request, "organs/form.html", context, status=status)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self._show(request, self._form(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add."""
        form = self._form(request, request.POST)
        if form.is_valid():
            data = form.event_data
            unit = Unit.objects.filter(pk=data.get("unit") or None).select_related("body").first()
            fault = services.fault_of(data["username"], data["name"])
            if unit and unit.body.key != data["body"]:
                fault = fault or ("unit", f"{unit.name}属于{unit.body.name}，请重新选择")
            if fault:
                form.add_error(*fault)
            else:
                body = Body.objects.get(key=data["body"])
                actor = Scope.of(request.user).actor(body)
                services.add_person(data["username"], data["name"], body, actor, unit)
                messages.success(request, f"已添加{data['name']}，请授予角色并设置初始密码")
                return redirect("office:organs:person", username=data["username"])
        return self._show(request, form, 422)


def _units(bodies: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The units of these bodies to choose from, each with its body."""
    units = Unit.objects.filter(body__key__in=list(bodies)).select_related("body")
    return tuple(
        (str(unit.pk), f"{unit.body.short_name} · {unit.name}") for unit in units.order_by("body__path", "order")
    )


class PersonPage(View):
    """One person: roles, standing, what happened."""

    def get(self, request: HttpRequest, username: str) -> HttpResponse:
        """The page."""
        return self._show(request, self._visible(request, username))

    def post(self, request: HttpRequest, username: str) -> HttpResponse:
        """Give or take a role, end or open access again."""
        person = self._visible(request, username)
        scope = Scope.of(request.user)
        scope.require("organs.manage", person.body)
        event = request.POST.get("event", "")
        try:
            if event == "grant":
                return self._grant(request, person, scope)
            if event == "revoke":
                self._revoke(request, person, scope)
            elif event in {"leave", "return"}:
                control(scope, person)
                command = services.leave if event == "leave" else services.come_back
                command(person, scope.actor(person.body))
                messages.success(request, f"已{PROCEDURE.events[event][0].label}")
        except Refused as refused:
            messages.error(request, refused.reason)
        return redirect("office:organs:person", username=username)

    def _grant(self, request: HttpRequest, person: Person, scope: Scope) -> HttpResponse:
        form = self._form(scope, request.POST)
        if not form.is_valid():
            return self._show(request, person, form, 422)
        data = form.event_data
        body, below = Body.objects.get(key=data["body"]), bool(data.get("below"))
        if not scope.covers("organs.manage", body.path, below):
            raise PermissionDenied(f"您不管理{body}的下级机关，不能授予“含下级”的角色")
        try:
            services.grant(person, body, [data["role"]], scope.actor(body), below)
        except Refused as refused:
            form.add_error(None, refused.reason)
            return self._show(request, person, form, 422)
        messages.success(request, f"已授予：{body} {ROLES[data['role']]}")
        return redirect("office:organs:person", username=person.username)

    def _revoke(self, request: HttpRequest, person: Person, scope: Scope) -> None:
        key = request.POST.get("grant", "")
        grant = Grant.objects.select_related("body").filter(person=person, pk=key if key.isdecimal() else 0).first()
        if grant is None:
            messages.error(request, "该角色已经收回")
            return
        if not scope.covers("organs.manage", grant.body.path, grant.below):
            raise PermissionDenied(f"您不管理{grant.body}{'的下级机关' if grant.below else ''}，不能收回这个角色")
        services.revoke(person, grant.body, grant.role, scope.actor(grant.body))
        messages.success(request, f"已收回：{grant.body} {grant.get_role_display()}")

    def _visible(self, request: HttpRequest, username: str) -> Person:
        person = visible_people(Scope.of(request.user)).filter(username=username).first()
        if person is None:
            raise Http404
        return person

    def _form(self, scope: Scope, data: Any = None) -> EventForm:
        bodies = tuple((body.key, body.name) for body in scope.bodies("organs.manage"))
        below = Field("below", "含下级机关", "truth", required=False)
        return EventForm((Field("body", "在哪个机关", "choice", choices=bodies), ROLE, below), data, prefix="grant")

    def _show(
        self, request: HttpRequest, person: Person, form: EventForm | None = None, status: int = 200
    ) -> HttpResponse:
        scope = Scope.of(request.user)
        manages = scope.may("organs.manage", person.body) and person != scope.person
        context = {
            "title": person.name,
            "trail": [HOME, Crumb("人员", reverse("office:organs:people")), Crumb(person.name)],
            "person": person,
            "grants": person.grants.all(),
            "manages": manages,
            "form": (form or self._form(scope)) if manages else None,
            "account": address("office:identity:account", person.username),
            "timeline": _timeline(person),
        }
        return render(request, "organs/person.html", context, status=status)


def _timeline(person: Person) -> list[Happening]:
    past = lines("person", person.username)
    names = dict(Person.objects.filter(username__in={line.actor for line in past}).values_list("username", "name"))
    bodies = dict(Body.objects.filter(key__in={line.data.get("body", "") for line in past}).values_list("key", "name"))
    return [
        Happening(
            PROCEDURE.events[line.kind][0].label,
            line.recorded_at if clock.day_of(line.recorded_at) == line.legal_day else line.legal_day,
            names.get(line.actor, "系统" if line.actor == "system" else line.actor),
            " ".join(
                part for part in (bodies.get(line.data.get("body", "")), ROLES.get(line.data.get("role", ""))) if part
            )
            + ("（含下级）" if line.data.get("below") else ""),
        )
        for line in reversed(past)
    ]


urlpatterns = [
    path("", Tree.as_view(), name="home"),
    path("leave/", LeavePage.as_view(), name="leave"),
    path("people/", PersonList.as_view(), name="people"),
    path("people/add/", Add.as_view(), name="add"),
    path("people/<slug:username>/", PersonPage.as_view(), name="person"),
]
