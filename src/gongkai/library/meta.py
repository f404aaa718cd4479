"""Meta tags of articles as the rules for government sites ask for them (国办发〔2017〕47号)."""

from datetime import date, datetime
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from gongkai.ledger import clock
from gongkai.records import vocabulary
from gongkai.records.kinds import label

from .queries import Sight

Meta = list[tuple[str, str]]


def moment(when: date | datetime | None) -> str:
    """2021-03-12 09:31 where the hour is known, else 2021-03-12 (国办发〔2017〕47号)."""
    if isinstance(when, datetime):
        return timezone.localtime(when, clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return when.isoformat() if when else ""


def article_meta(**told: Any) -> Meta:
    """The tags of an article: ArticleTitle, PubDate, ContentSource, Keywords, Author, Description, Image, Url; all of them,
    those without a value empty."""
    names = ("ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url")
    return [(name, str(told.get(name) or "")) for name in names]


def record_meta(sight: Sight, url: str) -> Meta:
    """The tags of a record's page."""
    record = sight.record
    source, number = record.issuer or record.body.name, record.document_number
    topics = dict(vocabulary.topic_choices())
    words = [
        *record.theme.split(vocabulary.SEPARATOR),
        *(topics.get(one, one) for one in record.topics),
        label(record.kind),
    ]
    when = moment(sight.published_at)
    return article_meta(
        ArticleTitle=record.title, PubDate=when, ContentSource=source, Keywords=",".join(filter(None, [*words, number, source])),
        Author=record.unit or source, Description=f"{record.title}{f'（{number}）' if number else ''}，{source}{when[:10]}发布。",
        Url=url,
    )  # fmt: skip


def drawn(tags: Meta) -> SafeString:
    """The tags as HTML, a line each."""
    return SafeString("\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in tags))
