"""Template tags of the staff desk."""

from dataclasses import dataclass

from django import template

from gongkai.notices.queries import unread
from gongkai.office import navigation
from gongkai.organs.models import Person

register = template.Library()


#: How many sections stand in the bar itself; the others are in its menu.
NEAR = 8


@dataclass(frozen=True)
class Section:
    """A section as the bar shows it; ``near`` ones stand in it where there is room.

    ``here`` is how the present one is marked: ``page`` on its front page, ``true`` within it.
    """

    label: str
    url: str
    here: str
    near: bool


@dataclass(frozen=True)
class Bar:
    """The sections a person may open."""

    sections: tuple[Section, ...]

    @property
    def near(self) -> list[Section]:
        """Those in the bar itself."""
        return [section for section in self.sections if section.near]

    @property
    def here(self) -> Section | None:
        """The present one."""
        return next((section for section in self.sections if section.here), None)


@register.simple_tag(takes_context=True)
def bar(context: template.Context) -> Bar:
    """The sections the signed-in person may open, the present one marked."""
    request = context.get("request")
    if request is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return Bar(())
    open_ = navigation.sections(request)
    here = max((url for _, url in open_ if request.path.startswith(url)), key=len, default="")
    marks = {here: "page" if here == request.path else "true"}
    return Bar(tuple(Section(label, url, marks.get(url, ""), n < NEAR) for n, (label, url) in enumerate(open_)))


@register.simple_tag(takes_context=True)
def unread_notices(context: template.Context) -> int:
    """How many messages the signed-in person has not read: one query for each page of the desk."""
    person = getattr(context.get("request"), "user", None)
    return unread(person) if isinstance(person, Person) else 0
