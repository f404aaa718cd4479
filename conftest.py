"""What every test of the house shares: the append-only triggers are kept through flushes."""

import os

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
