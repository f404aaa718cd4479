"""What every test of the house shares: the append-only triggers are kept through flushes, properties are steady."""

import os

from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs an event loop

# Machines differ in speed: a slow one must not fail a sound property. The same examples every run.
settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

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


def pytest_make_parametrize_id(val: object) -> str | None:
    """Sets have no order of their own: workers must agree on the names of tests."""
    return "-".join(sorted(map(str, val))) if isinstance(val, set | frozenset) else None
