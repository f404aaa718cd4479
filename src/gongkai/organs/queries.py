"""Questions about the tree of bodies."""

from typing import Literal

from django.conf import settings
from django.db.models import Q, QuerySet

from .models import Body

#: ``own``: the body and those it reports for; ``all``: with everything below the government it stands for.
Reach = Literal["own", "all"]


class NoSuchBody(LookupError):
    """No body has this key; the message is Chinese and lists some that exist."""


def body(key: str) -> Body:
    """The body of a key. Raises :class:`NoSuchBody`."""
    found = Body.objects.select_related("parent").filter(key=key).first()
    if found is None:
        known = "、".join(Body.objects.values_list("key", flat=True)[:8])
        raise NoSuchBody(
            f"没有标识为“{key}”的机关。" + (f"现有：{known} 等" if known else "请先登记机关：gongkai bodies import")
        )
    return found


def host() -> Body | None:
    """The body that answers for the public site: the setting ``PUBLIC_BODY``, else the first office, else the first."""
    rows = Body.objects.order_by("order", "id")
    own = rows.filter(key=getattr(settings, "PUBLIC_BODY", "")).first()
    return own or rows.filter(kind=Body.Kind.OFFICE).first() or rows.first()


def counted(body: Body, reach: Reach = "own") -> QuerySet[Body]:
    """The bodies whose records a body's figures count."""
    own = Q(pk=body.pk) | Q(reported_by=body)
    if reach == "own":
        return Body.objects.filter(own)
    roots = list(Body.objects.filter(own).values_list("path", flat=True))
    below = Q()
    for path in roots:
        below |= Q(path__startswith=path)
    return Body.objects.filter(below)
