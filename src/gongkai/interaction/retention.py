"""The end of retention 保存期限届满: what names a sender goes, by itself, when the years of the local rules are over (个人信息保护法第四十七条).

What citizens send to be answered is no archive file that two people look at once more, as requests are
(``requests.retention``): the house erases it in bulk. The line it writes is made by nobody else, the erasing is a follower of
it, so that a crash half-way only delays it; the ledger, what was published and every figure stay as they are.
"""

from collections.abc import Callable
from datetime import date

from django.db.models import Q, QuerySet

from gongkai.ledger import clock, vault
from gongkai.ledger.followers import follow
from gongkai.ledger.models import Event
from gongkai.ledger.services import SYSTEM, act
from gongkai.organs.models import Body

from . import repeats
from .models import Message, Mistake, Submission
from .procedure import ENDED, MESSAGE, MISTAKE
from .rules import pack_of
from .survey_procedure import SUBMISSION, SURVEY

_OVER = [state.key for state in SURVEY.states if state.final]
#: What is over, of each kind: nothing of it waits for the sender's data any more.
_ENDED: dict[str, Callable[[], QuerySet[Message] | QuerySet[Mistake] | QuerySet[Submission]]] = {
    MESSAGE.name: lambda: Message.objects.filter(state__in=ENDED),
    MISTAKE.name: lambda: Mistake.objects.filter(state__in=("mended", "rejected", "referred")),
    SUBMISSION.name: lambda: Submission.objects.filter(survey__state__in=_OVER),
}


def kept_from(years: int, today: date) -> date:
    """The first day of receipt that is still kept: the years begin on 1 January after the year of receipt."""
    return date(today.year - years, 1, 1)


def erase_due() -> int:
    """Erase what names the senders of everything whose time is over today; returns of how many cases. May be repeated."""
    erased = 0
    for body in Body.objects.order_by("key"):
        years = pack_of(body).keep_years
        if not years:
            continue
        due = Q(body=body, erased_on=None, received_on__lt=kept_from(years, clock.today()))
        for kind, ended in _ENDED.items():
            for key in list(ended().filter(due).order_by("key").values_list("key", flat=True)):
                act(kind, key, "erase", SYSTEM)
                erased += 1
    return erased


@follow(
    "interaction.retention",
    MESSAGE.name,
    MISTAKE.name,
    SUBMISSION.name,
    label="互动留言到期后删除个人信息",
    at_once=False,
)
def erase(event: Event) -> None:
    """Every entry of the vault of a case whose time is over goes, and the marks by which repeats are recognised."""
    if event.kind == "erase":
        vault.erase_below(f"{event.subject_kind}/{event.subject}/")
        if event.subject_kind == MESSAGE.name:
            repeats.forget(event.subject)
