"""Load the demonstration: set the stage, play two years, set the clock."""

from datetime import date

from gongkai.ledger import clock
from gongkai.sites import filling

from . import (
    cases,
    departments,
    disclosures,
    districts,
    interaction,
    norms,
    records,
    remedies,
    reports,
    retention,
    sites,
    subscriptions,
    zones,
)
from .city import Cast, build
from .play import FIRST, PRESENT, Progress, Scene, instant, play


def scenes(cast: Cast, present: date = PRESENT) -> list[Scene]:
    """Every scene up to the demonstration's present."""
    stories = cases.stories(cast)
    every = [scene for story in stories for scene in story.scenes]
    every += [
        *norms.scenes(cast),
        *districts.scenes(),
        *departments.scenes(),
        *zones.scenes(cast),
        *records.scenes(cast),
        *remedies.scenes(cast, stories),
        *reports.scenes(cast),
        *retention.scenes(cast),
        *interaction.scenes(cast),
        *subscriptions.scenes(cast),
    ]
    every += [*disclosures.scenes(cast, stories), *sites.scenes(cast)]
    end = instant(present, 0)
    return [scene for scene in every if scene.at <= end]


def load(progress: Progress, present: date = PRESENT) -> int:
    """Load, or finish loading, the demonstration; returns how many scenes were played now (0: it was complete).

    ``present``: the day it stands at the end; an earlier one loads less.
    """
    with clock.at(instant(FIRST, -60)):
        cast = build()
    fresh = play(scenes(cast, present), progress)
    filling.keep_up()
    if not clock.is_set():
        clock.set_forward_from(instant(present, 30))
    return fresh
