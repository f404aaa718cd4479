"""Parts of pages that are the same but for a few words: the template is drawn once, the words are put in for each page."""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from html import escape
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from . import context

#: Pages are kept for so many sites, days and ways to look at once.
KEPT = 256


@cache
def _pieces(template: str, names: tuple[str, ...], flags: tuple[str, ...]) -> list[str]:
    """The drawn template, cut where a name stands: text and names by turns."""
    return _cut(template, names, dict.fromkeys(flags, True))


def _cut(template: str, names: Iterable[str], ground: Mapping[str, Any]) -> list[str]:
    return cut(render_to_string(template, {**ground, **slots(names)}), names)


def slots(names: Iterable[str]) -> dict[str, str]:
    """What stands for the words of these names where a template is drawn; fits into an address as a slug does."""
    return {name: f"zz-{name}-zz" for name in names}


def cut(drawn: str, names: Iterable[str]) -> list[str]:
    """What was drawn, cut at its :func:`slots`: text and names by turns."""
    return re.split(f"zz-({'|'.join(names)})-zz", drawn) if names else [drawn]


def filled(pieces: Sequence[str], words: Mapping[str, str]) -> SafeString:
    """The pieces of a template with the words in their places, escaped where they are not safe HTML already."""
    safe = {name: _safe(word) for name, word in words.items()}
    return SafeString("".join([safe[one] if n % 2 else one for n, one in enumerate(pieces)]))


def _safe(word: str) -> str:
    return word if isinstance(word, SafeString) else escape(word)


def fill(template: str, flags: Sequence[str] = (), **words: str) -> SafeString:
    """A template with these words where it shows ``{{ name }}``; safe HTML stays what it is. It may ask for no more of
    them than to show them, and whether they are there: an empty word is not. What else it decides by are the ``flags``,
    the names of what is true."""
    names = tuple(name for name, word in words.items() if word)
    return filled(_pieces(template, names, tuple(flags)), words)


def page(request: HttpRequest, template: str, by: Mapping[str, Hashable], words: Mapping[str, str]) -> HttpResponse:
    """A whole page from a stencil: what it decides ``by`` are values, ``words`` are as in :func:`fill`.

    It is drawn once for each site, path and day. Nothing of a reader reaches what is kept (no session, no name, no
    cookie, no form token), so nothing of one can be shown to another. Who has a message waiting gets the page drawn
    for himself. Not for pages that are baked: what is kept does not tell the baker what it was made of.
    """
    if get_messages(request):
        return render(request, template, {**by, **words})
    names = tuple(name for name, word in words.items() if word)
    ground = context.ground(context.site_of(request))
    pieces = _page(template, names, request.path, tuple({**ground, **by}.items()))
    return HttpResponse(filled(pieces, words))


@lru_cache(maxsize=KEPT)
def _page(template: str, names: tuple[str, ...], path: str, ground: tuple[tuple[str, Hashable], ...]) -> list[str]:
    return _cut(template, names, {**dict(ground), "request": {"path": path}})
