"""Tags of sites for templates of other apps: the meta tags of a record's page."""

from html import escape

from django import template
from django.utils.safestring import SafeString

from gongkai.library.queries import Sight

from .. import showing

register = template.Library()


@register.simple_tag
def article_meta(sight: Sight, canonical: str) -> SafeString:
    """ArticleTitle, PubDate (with the hour where it is known), ContentSource, Keywords, Author, Description, Image and Url
    of a record's page; ``canonical`` is its address."""
    told = showing.record_meta(sight, canonical)
    return SafeString("\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in told))
