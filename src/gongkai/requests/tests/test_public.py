"""The citizen's side: applying, the receipt, the status page; once for each form, for nobody else's eyes."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongkai.ledger.models import Event
from gongkai.norms import testing as norms_testing
from gongkai.norms.models import Norm
from gongkai.organs.testing import City, small_city
from gongkai.procedure import Invalid
from gongkai.requests import intake, suggestions
from gongkai.requests.models import Deflection, Request
from gongkai.requests.services import do
from gongkai.requests.tests.public import MINE, NEW, STATUS, WHAT, WHO, apply, kept, send, to_check
from gongkai.requests.tests.test_procedure import by
from gongkai.requests.testing import event_data

DATA = {name: value for name, value in (WHO | WHAT).items() if name != "body"}


@pytest.fixture
def city(db: None) -> City:
    return small_city()


def look(client: Client, number: str, code: str):
    return client.post(STATUS, {"number": number, "code": code}, follow=True)


def bring(row: Request, *events: str) -> None:
    for event in events:
        do(row.key, event, by(event), event_data(event))


def test_journey(city: City, client: Client) -> None:
    number, code = apply(client)
    assert number == "渝府办依申〔2026〕1号" or re.fullmatch(r"渝府办依申〔\d{4}〕1号", number)
    row = Request.objects.get(number=number)
    assert row.state == "awaiting" and row.channel == "web"
    stranger = Client()
    page = look(stranger, number, code.lower())
    assert page.redirect_chain[-1][0] == MINE
    assert "等待确认" in page.content.decode() and row.title in page.content.decode()
