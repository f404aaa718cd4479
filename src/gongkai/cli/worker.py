"""The worker: lets followers catch up and seals the ledger once a day. Started by ``gongkai serve``."""

import os
import signal
import time

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
        work()
        time.sleep(PAUSE)


def work() -> None:
    """One round: followers to the end, then yesterday's seal if it is missing."""
    from gongkai.ledger import clock, followers
    from gongkai.ledger.models import Seal
    from gongkai.ledger.services import seal

    followers.run_all()
    last = Seal.objects.order_by("-id").values_list("day", flat=True).first()
    if last is None or last < clock.today():
        seal()


if __name__ == "__main__":
    main()
