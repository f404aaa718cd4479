"""Template tags of the kit."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import quote

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import addresses, modes, speech
from .. import qr as codes

register = template.Library()
_SIZES = "".join(
    f'<a rel="nofollow" class="choice-{size}" href="/mode/?size={size}&amp;next=PAGE">{word}'
    '<span class="on hidden">（现在用的）</span></a>'
    for size, word in modes.TYPE_SIZES.items()
)


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


@register.simple_tag
def qr(path: str) -> str:
    """The address of the picture that leads telephones to a page of this site."""
    return codes.of(path)


@register.simple_tag
def type_sizes(path: str) -> SafeString:
    """Links to the sizes of type a reader may choose, back to the page at ``path``."""
    return SafeString(_SIZES.replace("PAGE", quote(path)))


@cache
def _modes() -> str:
    return render_to_string("ui/modes.html")


register.simple_tag(addresses.to, name="to")


@register.simple_tag(name="modes")
def display_modes(path: str) -> SafeString:
    """The links that change the display, back to the page at ``path``."""
    return SafeString(_modes().replace("PAGE", quote(path, safe="")))


@register.simple_tag
def letter(title: str, address: str) -> str:
    """The address that opens a letter about a page."""
    subject = quote(title, safe="")
    return f"mailto:?subject={subject}&body={subject}%0A{quote(address, safe='')}"


@register.simple_tag
def read_aloud(path: str) -> str:
    """The address of a page's recording; empty where this installation cannot read."""
    return speech.of(path) if speech.available() else ""
