"""Templates that are joined when they are loaded say what Django's own say."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Engine
from django.template.loader_tags import BlockNode, ExtendsNode

#: Pages that are lists stand in the frame of the desk or of the portal.
LATE = re.compile(r"\{% extends [a-z\"]*(?:_base|ui/list.html)")
PAGES = {
    "top.html": "<{% block title %}top{% endblock %}>{% if wide %}[{% block body %}none{% endblock %}]{% endif %}"
    "{% for n in many %}{% block row %}{{ n }},{% endblock %}{% endfor %}{% with a=1 %}{% block deep %}{{ a }}{% endblock %}{% endwith %}",
    "middle.html": "{% extends 'top.html' %}ignored{% block body %}({% block inner %}inner{% endblock %}){% endblock %}"
    "{% block row %}{{ forloop.counter }}:{{ n }} {% endblock %}",
    "leaf.html": "{# said first #}{% extends 'middle.html' %}{% block inner %}{{ word }}{% endblock %}{% block title %}{% endblock %}",
    "other.html": "{% extends 'middle.html' %}{% block body %}{% include 'plain.html' %}{% endblock %}",
    "super.html": "{% extends 'leaf.html' %}{% block title %}{{ block.super }}more{% endblock %}",
    "above.html": "{% extends 'super.html' %}{% block deep %}deep{% endblock %}",
    "late.html": "{% extends which %}{% block body %}late{% endblock %}",
    "plain.html": "plain {{ word }}",
}
SAID = {"wide": True, "many": "xy", "word": "<w>", "which": "leaf.html"}


def engine(loader: str) -> Engine:
    return Engine(loaders=[(loader, [("django.template.loaders.locmem.Loader", PAGES)])])


@pytest.mark.parametrize("wide", [True, False])
def test_what_is_said_is_the_same(wide: bool) -> None:
    ours, django = engine("gongkai.ui.flat.Loader"), engine("django.template.loaders.cached.Loader")
    for order in (sorted(PAGES), sorted(PAGES, reverse=True)):
        for name in order:
            for _ in range(2):
                said = [one.get_template(name).render(Context(SAID | {"wide": wide})) for one in (ours, django)]
                assert said[0] == said[1], name


def test_nothing_is_left_to_be_looked_for() -> None:
    ours = engine("gongkai.ui.flat.Loader")
    for name in ("top.html", "middle.html", "leaf.html", "other.html"):
        assert not ours.get_template(name).nodelist.drawn.get_nodes_by_type((BlockNode, ExtendsNode)), name
    for name in ("super.html", "above.html", "late.html"):
        assert ours.get_template(name).open is None, name


def test_every_page_of_the_house(settings: Any) -> None:
    """All are loaded; nearly all are joined."""
    from django.template import engines

    loaded = engines["django"].engine
    names = [
        str(file.relative_to(root))
        for root in Path(__file__).resolve().parents[2].glob("*/templates")
        for file in root.rglob("*.html")
    ]
    late = {name for name in names if loaded.get_template(name).open is None}
    wants = {name for name in names if "block.super" in (text := loaded.get_template(name).source) or LATE.search(text)}
    assert len(names) > 150 and wants <= late and len(late) < 20, late
