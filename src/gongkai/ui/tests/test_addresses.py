"""Addresses made quickly, and parts of pages drawn once: the same as made the slow way."""

import pytest
from django.template import engines
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from gongkai.ui import stencils
from gongkai.ui.addresses import to

SLUGS = st.text("abcXYZ019-_", min_size=1, max_size=40)


@given(SLUGS, SLUGS)
def test_an_address_is_what_reverse_says(key: str, name: str) -> None:
    assert to("portal:library:record", key) == reverse("portal:library:record", args=[key])
    assert to("portal:library:file", key, name) == reverse("portal:library:file", args=[key, name])


def test_a_page_there_is_not() -> None:
    with pytest.raises(NoReverseMatch):
        to("portal:library:nowhere", "x")


@given(st.text(max_size=60))
def test_a_stencil_says_what_its_template_says(words: str) -> None:
    slow = engines["django"].get_template("ui/modes.html").render({"page": words})
    assert stencils.fill("ui/modes.html", page=words) == slow


@given(st.text(max_size=30), st.sampled_from([(), ("recorded",), ("has_pdf", "recorded")]))
def test_a_stencil_with_flags(words: str, flags: tuple[str, ...]) -> None:
    told = {name: f"{words}{name}" for name in ("page", "address", "pdf", "letter", "qr", "audio")}
    slow = engines["django"].get_template("ui/article_tools.html").render(told | dict.fromkeys(flags, True))
    assert stencils.fill("ui/article_tools.html", flags, **told) == slow


@given(st.dictionaries(st.sampled_from(["url", "title", "snippet", "facts", "status", "tone"]), st.text(max_size=9)))
def test_what_is_empty_is_not_there(told: dict[str, str]) -> None:
    words = dict.fromkeys(("url", "title", "snippet", "facts", "status", "tone"), "") | told
    slow = engines["django"].get_template("library/_hit.html").render(dict(words))
    assert stencils.fill("library/_hit.html", **words) == slow


def test_safe_words_stay_what_they_are() -> None:
    told = stencils.fill("library/_hit.html", url="/x/", title=SafeString("<mark>a</mark>"), facts="<b>")
    assert "<mark>a</mark>" in told and "&lt;b&gt;" in told
