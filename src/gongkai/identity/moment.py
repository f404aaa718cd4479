"""Real time. Pauses, sessions, codes and tokens follow the world's clock, also where the house plays another day."""

from datetime import UTC, datetime


def now() -> datetime:
    """The instant (aware, UTC)."""
    return datetime.now(UTC)
