"""Template tags of the staff desk."""

from dataclasses import dataclass

from django import template

from gongkai.notices.queries import unread
from gongkai.office import navigation
from gongkai.organs.models import Person

register = template.Library()


@dataclass(frozen=True)
class Section:
    """A section as the bar shows it."""

    label: str
    url: str
    here: bool


@register.simple_tag(takes_context=True)
def sections(context: template.Context) -> list[Section]:
    """The sections the signed-in person may open, the present one marked."""
    request = context.get("request")
    if request is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    open_ = navigation.sections(request)
    here = max((url for _, url in open_ if request.path.startswith(url)), key=len, default="")
    return [Section(label, url, url == here) for label, url in open_]


@register.simple_tag(takes_context=True)
def unread_notices(context: template.Context) -> int:
    """How many messages the signed-in person has not read: one query for each page of the desk."""
    person = getattr(context.get("request"), "user", None)
    return unread(person) if isinstance(person, Person) else 0
