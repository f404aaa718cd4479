"""Load the demonstration: set the stage, play two years, set the clock."""

from gongkai.ledger import clock

from . import cases
from .city import build
from .play import Progress, instant, play


def load(progress: Progress) -> int:
    """Load, or finish loading, the demonstration; returns how many scenes were played now (0: it was complete)."""
    with clock.at(instant(cases.FIRST, 0)):
        cast = build()
    fresh = play(cases.scenes(cast), progress)
    if not clock.is_set():
        clock.set_forward_from(instant(cases.PRESENT, 30))
    return fresh
