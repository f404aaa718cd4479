"""Questions about notices."""

from django.db.models import F, QuerySet

from gongkai.organs.models import Person
from gongkai.organs.scope import Scope

from .models import Message


def inbox(person: Person) -> QuerySet[Message]:
    """A person's own messages, unread first, then the newest. Nobody reads another's."""
    mine = Message.objects.filter(recipient=person.username, channel=Message.Channel.INBOX)
    return mine.order_by(F("read_at").desc(nulls_first=True), "-id")


def unread(person: Person) -> int:
    """How many a person has not read: one query, answered from an index that holds unread ones only."""
    return inbox(person).filter(read_at=None).order_by().count()


def failed(scope: Scope) -> QuerySet[Message]:
    """What did not go out, of the bodies this person administers."""
    rows = Message.objects.select_related("body").filter(state=Message.State.FAILED)
    return scope.limit(rows, "organs.manage")
