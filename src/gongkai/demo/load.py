"""Load the demonstration: set the stage, play two years, set the clock."""

from gongkai.ledger import clock

from . import cases, norms, remedies, reports
from .city import Cast, build
from .play import FIRST, PRESENT, Progress, Scene, instant, play


def scenes(cast: Cast) -> list[Scene]:
    """Every scene up to the demonstration's present."""
    stories = cases.stories(cast)
    every = [scene for story in stories for scene in story.scenes]
    every += [*norms.scenes(cast), *remedies.scenes(cast, stories), *reports.scenes(cast)]
    end = instant(PRESENT, 0)
    return [scene for scene in every if scene.at <= end]


def load(progress: Progress) -> int:
    """Load, or finish loading, the demonstration; returns how many scenes were played now (0: it was complete)."""
    with clock.at(instant(FIRST, -60)):
        cast = build()
    fresh = play(scenes(cast), progress)
    if not clock.is_set():
        clock.set_forward_from(instant(PRESENT, 30))
    return fresh
