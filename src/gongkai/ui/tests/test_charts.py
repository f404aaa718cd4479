"""Pictures: the geometry says what the numbers say, the SVG is well-formed whatever the words, the table is complete."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template import engines
from django_cotton.compiler_regex import CottonCompiler
from hypothesis import given
from hypothesis import strategies as st

from gongkai.ui.charts import HEIGHT, MOST_SERIES, SLOT, Picture, Series

NUMBERS = st.lists(st.one_of(st.none(), st.integers(0, 10**7), st.decimals(0, 9999, places=2)), min_size=3, max_size=3)


def drawn(picture: Picture) -> ElementTree.Element:
    """The component as a tree; raises when it is not well-formed."""
    source = CottonCompiler().process('<c-picture :picture="picture" />')
    return ElementTree.fromstring(engines["django"].from_string(source).render({"picture": picture}).strip())


@given(st.sampled_from(("columns", "stack", "lines")), st.lists(NUMBERS, min_size=1, max_size=MOST_SERIES))
def test_every_number_stands_within_the_field(kind, rows):
    picture = Picture(kind, "图", ("一", "二", "三"), [Series(f"第{n}组", row) for n, row in enumerate(rows)])
    assert picture.top >= 2 and picture.top % 2 == 0
    for mark in picture.marks:
        assert mark.x >= 0 and mark.x + mark.width <= 3 * SLOT + 0.1
        assert mark.y >= -0.1 and mark.y + mark.height <= HEIGHT + 0.1
    highest = max(
        (sum(float(v or 0) for v in column) for column in zip(*rows, strict=True))
        if kind == "stack"
        else (float(v or 0) for row in rows for v in row)
    )
    assert highest <= picture.top <= max(2, highest * 2.1)
    for line in picture.lines:
        known = [value for value in rows[line.place - 1] if value is not None]
        assert len(line.points) == len(known)
        for (_, y, _), value in zip(line.points, known, strict=True):
            assert y == pytest.approx(HEIGHT * (1 - float(value) / picture.top), abs=0.01)


def test_columns_stand_on_top_of_each_other():
    picture = Picture("stack", "图", ("一月",), [Series("甲", [30]), Series("乙", [10])])
    first, second = picture.marks
    assert (first.y + first.height, second.y + second.height) == (HEIGHT, first.y)
    assert first.height / second.height == pytest.approx(3)


@pytest.mark.parametrize("kind", ["columns", "stack", "lines"])
def test_words_are_escaped_and_the_table_is_complete(kind):
    evil = "\"><script>alert(1)</script>&<b a='"
    series = [Series(evil, [1234, None], "/x/?a=1&b=2"), Series("乙", [Decimal("0.5"), 7], urls=["/1/", "/2/"])]
    tree = drawn(Picture(kind, evil, (evil, "二"), series, evil, evil, urls=("/c/", "/d/"), summed=True))
    assert not list(tree.iter("script")) and not list(tree.iter("b"))
    table = next(tree.iter("table"))
    cells = ["".join(cell.itertext()) for cell in table.iter("td")]
    assert cells == ["1,234", "0.5", "1,234.5", "—", "7", "7"]
    links = [link.get("href") for link in table.iter("a")]
    assert links == ["/x/?a=1&b=2", "/c/", "/1/", "/d/", "/2/"]
    svg = next(one for one in tree.iter("svg") if one.get("role") == "img")
    assert evil in svg.get("aria-label") and not [one for one in tree.iter() if "style" in one.attrib]


def test_a_picture_of_nothing_says_so():
    tree = drawn(Picture("columns", "图", ("一",), [Series("甲", [0])]))
    assert not list(tree.iter("svg")) and "没有可以画出的数值" in "".join(tree.itertext())


@pytest.mark.parametrize("series", [[], [Series("甲", [1, 2])], [Series("甲", [-1])], [Series("甲", [1])] * 7])
def test_what_cannot_be_drawn_is_refused(series):
    with pytest.raises(ValueError, match=r"[\u4e00-\u9fff]"):
        Picture("columns", "图", ("一",), series)
