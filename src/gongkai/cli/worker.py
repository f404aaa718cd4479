"""The worker: lets followers catch up, keeps the search index and the baked pages up, sends what waits in the outbox, seals the ledger and
warns of deadlines once a day. Started by ``gongkai serve``."""

import logging
import os
import signal
import time
from collections.abc import Callable
from datetime import date
from functools import lru_cache

log = logging.getLogger("gongkai.worker")
#: Seconds between two looks at the ledger.
PAUSE = 2.0
#: Seconds between two looks at what waits to be indexed and baked: what is published is in sight within a second.
GLANCE = 0.25


def main() -> None:
    """Run until SIGTERM; a round that is under way is finished first. A database that is away is waited for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.settings.base")
    import django

    django.setup()
    from django.db import InterfaceError, OperationalError, close_old_connections, connection

    stopping = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.append(True))
    while not stopping:
        close_old_connections()
        try:
            work(lambda: bool(stopping))
            rest(lambda: bool(stopping))
        except (OperationalError, InterfaceError) as error:
            log.error("the database does not answer: %s", type(error).__name__)
            connection.close()
            time.sleep(PAUSE)


def rest(stopping: Callable[[], bool] = lambda: False) -> None:
    """The pause between two rounds, in which only the search index and the baked pages are kept up."""
    from gongkai.bake import baker
    from gongkai.library import indexing
    from gongkai.operations import services as operations
    from gongkai.sites import filling

    until = time.monotonic() + PAUSE
    while not stopping() and time.monotonic() < until:
        time.sleep(GLANCE)
        operations.step("index", indexing.keep_up)
        operations.step("columns", filling.keep_up)
        operations.step("bake", baker.keep_up)


def work(stopping: Callable[[], bool] = lambda: False) -> None:
    """One round: followers to the end, once a day the seal and what is over, today's warnings, then what is to be sent.

    Each step stands alone: one that fails is noted (the page of operations shows it) and holds up none of the others.
    """
    from gongkai.ledger import clock
    from gongkai.library import indexing
    from gongkai.norms import services as norms
    from gongkai.notices import daily, delivery
    from gongkai.operations import services as operations
    from gongkai.sites import hosts
    from gongkai.sites import services as sites
    from gongkai.subscriptions import matching

    operations.beat()
    operations.follow()
    operations.step("index", indexing.keep_up)
    operations.step("day", turn_of_the_day)
    operations.step("validity", norms.expire_due)
    operations.step("pages", sites.turn)
    operations.step("hosts", hosts.keep_up)
    operations.step("new pages", lambda: pages_of(clock.today()))
    operations.step("retention", lambda: erasing_of(clock.today()))
    operations.step("warnings", daily.warn)
    operations.step("subscriptions", matching.keep_up)
    operations.step("outbox", lambda: delivery.deliver(stopping))


def turn_of_the_day() -> None:
    """Once a day: the seal, and what is over."""
    from gongkai.identity import services as identity
    from gongkai.ledger import attachments, clock
    from gongkai.ledger.models import Seal
    from gongkai.ledger.services import seal

    last = Seal.objects.order_by("-id").values_list("day", flat=True).first()
    if last is None or last < clock.today():
        seal()
        identity.forget()
        attachments.sweep()


@lru_cache(1)
def pages_of(day: date) -> None:
    """Once on each day, and after each start: pages that come into being because it is that day, and nothing touches."""
    from gongkai.interaction import lists as surveys
    from gongkai.reporting import years as reports

    surveys.turn()
    reports.turn()


@lru_cache(1)
def erasing_of(day: date) -> int:
    """Once on each day, and after each start: what names senders is erased where its time is over."""
    from gongkai.interaction import retention

    return retention.erase_due()


if __name__ == "__main__":
    main()
