"""One world for the whole folder: built once, every request rolled back."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from . import objects


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker) -> Iterator[objects.World]:
    """The world; the database is as before when the folder is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield objects.build()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def surroundings(settings) -> None:
    """The kit page exists, and providers that nobody answers for."""
    settings.KIT = True
    settings.SECURITY_CONTACT = "mailto:security@example.gov.cn"
    nobody = {"issuer": "http://127.0.0.1:9", "client_id": "c", "client_secret": "s"}
    settings.OIDC_PROVIDERS = [
        nobody | {"key": "work", "label": "政务统一认证"},
        nobody | {"key": "people", "label": "渝快办", "audience": "citizen"},
    ]
