"""How a person's lines are replayed. Accounts are configuration: the lines are their audit, not their source."""

from dataclasses import dataclass, replace

from gongkai.ledger.models import Event
from gongkai.ledger.subjects import Subject, register

from .procedure import PROCEDURE


@dataclass(frozen=True)
class Standing:
    """A person as the lines tell: state, and the roles held as (body key, role)."""

    state: str = "new"
    roles: frozenset[tuple[str, str]] = frozenset()


def step(standing: Standing, event: Event) -> Standing:
    """Replay one line of a person."""
    role = (event.data.get("body", ""), event.data.get("role", ""))
    roles = {"grant": standing.roles | {role}, "revoke": standing.roles - {role}}.get(event.kind, standing.roles)
    return replace(standing, state=PROCEDURE.after(standing.state, event.kind), roles=roles)


register(Subject("person", "人员", PROCEDURE, Standing(), step))
