"""The colours of sites: text and ground of every pair, on light and on dark, computed from the sheet."""

import re
from pathlib import Path

import pytest

from gongkai.sites.vocabulary import TINTS
from gongkai.ui.tests.test_contrast import contrast, palettes

SHEET = (Path(__file__).parents[1] / "css" / "tints.css").read_text()
RULE = re.compile(r"tint-(\w+)\) \{ --brand: light-dark\((\S+), (\S+)\); --brand-wash: light-dark\((\S+), (\S+)\); \}")
FOUND = RULE.findall(SHEET)


def test_every_colour_has_its_rule():
    assert {name for name, *_ in FOUND} == {key for key, _ in TINTS if key}


@pytest.mark.parametrize("tint", FOUND, ids=lambda tint: tint[0])
def test_contrast(tint):
    _, light, dark, light_wash, dark_wash = tint
    for palette, brand, wash, least in (
        ("tokens", light, light_wash, 7), ("more", light, light_wash, 7), ("print", light, light_wash, 4.5),
        ("dark", dark, dark_wash, 4.5), ("contrast", dark, dark_wash, 7),
    ):  # fmt: skip
        tokens = palettes()[palette]
        for one, other in ((brand, tokens["paper"]), (brand, tokens["wash"]), (tokens["brand-ink"], brand)):
            assert contrast(one, other) >= least, (palette, one, other)
        assert contrast(tokens["ink"], wash) >= 7, (palette, wash)
