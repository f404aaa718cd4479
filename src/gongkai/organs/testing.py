"""A small government for tests: one city with its office, a department, a district; people in every role."""

from dataclasses import dataclass

from gongkai.ledger.services import SYSTEM, Actor

from .models import Body, Person
from .rights import GRANTABLE
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


def small_city() -> City:
    """Build it in the present database."""
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
