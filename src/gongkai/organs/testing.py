"""A small government for tests: one city with its office, a department, a district; people in every role.

And what every procedure is held to: :func:`hold_to_matrix`.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from gongkai.bake.models import Touched
from gongkai.ledger import clock, memo
from gongkai.ledger.models import Event, Secret
from gongkai.ledger.services import SYSTEM, Actor
from gongkai.procedure import NEW, Procedure, Refused

from .models import Body, Grant, Person, Unit
from .rights import GRANTABLE, ROLES
from .services import add_body, add_person, add_units, grant


@dataclass
class City:
    """The bodies, and one person for each role on the office (user name = role)."""

    city: Body
    office: Body
    department: Body
    district: Body
    people: dict[str, Person]

    def actor(self, role: str) -> Actor:
        """An actor holding just this role."""
        return Actor(role, frozenset({role}))


#: The rows of a city by the instant of its making (a day where the clock runs), as SQL with its values.
_rows: dict[Hashable, list[tuple[str, list[Any]]]] = {}
_TABLES: tuple[type[Model], ...] = (Event, Touched, Body, Unit, Person, Grant)


def small_city() -> City:
    """Build it in the present database. Where that is empty, and a city was built at this instant, its rows are put there
    as they were: commanding a city costs a tenth of a test's time."""
    now = clock.now()
    made = (connection.vendor, now if now == clock.now() else clock.today())
    empty = not any(table._base_manager.exists() for table in _TABLES)
    memo._kept.clear()  # the last line of one test's city is that of the next one's
    if empty and made in _rows:
        with connection.cursor() as cursor:
            for statement, values in _rows[made]:
                cursor.execute(statement, values)
        return _found()
    built = _command_city()
    if empty:
        _rows[made] = [_insertion(table) for table in _TABLES]
    return built


def _insertion(table: type[Model]) -> tuple[str, list[Any]]:
    """The statement that puts a table's rows where there are none, and its values."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table._meta.db_table} ORDER BY 1")
        names, rows = [f'"{one[0]}"' for one in cursor.description], cursor.fetchall()
    places = ", ".join([f"({', '.join(['%s'] * len(names))})"] * len(rows))
    statement = f"INSERT INTO {table._meta.db_table} ({', '.join(names)}) VALUES {places}"
    return statement, [value for row in rows for value in row]


def _found() -> City:
    bodies = {one.pk: one for one in Body.objects.all()}
    for one in bodies.values():
        one.parent, one.reported_by = bodies.get(one.parent_id), bodies.get(one.reported_by_id)
    people = {one.username: one for one in Person.objects.select_related("unit")}
    for person in people.values():
        person.body = bodies[person.body_id]
    named = {one.key: one for one in bodies.values()}
    return City(
        *(named[key] for key in ("cq", "cq-office", "cq-plan", "cq-yuzhong")), {one: people[one] for one in GRANTABLE}
    )


def _command_city() -> City:
    contact = {"address": "重庆市渝中区人民路232号", "phone": "023-00000000"}
    city = add_body("cq", "重庆市人民政府", "government", document_code="渝府", **contact)
    office = add_body(
        "cq-office",
        "重庆市人民政府办公厅",
        "office",
        city,
        document_code="渝府办",
        short_name="市政府办公厅",
        **contact,
    )
    city.reported_by = office
    city.save(update_fields=["reported_by"])
    department = add_body("cq-plan", "重庆市发展和改革委员会", "department", city, document_code="渝发改", **contact)
    district = add_body("cq-yuzhong", "重庆市渝中区人民政府", "district", city, document_code="渝中府", **contact)
    unit = add_units(office, [("disclosure", "政务公开处")])[0]
    people = {}
    for role in GRANTABLE:
        people[role] = add_person(role, f"测试{role}", office, SYSTEM, unit, "test-password-1")
        grant(people[role], office, [role], SYSTEM)
    return City(city, office, department, district, people)


def hold_to_matrix(
    procedure: Procedure,
    states: Iterable[str],
    bring: Callable[[str], str],
    command: Callable[[str, str, str, Actor], Any],
) -> None:
    """Each cell of role × state × event: allowed exactly when the table has the row and the role.

    ``bring(state)`` makes a subject in a state, ``command(key, event, state, actor)`` is the real command with data it
    would accept. Whoever holds every role *but* those of a row is refused by the command, so each of them alone is; a
    refusal leaves nothing behind.
    """
    events = [event for event, moves in procedure.events.items() if any(move.sources != (NEW,) for move in moves)]
    assert set(states) == set(procedure.state) and events
    for state in states:
        key = bring(state)
        before = Event.objects.count(), Secret.objects.count()
        for event in events:
            move = next((m for m in procedure.transitions if m.event == event and state in m.sources), None)
            may = set(move.roles) if move else set()
            assert may == {role for role in ROLES if move and move in procedure.allowed(state, [role])}
            with pytest.raises(Refused) as refusal:
                command(key, event, state, Actor("x", frozenset(ROLES) - may))
            assert refusal.value.kind == ("role" if move else "state"), (state, event)
        assert (Event.objects.count(), Secret.objects.count()) == before
