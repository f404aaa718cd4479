"""How a token's lines are replayed. Tokens are configuration: the lines are their audit, not their source."""

from dataclasses import dataclass, replace

from gongkai.ledger.models import Event
from gongkai.ledger.subjects import Subject, register

from .procedure import PROCEDURE


@dataclass(frozen=True)
class Standing:
    """A token as the lines tell."""

    state: str = "new"


def step(standing: Standing, event: Event) -> Standing:
    """Replay one line of a token."""
    return replace(standing, state=PROCEDURE.after(standing.state, event.kind))


register(Subject("api_token", "接口令牌", PROCEDURE, Standing(), step))
