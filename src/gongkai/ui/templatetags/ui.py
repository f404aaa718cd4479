"""Template tags of the kit."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any
from urllib.parse import quote

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import addresses, modes, speech, stencils
from .. import qr as codes
from ..pieces import Crumb

register = template.Library()


@register.filter
def figure(value: Any) -> str:
    """A number with thousands separators (5,324); anything else as it is."""
    return f"{value:,}" if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else str(value)


@register.filter
def day(value: date | None) -> SafeString | str:
    """A legal day in full, 2021年3月12日, readable by machines."""
    if value is None:
        return "—"
    value = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}年{}月{}日</time>', value.isoformat(), value.year, value.month, value.day)


@register.filter
def instant(value: datetime | None) -> SafeString | str:
    """An instant in China's time, 2021年3月12日 09:31."""
    if value is None:
        return "—"
    local = timezone.localtime(value)
    words = f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), words)


@register.filter
def optional(field: BoundField) -> bool:
    """Whether a field may be left empty (choices and ticks need no such word)."""
    asked = getattr(field.field, "optional", None)
    return not field.field.required and field.widget_type != "checkbox" if asked is None else asked


@register.filter
def error_id(field: BoundField) -> str:
    """The id a message in the summary leads to: the field, or the first of its choices."""
    return f"{field.auto_id}_0" if field.use_fieldset else str(field.auto_id)


@register.filter
def page_range(page: Page) -> list[int | str]:
    """Pages to offer: the first, the last and those around this one, with gaps marked …"""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The present address's query with some parameters changed; None or an empty text removes one."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = value
    return "?" + params.urlencode()


register.simple_tag(addresses.to, name="to")


@register.simple_tag
def crumbs(trail: Sequence[Crumb]) -> SafeString | str:
    """Where this page is; the last step is the page itself."""
    if not trail:
        return ""
    steps = [
        f'<a href="{escape(step.url)}">{escape(step.label)}</a>' if step.url else f"<span>{escape(step.label)}</span>"
        for step in trail[:-1]
    ]
    steps.append(f'<span aria-current="page">{escape(trail[-1].label)}</span>')
    return SafeString(f'<nav class="crumb" aria-label="当前位置"><ol><li>{"</li><li>".join(steps)}</li></ol></nav>')


@register.simple_tag(name="modes")
def display_modes(path: str) -> SafeString:
    """The links that change the display, back to the page at ``path``."""
    return stencils.fill("ui/modes.html", page=quote(path, safe=""))


@register.simple_tag
def mistakes(address: str, path: str) -> SafeString | str:
    """The way to 我为政府网站找错, as an entry of the foot; a page of ours for it is told which page it is about."""
    if not address:
        return ""
    about = f"?page={quote(path)}" if path and address.startswith("/") else ""
    return SafeString(f'<li><a href="{escape(address)}{about}">我为政府网站找错</a></li>')


@register.simple_tag
def type_sizes() -> Iterable[tuple[str, str]]:
    """The sizes of type a reader may choose, with their words."""
    return modes.TYPE_SIZES.items()


@register.simple_tag
def article_tools(path: str, title: str, address: str, pdf: str = "") -> SafeString:
    """The tools of the article at ``path``; ``address`` is its whole address, ``pdf`` that of its PDF."""
    flags = (["has_pdf"] if pdf else []) + (["recorded"] if speech.available() else [])
    subject = quote(title, safe="")
    letter = f"mailto:?subject={subject}&body={subject}%0A{quote(address, safe='')}"
    return stencils.fill(
        "ui/article_tools.html", flags, page=quote(path), address=address, pdf=pdf, letter=letter,
        qr=codes.of(path), audio=speech.of(path),
    )  # fmt: skip
