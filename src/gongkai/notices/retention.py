"""When a case's personal data is erased, what people were told about it goes too."""

from gongkai.ledger.followers import follow
from gongkai.ledger.models import Event
from gongkai.ledger.services import lines

from .models import Message


@follow("notices.retention", "request", "message", "mistake", label="个人信息删除后清理通知", at_once=False)
def forget(event: Event) -> None:
    """The messages of a case's lines, sent or not, to whomever."""
    if event.kind in {"approve_erasure", "erase"}:
        causes = [f"line/{line.id}" for line in lines(event.subject_kind, event.subject)]
        Message.objects.filter(cause__in=causes).delete()
