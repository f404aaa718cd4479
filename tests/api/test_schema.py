"""The API held against its own OpenAPI document by schemathesis, and fed odd JSON: no 5xx, every refusal in Chinese."""

import json
from functools import cache
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi

from gongkai.identity import throttle
from gongkai.requests.models import Request
from gongkai.settings.wsgi import application as wsgi

from .conftest import application, fields

OPERATIONS = (
    "submit_request", "show_request", "clarify_request", "give_reasons_request", "report_payment_request", "withdraw_request",
    "list_records", "records_csv", "show_record", "search_records", "list_norms", "norms_csv", "show_norm", "list_figures",
    "figures_csv", "show_figure", "figure_rows", "list_reports", "reports_csv", "show_report", "list_bodies", "bodies_csv",
    "list_columns", "column_records",
)  # fmt: skip
#: When Django closes connections.
ENDS = (request_started, request_finished)
#: The examples of a property share one database.
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
#: Documents take long to shrink: the first example that fails is told as it is.
QUICK = settings(phases=[Phase.explicit, Phase.generate])
HELD = [
    checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
    openapi.response_headers_conformance,
    openapi.negative_data_rejection,
    openapi.missing_required_header,
    openapi.allow_header_conformance,
    openapi.unsupported_method,
]


@pytest.fixture
def patient(machine, monkeypatch, settings, closing):
    """A caller who may try as often as the test likes."""
    for kind in ("case", "address"):
        monkeypatch.setitem(throttle.LIMITS, kind, throttle.Limit(10**9))
    settings.API_INTAKE_PER_MINUTE = settings.API_READS_PER_MINUTE = 10**9
    settings.ALLOWED_HOSTS = ["*"]
    return machine


def within(environ: Any, start_response: Any) -> Any:
    """The product as a server calls it, inside the test's transaction.

    A request begins and ends by closing connections that are not in autocommit, and a test's is not. Django's own test
    client keeps that away from each of its calls (and puts it back); a bare call has to do the same.
    """
    for signal in ENDS:
        signal.disconnect(close_old_connections)
    return wsgi(environ, start_response)


@pytest.fixture
def closing():
    """What :func:`within` took away is there again for other tests."""
    yield
    for signal in ENDS:
        signal.connect(close_old_connections)


@pytest.fixture
def operations(patient):
    """Every operation of the document by its name; it is read within a test's database."""
    return _operations()


@cache
def _operations() -> dict[str, Any]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", within)
    found = (one.ok() for one in schema.get_all_operations())
    return {one.definition.raw["operationId"]: one for one in found}


def test_every_operation_is_tested(operations):
    assert set(operations) == set(OPERATIONS)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_answers_are_as_documented(patient, operations, name, mode):
    known = {"number": patient.submit().json()["number"]}
    strategy = operations[name].as_strategy(generation_mode=mode)
    if name != "submit_request":
        strategy |= operations[name].as_strategy(generation_mode=mode, path_parameters=known)

    @given(case=strategy)
    @settings(QUICK, max_examples=12)
    def hold(case: Any) -> None:
        response = case.call()
        case.validate_response(response, checks=HELD)
        if response.status_code >= 400:
            errors = json.loads(response.content)["errors"]
            assert errors and all(
                one["field"] and any("一" <= sign <= "鿿" for sign in one["message"]) for one in errors
            )

    hold()


def test_what_the_document_allows_is_entered(patient, operations):
    """Given a body that exists, and a complete way of contact and delivery: rules over several fields."""
    keys = count()

    @given(case=operations["submit_request"].as_strategy(generation_mode=GenerationMode.POSITIVE))
    @settings(QUICK, max_examples=20)
    def enter(case: Any) -> None:
        whole = case.body | {"body": "cq-office"}
        whole["applicant"] = case.body["applicant"] | {"email": "a@b.cn", "address": "渝中区"}
        response = patient.post("requests", whole, f"key-{next(keys)}")
        assert response.status_code == 201, response.content.decode("unicode_escape")

    enter()


TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(10**300, 10**301) | st.floats() | TEXT | st.just("\x00"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
PLACES = [
    "body",
    "content",
    "title",
    "form",
    "delivery",
    "reference",
    "applicant",
    "applicant_name",
    "applicant_phone",
    "applicant_extra",
    "extra",
]


@given(changes=st.dictionaries(st.sampled_from(PLACES), ODD, min_size=1, max_size=3))
@settings(SHARED, max_examples=60)
def test_odd_json_is_refused_or_entered_never_worse(patient, changes):
    machine, before = patient, Request.objects.count()
    whole = application()
    for place, value in changes.items():
        target = whole["applicant"] if place.startswith("applicant_") else whole
        if isinstance(target, dict):
            target[place.removeprefix("applicant_")] = value
    response = machine.post("requests", json.dumps(whole), str(uuid4()))
    if response.status_code == 201:
        assert Request.objects.count() == before + 1
        return
    assert response.status_code in (400, 422), response.content
    assert fields(response)
    assert Request.objects.count() == before


@given(sent=ODD.map(json.dumps) | st.binary(max_size=60) | st.text("[{\"'1e.-,:]}", max_size=40))
@settings(SHARED, max_examples=60)
def test_any_bytes_are_answered(patient, sent):
    for path in ("requests", "requests/x/clarification"):
        response = patient.post(path, sent or " ")
        assert response.status_code in (400, 422) and fields(response)


@given(number=st.text(max_size=20), code=st.text(max_size=20))
@settings(SHARED, max_examples=40)
def test_any_number_and_code_are_answered_alike(patient, number, code):
    from urllib.parse import quote

    response = patient.get(f"requests/{quote(number, safe='')}", code=code)
    assert response.status_code in (404, 405, 422) and fields(response) <= {"number", "code", "address", "method"}
