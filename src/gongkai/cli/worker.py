"""The worker: lets followers catch up, sends what waits in the outbox, seals the ledger and warns of deadlines once a
day. Started by ``gongkai serve``."""

import os
import signal
import time
from collections.abc import Callable

#: Seconds between two looks at the ledger.
PAUSE = 2.0


def main() -> None:
    """Run until SIGTERM; a round that is under way is finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.settings.base")
    import django

    django.setup()
    from django.db import close_old_connections

    stopping = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.append(True))
    while not stopping:
        close_old_connections()
        work(lambda: bool(stopping))
        time.sleep(PAUSE)


def work(stopping: Callable[[], bool] = lambda: False) -> None:
    """One round: followers to the end, once a day the seal and what is over, today's warnings, then what is to be sent."""
    from gongkai.api import limits
    from gongkai.identity import services as identity
    from gongkai.ledger import attachments, clock, followers
    from gongkai.ledger.models import Seal
    from gongkai.ledger.services import seal
    from gongkai.notices import daily, delivery

    followers.run_all()
    last = Seal.objects.order_by("-id").values_list("day", flat=True).first()
    if last is None or last < clock.today():
        seal()
        identity.forget()
        limits.forget()
        attachments.sweep()
    daily.warn()
    delivery.deliver(stopping)


if __name__ == "__main__":
    main()
