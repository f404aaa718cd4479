"""Tokens: shown once, kept as a hash, limited by scope, day and revocation; every change leaves a line."""

import json
from datetime import timedelta

import pytest

from gongkai.api import services
from gongkai.api.models import Token
from gongkai.cli.main import main
from gongkai.identity import moment
from gongkai.ledger.models import Event
from gongkai.ledger.services import SYSTEM, Actor
from gongkai.procedure import Invalid, Refused

from .conftest import Machine, fields


def token(*scopes, name="city-portal", days=365):
    return services.make(name, scopes or ("intake", "status"), SYSTEM, days)[1]


def test_a_closed_installation_needs_a_token(city, settings):
    settings.API_PUBLIC_INTAKE = False
    refused = Machine().submit()
    assert refused.status_code == 401 and fields(refused) == {"Authorization"}
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert Machine(token()).submit().status_code == 201


def test_a_token_must_be_good_and_have_the_scope(city, monkeypatch):
    good = Machine(token("status"))
    refused = good.submit()
    assert refused.status_code == 403 and fields(refused) == {"Authorization"}
    for bad in ("x", "gk_", "键"):
        machine = Machine()
        machine.headers = {"Authorization": f"Bearer {bad}"}
        assert machine.submit().status_code == 401
    machine = Machine()
    machine.headers = {"Authorization": "Basic eDp5"}
    assert machine.submit().status_code == 401
    late = Machine(token(name="late", days=1))
    assert late.submit().status_code == 201
    later = moment.now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr(moment, "now", lambda: later)
    assert late.submit().status_code == 401


def test_revoking_works_at_once_and_leaves_lines(city):
    machine = Machine(token())
    assert machine.submit().status_code == 201
    services.revoke("city-portal", SYSTEM)
    assert machine.submit().status_code == 401
    assert list(Event.objects.filter(subject_kind="api_token").values_list("kind", flat=True)) == ["make", "revoke"]
    with pytest.raises(Refused, match="已撤销"):
        services.revoke("city-portal", SYSTEM)
    with pytest.raises(Refused, match="用过"):
        token()
    with pytest.raises(Refused, match="没有名称"):
        services.revoke("nobody", SYSTEM)


def test_only_its_hash_is_kept_and_its_use_is_noted(city):
    plain = token()
    row = Token.objects.get()
    assert plain not in json.dumps([*Token.objects.values(), *Event.objects.values()], default=str)
    assert row.last_used_at is None
    Machine(plain).submit()
    row.refresh_from_db()
    used = row.last_used_at
    assert used is not None
    Machine(plain).submit()
    row.refresh_from_db()
    assert row.last_used_at == used  # right to the minute: not every call writes


def test_keys_of_different_callers_are_different(city):
    numbers = {Machine(t).submit("same").json()["number"] for t in ("", token(), token(name="other"))}
    assert len(numbers) == 3


def test_a_status_token_sees_what_came_through_it_without_the_code(city):
    mine, other = Machine(token()), Machine(token(name="other"))
    number = mine.submit().json()["number"]
    assert mine.get(f"requests/{number}").json()["number"] == number
    assert other.get(f"requests/{number}").status_code == 422
    assert mine.get(f"requests/{other.submit().json()['number']}").status_code == 422
    intake_only = Machine(token("intake", name="blind"))
    assert intake_only.get(f"requests/{intake_only.submit().json()['number']}").status_code == 422


def test_a_token_has_a_limit_of_its_own(city, settings):
    settings.API_INTAKE_PER_MINUTE, settings.API_TOKEN_INTAKE_PER_MINUTE = 1, 2
    machine = Machine(token())
    assert [machine.submit(f"k{n}").status_code for n in range(3)] == [201, 201, 429]
    assert Machine().submit().status_code == 201


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        ("", ["intake"], 1),
        ("a", ["intake"], 1),
        ("大", ["intake"], 1),
        ("ok-1", [], 1),
        ("ok-1", ["all"], 1),
        ("ok-1", ["intake"], 0),
    ],
)
def test_what_a_token_needs(db, name, scopes, days):
    with pytest.raises(Invalid):
        services.make(name, scopes, SYSTEM, days)
    assert not Token.objects.exists()


def test_an_applicant_makes_no_tokens(db):
    with pytest.raises(Refused):
        services.make("ok-1", ["intake"], Actor("x", frozenset({"applicant"})))


def test_the_terminal_makes_lists_and_revokes(city, capsys):
    assert main(["tokens", "make", "portal", "--scope", "intake", "--days", "30"]) == 0
    plain = capsys.readouterr().out.strip()
    assert Machine(plain).submit().status_code == 201
    assert main(["tokens", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["state"], row["scopes"]) for row in listed] == [("portal", "有效", ["intake"])]
    assert listed[0]["last_used_on"] and plain not in str(listed)
    assert main(["tokens", "revoke", "portal"]) == 0
    assert main(["tokens", "list"]) == 0
    assert "已撤销" in capsys.readouterr().out
    assert Machine(plain).submit().status_code == 401
    assert main(["tokens", "revoke", "portal"]) == 2
    assert main(["tokens", "make", "portal2"]) == 2
    assert "范围" in capsys.readouterr().err
