"""Rich text: what an editor sends is made safe here, and again when it is shown; nothing else decides what a page may hold."""

import html
import re
from collections.abc import Callable

import nh3

TAGS = {
    "p", "h3", "h4", "strong", "em", "u", "s", "sub", "sup", "ul", "ol", "li", "a", "blockquote", "br", "hr", "table", "thead",
    "tbody", "tr", "th", "td", "caption",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_MARKUP = re.compile(r"<(?:p|h[1-6]|ul|ol|li|table|blockquote|strong|b|em|i|br|a|div|hr)[\s>/]", re.I)
#: What editors make of a page's own levels: a block's headings stand below those of the page.
_RENAMED = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "del": "s", "div": "p"}
_RENAME = re.compile(rf"<(/?)({'|'.join(_RENAMED)})(?=[\s>/])", re.I)


def clean(text: str, link: Callable[[str], str] | None = None) -> str:
    """The text as safe HTML. Without markup it is read as plain text: paragraphs between empty lines, ``##`` headings,
    ``-`` lists. ``link`` gives every address its way out of the site."""
    marked = text if _MARKUP.search(text) else _of_plain(text)
    renamed = _RENAME.sub(lambda found: f"<{found[1]}{_RENAMED[found[2].lower()]}", marked)

    def attribute(tag: str, name: str, value: str) -> str | None:
        return link(value) if link and tag == "a" and name == "href" else value

    return nh3.clean(
        renamed, tags=TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None, attribute_filter=attribute
    ).strip()


def plain(text: str) -> str:
    """The words alone, for descriptions."""
    return re.sub(r"\s+", " ", html.unescape(nh3.clean(text, tags=set()))).strip()


def _of_plain(text: str) -> str:
    parts = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        if not lines:
            continue
        if all(line.startswith(("- ", "* ", "· ")) for line in lines):
            parts.append("<ul>" + "".join(f"<li>{html.escape(line[2:])}</li>" for line in lines) + "</ul>")
        elif lines[0].startswith("#"):
            parts.append(f"<h3>{html.escape(lines[0].lstrip('# '))}</h3>")
            parts += [f"<p>{html.escape(line)}</p>" for line in lines[1:]]
        else:
            parts.append("<p>" + "<br>".join(map(html.escape, lines)) + "</p>")
    return "".join(parts)
