"""What every test of the house shares: the append-only triggers are kept through flushes, properties are steady."""

import gc
import os
import sys

import pytest
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


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the search for circular garbage need not go through it after every few objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """The window is closed before the server it looked at last."""
    if nextitem is None and "gongkai.ui.testing" in sys.modules:
        sys.modules["gongkai.ui.testing"].close_window()


def pytest_make_parametrize_id(val: object) -> str | None:
    """Sets have no order of their own: workers must agree on the names of tests."""
    return "-".join(sorted(map(str, val))) if isinstance(val, set | frozenset) else None
