"""One function answers what a person may see and do: held against a slow oracle over random trees and grants."""

import random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from gongkai.ledger.models import Event
from gongkai.ledger.services import SYSTEM
from gongkai.organs.models import Body, Grant
from gongkai.organs.queries import NoSuchBody, body, counted
from gongkai.organs.rights import GRANTABLE, PERMISSIONS, ROLES
from gongkai.organs.scope import Scope
from gongkai.organs.services import add_body, add_person, grant, leave, revoke
from gongkai.organs.testing import small_city

pytestmark = pytest.mark.django_db


def ancestors(one: Body) -> set[int]:
    """A body and all above it, by walking the tree."""
    found = set()
    while one:
        found.add(one.pk)
        one = one.parent
    return found


def test_scope_equals_the_oracle():
    rng = random.Random(16)
    bodies = [add_body("root", "根", "government")]
    for n in range(14):
        bodies.append(add_body(f"b{n}", f"机关{n}", "department", rng.choice(bodies)))
    # A name that begins like another must not be mistaken for something below it.
    bodies.append(add_body("b1x", "机关1x", "department", bodies[0]))
    for n in range(12):
        person = add_person(f"p{n}", f"人{n}", bodies[0], SYSTEM)
        for _ in range(rng.randrange(4)):
            grant(person, rng.choice(bodies), [rng.choice(GRANTABLE)], SYSTEM, below=rng.random() < 0.5)
        grants = list(Grant.objects.filter(person=person).select_related("body"))
        scope = Scope.of(person)
        for one in Body.objects.all():
            roles = {g.role for g in grants if g.body_id == one.pk or (g.below and g.body_id in ancestors(one))}
            assert scope.roles(one) == roles and scope.actor(one).roles == roles
            for permission, (_, holders) in PERMISSIONS.items():
                may = bool(roles & set(holders))
                assert scope.may(permission, one) is may
                assert scope.bodies(permission).filter(pk=one.pk).exists() is may
                if not may:
                    with pytest.raises(PermissionDenied, match="权限"):
                        scope.require(permission, one)


def test_one_query_answers_everything(django_assert_num_queries):
    city = small_city()
    scope = Scope(city.people["auditor"])
    with django_assert_num_queries(1):
        for permission in PERMISSIONS:
            scope.may(permission, city.office)
            scope.condition(permission)


def test_nobody_else_has_a_scope():
    city = small_city()
    leave(city.people["handler"], SYSTEM)
    for person in (AnonymousUser(), None, city.people["handler"]):
        with pytest.raises(PermissionDenied):
            Scope.of(person)


def test_roles_nobody_may_hold():
    assert set(ROLES) - set(GRANTABLE) == {"applicant", "system"}
    assert all(set(holders) <= set(GRANTABLE) for _, holders in PERMISSIONS.values())
    auditor_acts = [p for p, (_, holders) in PERMISSIONS.items() if "auditor" in holders and p.endswith("manage")]
    assert not auditor_acts


def test_grants_leave_lines_and_can_be_taken_back():
    city = small_city()
    person = city.people["handler"]
    before = Event.objects.filter(subject_kind="person", subject="handler").count()
    grant(person, city.district, ["handler"], SYSTEM)
    grant(person, city.district, ["handler"], SYSTEM)  # held already: nothing happens
    assert Scope(person).roles(city.district) == {"handler"}
    revoke(person, city.district, "handler", SYSTEM)
    revoke(person, city.district, "handler", SYSTEM)
    assert Scope(person).roles(city.district) == frozenset()
    assert Event.objects.filter(subject_kind="person", subject="handler").count() == before + 2


def test_the_office_reports_for_its_government():
    city = small_city()
    assert set(counted(city.office).values_list("key", flat=True)) == {"cq", "cq-office"}
    assert set(counted(city.office, "all").values_list("key", flat=True)) == {
        "cq",
        "cq-office",
        "cq-plan",
        "cq-yuzhong",
    }
    assert set(counted(city.district).values_list("key", flat=True)) == {"cq-yuzhong"}
    with pytest.raises(NoSuchBody, match="没有标识为“x”"):
        body("x")
