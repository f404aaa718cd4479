"""What every test of the house shares: real databases, and the append-only triggers kept through flushes."""

import os

import pytest
from django.db import connections
from django.test import TransactionTestCase

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs an event loop

_teardown = TransactionTestCase._fixture_teardown


def _flush_without_triggers(self: TransactionTestCase) -> None:
    """Only the flush between transactional tests may empty the ledger."""
    from gongkai.ledger import triggers

    triggers.remove(connections["default"])
    try:
        _teardown(self)
    finally:
        triggers.install(connections["default"])


TransactionTestCase._fixture_teardown = _flush_without_triggers  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request):  # noqa: ANN001, ANN201
    """One test database for each worker (pytest-django's own suffixing)."""
    from pytest_django.fixtures import _set_suffix_to_test_databases

    worker = getattr(request.config, "workerinput", {}).get("workerid")
    if worker:
        _set_suffix_to_test_databases(suffix=worker)
