"""Tags of the library's templates."""

from django import template

from gongkai.ui.addresses import to
from gongkai.ui.pieces import Download

from .. import files

register = template.Library()


@register.simple_tag
def record_files(key: str) -> list[Download]:
    """A record in every form it can be had in."""
    return [Download(one.label, to("portal:library:file", key, name)) for name, one in files.FORMATS.items()]
