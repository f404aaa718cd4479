"""Commands on bodies, units, people and roles. Changes of rights leave a line in the ledger of the person."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction

from gongkai.bake.touched import EVERYTHING, touch
from gongkai.ledger.services import Actor, act
from gongkai.procedure import Refused

from .models import Body, Grant, Person, Unit


def add_body(
    key: str,
    name: str,
    kind: str,
    parent: Body | None = None,
    reported_by: Body | None = None,
    **details: str | int,
) -> Body:
    """Add a body below ``parent``, or bring its name and details up to date when the key exists.

    A body's name stands on every page of what it made: where it changes all pages are baked anew.
    """
    path = f"{parent.path if parent else '/'}{key}/"
    values = {
        "name": name,
        "short_name": name,
        "kind": kind,
        "parent": parent,
        "reported_by": reported_by,
        "path": path,
    }
    with transaction.atomic():
        before = Body.objects.filter(key=key).values_list("name", "short_name").first()
        body, _ = Body.objects.update_or_create(key=key, defaults=values | details)
        touch(f"body:{key}", "bodies")
        if before not in (None, (body.name, body.short_name)):
            touch(EVERYTHING)
    return body


def add_units(body: Body, units: Iterable[tuple[str, str]]) -> list[Unit]:
    """Add units (key, name) in order; existing keys are renamed."""
    return [
        Unit.objects.update_or_create(body=body, key=key, defaults={"name": name, "order": order})[0]
        for order, (key, name) in enumerate(units)
    ]


def fault_of(username: str, name: str) -> tuple[str, str] | None:
    """What stands against adding this person: the field and the reason."""
    try:
        validate_slug(username)
    except ValidationError:
        return "username", "登录名只能用字母、数字、连字符和下划线"
    if len(username) > 40 or len(name) > 40:
        return "username" if len(username) > 40 else "name", "不能超过 40 个字符"
    if Person.objects.filter(username=username).exists():
        return "username", "这个登录名已有人使用，请换一个"
    return None


@transaction.atomic
def add_person(
    username: str, name: str, body: Body, by: Actor, unit: Unit | None = None, password: str | None = None
) -> Person:
    """Add somebody who may sign in; without a password nobody can until one is set. An existing name is returned."""
    person = Person.objects.filter(username=username).first()
    if person:
        return person
    person = Person(username=username, name=name, body=body, unit=unit)
    person.set_password(password)
    person.save()
    act("person", username, "join", by, data={"body": body.key})
    return person


@transaction.atomic
def grant(person: Person, body: Body, roles: Iterable[str], by: Actor, below: bool = False) -> None:
    """Give roles on a body (``below``: and on everything below it). Held roles stay as they are.

    Raises ``procedure.Refused`` for one's own roles: rights are always given by somebody else.
    """
    _not_oneself(person, by)
    for role in roles:
        _, new = Grant.objects.get_or_create(person=person, body=body, role=role, defaults={"below": below})
        if new:
            data = {"body": body.key, "role": role, "below": below}
            act("person", person.username, "grant", by, data=data)


@transaction.atomic
def revoke(person: Person, body: Body, role: str, by: Actor) -> None:
    """Take a role on a body away; nothing happens when it was not held."""
    _not_oneself(person, by)
    if Grant.objects.filter(person=person, body=body, role=role).delete()[0]:
        act("person", person.username, "revoke", by, data={"body": body.key, "role": role})


@transaction.atomic
def leave(person: Person, by: Actor) -> None:
    """End somebody's access; the person stays in the record of what was done."""
    _not_oneself(person, by)
    person.is_active = False
    person.save(update_fields=["is_active"])
    act("person", person.username, "leave", by)


@transaction.atomic
def come_back(person: Person, by: Actor) -> None:
    """Open somebody's access again, with the roles held before."""
    _not_oneself(person, by)
    person.is_active = True
    person.save(update_fields=["is_active"])
    act("person", person.username, "return", by)


def _not_oneself(person: Person, by: Actor) -> None:
    if by.key == person.username:
        raise Refused("不能变更本人的角色和状态，请由其他管理员办理", kind="role")
