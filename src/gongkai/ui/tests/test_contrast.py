"""Every pair of colours the style sheets put together, in every palette, read from the sheets themselves.

A rule that sets text colour and ground names a pair; one that sets only text may stand on paper or on a wash; one that
sets a border, outline or fill draws a mark on them. Colours exist in the palettes and nowhere else.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
SHEETS = sorted(HOUSE.glob("*/css/*.css"))
#: Sheets that name colours: the light palette, what others put over it, and paper.
PALETTE_SHEETS = {
    name: HOUSE / "ui" / "css" / f"{name}.css" for name in ("tokens", "dark", "more", "contrast", "print")
}
#: Palettes for those who asked for contrast: text reaches 7:1.
HIGH_PALETTES = ("more", "contrast")
GROUNDS = ("paper", "wash")
#: Hairlines that only separate; no meaning hangs on them.
SEPARATORS = {"line", "bar-2", "wash", "paper", "brand-wash"}
#: Sheets with colours of their own, and tests of their own for them.
OWN_COLOURS = {"tints.css", "charts.css"}
TEXT, MARK, HIGH = 4.5, 3.0, 7.0

RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
TOKEN = re.compile(r"var\(--([a-z0-9-]+)\)")
HEX = re.compile(r"#[0-9a-f]{3,8}\b", re.I)


def text_of(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)


def rules(sheet: Path) -> Iterator[tuple[str, dict[str, str]]]:
    for selector, body in RULE.findall(text_of(sheet)):
        pairs = (line.split(":", 1) for line in body.split(";") if ":" in line)
        yield " ".join(selector.split()), {key.strip(): value.strip() for key, value in pairs}


def palettes() -> dict[str, dict[str, str]]:
    """Every palette by the name of its sheet, each over the light one."""
    found = {
        name: {key[2:]: value for _, body in rules(sheet) for key, value in body.items() if HEX.fullmatch(value)}
        for name, sheet in PALETTE_SHEETS.items()
    }
    return {name: found["tokens"] | colours for name, colours in found.items()}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def pairs() -> set[tuple[str, str, float]]:
    """(token, ground, least ratio) of every pair in the sheets."""
    found = set()
    for sheet in SHEETS:
        for _, body in rules(sheet):
            own = TOKEN.findall(body.get("background", ""))
            for token in TOKEN.findall(body.get("color", "")):
                found |= {(token, ground, TEXT) for ground in (own or GROUNDS)}
            drawn = " ".join(body[key] for key in body if key.startswith(("border", "outline", "fill", "accent-color")))
            for token in set(TOKEN.findall(drawn)) - SEPARATORS - {"radius", "s1"}:
                found |= {(token, ground, MARK) for ground in (set(own) - {token} or GROUNDS)}
    return found


PALETTES = palettes()


def test_the_sheets_were_read() -> None:
    assert len(SHEETS) > len(PALETTE_SHEETS) and all(len(colours) > 15 for colours in PALETTES.values())
    assert ("brand-ink", "brand", TEXT) in pairs()
    assert ("ink-2", "wash", TEXT) in pairs()
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("name", PALETTES)
def test_every_pair_in_every_palette(name: str) -> None:
    palette = PALETTES[name]
    faults = []
    for token, ground, least in sorted(pairs()):
        if token not in palette or ground not in palette:
            continue
        least = HIGH if name in HIGH_PALETTES and least == TEXT else least
        ratio = contrast(palette[token], palette[ground])
        if token == "focus":  # two rings, one of them in ink: either may be the one that is seen
            ratio = max(ratio, contrast(palette["ink"], palette[ground]))
        if ratio < least:
            faults.append(f"{token} on {ground}: {ratio:.2f} < {least}")
    assert not faults, faults


def test_every_token_is_a_colour_or_known() -> None:
    named = {key[2:] for sheet in SHEETS for _, body in rules(sheet) for key in body if key.startswith("--")}
    used = {token for sheet in SHEETS for token in TOKEN.findall(text_of(sheet))}
    assert used <= named, used - named


def test_every_palette_names_every_colour() -> None:
    colours = {
        name: {key for _, body in rules(sheet) for key, value in body.items() if HEX.fullmatch(value)}
        for name, sheet in PALETTE_SHEETS.items()
    }
    assert all(own == colours["tokens"] for own in colours.values())


def test_colours_live_in_the_palettes() -> None:
    for sheet in SHEETS:
        if sheet not in PALETTE_SHEETS.values() and sheet.name not in OWN_COLOURS:
            assert not HEX.findall(text_of(sheet)), sheet
            assert not re.findall(r"(?<!-)opacity:\s*0?\.\d", text_of(sheet)), f"{sheet}: text is never made faint"
