"""What follows from lines of the ledger: a decision that was corrected is made anew; what retention ends is erased."""

from gongkai.ledger.followers import follow
from gongkai.ledger.models import Event
from gongkai.ledger.services import SYSTEM, act, replay
from gongkai.procedure import Refused

from . import retention
from .services import KIND

#: Lines of a review or suit that fix its result.
FINAL = {"conclude", "withdraw_appeal", "rectify"}


@follow("requests.reopen", "reconsideration", "lawsuit", label="复议诉讼纠正后重新处理申请")
def reopen_corrected(event: Event) -> None:
    """A review or suit that ended in 结果纠正 reopens its request for a new decision."""
    subject = event.data.get("request", "")
    if event.kind not in FINAL or event.data.get("result") != "corrected" or not subject:
        return
    case = replay(KIND, subject)
    if case is None or case.state not in {"served", "closed", "archived"}:
        return  # not one of ours, or already being handled again
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


# Not at once: it would be asked after every command on a request; the approval itself wakes it.
@follow(retention.FOLLOWER, KIND, label="申请归档到期后删除个人信息", at_once=False)
def erase_at_the_end(event: Event) -> None:
    """The personal data of a case whose erasing was approved goes; after a crash, again from the start."""
    if event.kind == "approve_erasure":
        retention.erase(event.subject)
