"""Pages that are baked by the thousand: the template is drawn once for a batch, and each page puts its words in."""

import copy
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from gongkai.ui import stencils

from .reading import baking, kept

Words = Mapping[str, str]


def drawn(
    request: HttpRequest,
    template: str,
    words: Words,
    context: Callable[[Words], dict[str, Any]],
    path: Callable[[Words], str],
    by: Hashable = (),
) -> HttpResponse:
    """A page of which the template shows ``words`` and asks for no more than whether they are there (:mod:`gongkai.ui.stencils`).

    ``context`` is what the template is drawn with, and ``path`` the address of the page, for these words or what stands for
    them; ``by`` is what else the two depend on.
    """
    if not baking():
        return render(request, template, context(words))
    names = tuple(name for name, word in words.items() if word)

    def pieces() -> list[str]:
        slots, nobody = stencils.slots(names), copy.copy(request)
        nobody.path = path(slots)
        return stencils.cut(render_to_string(template, context(slots), nobody), names)

    return HttpResponse(stencils.filled(kept((template, names, by), pieces), words))
