"""What requests do when something happens elsewhere: a decision that was corrected is made anew."""

from gongkai.ledger.followers import follow
from gongkai.ledger.models import Event
from gongkai.ledger.services import SYSTEM, act, replay
from gongkai.procedure import Refused

from .services import KIND


@follow("requests.reopen", "reconsideration", "lawsuit")
def reopen_corrected(event: Event) -> None:
    """A review or suit that ended in 结果纠正 reopens its request for a new decision."""
    subject = event.data.get("request", "")
    if event.kind != "conclude" or event.data.get("result") != "corrected" or not subject:
        return
    if replay(KIND, subject).state not in {"served", "closed", "archived"}:
        return  # already being handled again
    cause = f"{event.subject_kind}/{event.subject}"
    try:
        act(
            KIND,
            subject,
            "reopen",
            SYSTEM,
            day=event.legal_day,
            data={"cause": cause, "reason": "原答复被纠正，重新作出答复"},
        )
    except Refused:
        # The case's own last step is dated later than the ruling: the reopening then counts from today.
        act(KIND, subject, "reopen", SYSTEM, data={"cause": cause, "reason": "原答复被纠正，重新作出答复"})
