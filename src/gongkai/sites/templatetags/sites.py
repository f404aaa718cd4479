"""Tags of sites for templates of other apps: the meta tags of a record's page."""

from typing import Any

from django import template

from gongkai.records.models import Record

from .. import queries, showing

register = template.Library()


@register.inclusion_tag("sites/public/_meta.html")
def article_meta(record: Record, canonical: str = "") -> dict[str, Any]:
    """ArticleTitle, PubDate (with the hour where it is known), ContentSource, Keywords, Author, Description, Image and Url
    of a record's page; ``canonical`` is its address."""
    return {"meta": showing.record_meta(record, canonical)}


@register.filter
def published(record: Record) -> str:
    """2021-03-12 09:31 where the hour is known, else the day."""
    return showing.moment(queries.published_at(record))
