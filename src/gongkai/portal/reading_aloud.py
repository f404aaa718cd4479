"""Any article of the public site read aloud 朗读: what its page marks to be read, as everybody sees it."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from gongkai.bake.rendering import NotForAll, render
from gongkai.ui import speech


@require_safe
def read(request: HttpRequest) -> HttpResponseBase:
    """``/read.mp3?page=/records/…/``. 404 for a page that is not there for everybody, or has nothing to be read."""
    page = request.GET.get("page", "")
    if not page.startswith("/") or not page.endswith("/") or page.startswith("/office/"):
        raise Http404
    try:
        made = render(page)
    except NotForAll:
        raise Http404 from None
    text = speech.text_in(made.content) if made and not made.gone and made.content else ""
    if not text:
        raise Http404
    return speech.answer(request, text)
