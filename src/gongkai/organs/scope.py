"""The one answer to "what may this person see and do here". Desk, API, files and figures all ask here."""

from functools import cached_property
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet

from gongkai.ledger import clock
from gongkai.ledger.services import Actor

from .models import Body, Grant, Person
from .rights import allows

M = TypeVar("M", bound=Model)


class Scope:
    """One person's rights, with those of whoever this person stands in for today; a single query, on first use."""

    def __init__(self, person: Person):
        self.person = person

    @classmethod
    def of(cls, person: object) -> "Scope":
        """The scope of a signed-in person, kept on the person; raises PermissionDenied for anyone else."""
        if not isinstance(person, Person) or not person.is_active:
            raise PermissionDenied("请先登录")
        if not hasattr(person, "_scope"):
            person._scope = cls(person)  # type: ignore[attr-defined]
        scope: Scope = person._scope  # type: ignore[attr-defined]
        return scope

    @cached_property
    def _held(self) -> list[tuple[str, bool, str, str, str]]:
        """(path, below, role, whose, body): whose is empty for one's own grants, else the person stood in for."""
        person, today = self.person, clock.today()
        absent = Q(person__is_active=True, person__leaves__deputy=person)
        absent &= Q(person__leaves__since__lte=today, person__leaves__until__gte=today)
        rows = Grant.objects.filter(Q(person=person) | absent).distinct()
        found = rows.values_list("body__path", "below", "role", "person_id", "person__username", "body__key")
        return [(path, below, role, "" if pk == person.pk else name, key) for path, below, role, pk, name, key in found]

    @cached_property
    def _grants(self) -> list[tuple[str, bool, str]]:
        return [(path, below, role) for path, below, role, _, _ in self._held]

    @property
    def anywhere(self) -> frozenset[str]:
        """Every role held on any body."""
        return frozenset(role for _, _, role in self._grants)

    def roles(self, body: Body) -> frozenset[str]:
        """The roles this person holds on a body."""
        return frozenset(
            role for path, below, role in self._grants if path == body.path or (below and body.path.startswith(path))
        )

    def may(self, permission: str, body: Body | None = None) -> bool:
        """Whether the permission is held on this body, or (without a body) anywhere."""
        roles = self.roles(body) if body else frozenset(role for _, _, role in self._grants)
        return allows(roles, permission)

    def covers(self, permission: str, path: str, below: bool) -> bool:
        """Whether the permission is held on the body of a path and (``below``) on everything below it."""
        return any(
            allows(frozenset({role}), permission) and (path.startswith(held) if deep else path == held and not below)
            for held, deep, role in self._grants
        )

    def require(self, permission: str, body: Body | None = None) -> None:
        """Raise PermissionDenied (403, with the right's Chinese name) unless held."""
        if not self.may(permission, body):
            from .rights import PERMISSIONS

            raise PermissionDenied(f"您没有“{PERMISSIONS[permission][0]}”的权限，如工作需要请联系本机关管理员")

    def condition(self, permission: str, field: str = "body") -> Q:
        """The rows whose body (through ``field``) is within the permission; matches nothing when not granted."""
        prefix = f"{field}__" if field else ""
        result = Q(pk__in=[])
        within = {
            (f"{prefix}path__startswith", path) if below else (f"{prefix}key", key)  # the key needs no join
            for path, below, role, _, key in self._held
            if allows(frozenset({role}), permission)
        }
        for one in sorted(within):
            result |= Q(one)
        return result

    def limit(self, rows: QuerySet[M], permission: str, field: str = "body") -> QuerySet[M]:
        """The rows of a query this person may see."""
        return rows.filter(self.condition(permission, field))

    def bodies(self, permission: str) -> QuerySet[Body]:
        """The bodies on which the permission is held."""
        return Body.objects.filter(self.condition(permission, ""))

    def actor(self, body: Body) -> Actor:
        """This person as an actor on a body, for the ledger; roles held only as somebody's deputy say whose they are."""
        here = [(role, whose) for path, below, role, whose, _ in self._held
                if path == body.path or (below and body.path.startswith(path))]  # fmt: skip
        own = {role for role, whose in here if not whose}
        lent = {role: whose for role, whose in sorted(here, reverse=True) if role not in own}
        return Actor(self.person.username, frozenset(role for role, _ in here), tuple(sorted(lent.items())))
