"""Maps are well-formed SVG, say what they show, and nothing in them covers another."""

import re
from itertools import combinations
from math import hypot
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.zones.mapping import Frame, Place, clusters, draw, short

_east, _north = st.floats(105.3, 110.2), st.floats(28.2, 32.2)
_places = st.lists(st.tuples(_east, _north, st.integers(1, 90)), min_size=1, max_size=25)


def _drawn(found, width, radius, **more):
    made = [
        Place(e, n, f"区{k}", f"区{k}：{c} 个", f"/zones/in/{k}/", f"区{k}\n{c}", c)
        for k, (e, n, c) in enumerate(found)
    ]
    return ElementTree.fromstring(draw(made, "分布图", width, radius, **more))


@given(_places, st.sampled_from([(320, 12.0), (900, 21.0)]))
@settings(max_examples=20)
def test_circles_stay_inside_and_cover_no_other(found, size):
    svg = _drawn(found, *size, labels=True)
    _, _, width, height = map(float, svg.get("viewBox").split())
    circles = [tuple(float(c.get(name)) for name in ("cx", "cy", "r")) for c in svg.iter("circle")]
    assert len(circles) == len(found)
    for x, y, r in circles:
        assert r - 0.2 <= x <= width - r + 0.2 and r - 0.2 <= y <= height - r + 0.2
    for (x, y, r), (x2, y2, r2) in combinations(circles, 2):
        assert hypot(x - x2, y - y2) > 0.8 * (r + r2)


def test_every_circle_is_a_link_with_a_name():
    svg = _drawn([(106.5, 29.5, 3), (107.5, 30.5, 9)], 320, 15.0, dots=[(106.4, 29.4)])
    links = list(svg.iter("a"))
    assert [(one.get("href"), one.get("aria-label")) for one in links] == [
        ("/zones/in/0/", "区0：3 个"), ("/zones/in/1/", "区1：9 个"),
    ]  # fmt: skip
    assert svg.get("role") == "group" and svg.get("aria-label") == "分布图"
    x = [float(one.find("circle").get("cx")) for one in links]
    y = [float(one.find("circle").get("cy")) for one in links]
    assert x[0] < x[1] and y[0] > y[1]  # east is right, north is up


@pytest.mark.parametrize("words", ['<script>alert("1")</script>', "\"'&<>", "</svg>"])
def test_names_are_escaped(words):
    drawn = draw([Place(106.5, 29.5, words, words, f"/x/?{words}", words)], words, 900, 14, labels=True, name="large")
    svg = ElementTree.fromstring(drawn)
    (link,) = svg.iter("a")
    assert (svg.get("aria-label"), link.get("aria-label"), link.get("href")) == (words, words, f"/x/?{words}")
    assert "<script" not in drawn and not re.search(r"\son\w+=|style=", drawn)


def test_too_many_are_drawn_together_and_none_is_lost():
    many = [Place(106 + n % 20 / 100, 29 + n // 20 / 100, str(n), str(n), f"#{n}", str(n)) for n in range(200)]
    found = clusters(many, 70)
    assert len(found) <= 70 and sum(one.count for one in found) == 200
    assert all("个" in one.words for one in found if one.count > 1)


def test_scale_and_short_names():
    frame = Frame.of([(106.0, 29.0), (107.0, 29.0)], 320, 20)
    across = frame.place(107.0, 29.0)[0] - frame.place(106.0, 29.0)[0]
    assert across / frame.kilometre == pytest.approx(97.2, rel=0.01)  # a degree of longitude at 29° north
    assert [short(n) for n in ("渝中区", "忠县", "大渡口区", "石柱土家族自治县", "其他")] == [
        "渝中",
        "忠县",
        "大渡口",
        "石柱",
        "其他",
    ]
    assert draw([], "空", 320, 10) == ""
