"""Parts of pages that are the same but for a few words: the template is drawn once, the words are put in for each page."""

import re
from collections.abc import Sequence
from functools import cache

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString


@cache
def _pieces(template: str, names: tuple[str, ...], flags: tuple[str, ...]) -> list[str]:
    """The drawn template, cut where a name stands: text and names by turns."""
    drawn = render_to_string(template, {name: f"zz-{name}-zz" for name in names} | dict.fromkeys(flags, True))
    return re.split(f"zz-({'|'.join(names)})-zz", drawn)


def fill(template: str, flags: Sequence[str] = (), **words: str) -> SafeString:
    """A template with these words where it shows ``{{ name }}``. It may ask for no more of them than to show them;
    what it decides by are the ``flags``, the names of what is true."""
    pieces = _pieces(template, tuple(words), tuple(flags))
    return SafeString("".join(escape(words[one]) if n % 2 else one for n, one in enumerate(pieces)))
