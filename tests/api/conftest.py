"""A small city, an application as the documentation shows it, and a client that talks JSON."""

import json
from typing import Any

import pytest
from django.test import Client

from gongkai.organs.testing import small_city


def application(**changes: Any) -> dict[str, Any]:
    """A complete application; ``applicant_…`` changes the applicant, None leaves an entry out."""
    applicant = {
        "category": "natural_person", "name": "陈小明", "id_type": "identity_card", "id_number": "500103199001011234",
        "phone": "13800000000", "email": "", "address": "",
    }  # fmt: skip
    whole = {
        "body": "cq-office", "applicant": applicant, "content": "请公开《重庆市轨道交通第三期建设规划》的批复。我的电话 13800000000",
        "form": "electronic", "delivery": "web",
    }  # fmt: skip
    for name, value in changes.items():
        place = applicant if name.startswith("applicant_") else whole
        place[name.removeprefix("applicant_")] = value
    for place in (applicant, whole):
        for name in [name for name, value in place.items() if value is None]:
            del place[name]
    return whole


class Machine:
    """A caller of the API."""

    def __init__(self, token: str = ""):
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def post(self, path: str, content: Any, key: str | None = "k1", **headers: str) -> Any:
        """Send JSON (or raw text) below /api/v1/."""
        data = content if isinstance(content, str | bytes) else json.dumps(content)
        own = {"Idempotency-Key": key} if key is not None else {}
        kind = headers.pop("content_type", "application/json")
        return self.client.post(f"/api/v1/{path}", data, content_type=kind, headers=self.headers | own | headers)

    def get(self, path: str, **query: str) -> Any:
        """Ask below /api/v1/."""
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def submit(self, key: str | None = "k1", **changes: Any) -> Any:
        """Hand in an application."""
        return self.post("requests", application(**changes), key)


def fields(response: Any) -> set[str]:
    """The fields a refusal names; every message is Chinese."""
    assert response.headers["Content-Type"] == "application/json", response.content[:200]
    errors = response.json()["errors"]
    for one in errors:
        assert any("一" <= sign <= "鿿" for sign in one["message"]), one
    return {one["field"] for one in errors}


@pytest.fixture
def city(db):
    """The bodies."""
    return small_city()


@pytest.fixture
def machine(city):
    """Somebody without a token."""
    return Machine()
