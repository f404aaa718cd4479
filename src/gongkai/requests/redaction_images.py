"""Pages as pictures for the redaction desk: the original with its marks and a scale, or an edition as it goes out."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from gongkai.redaction import Mark, Reading

#: Resolution on the screen.
DOTS = 90
POINTS = 72
#: Millimetres in a point, and between two lines of the scale.
MM, STEP = 25.4 / POINTS, 20
_RED, _GREY = (190, 20, 20), (120, 120, 120)


def page(
    reading: Reading, number: int, marks: Sequence[Mark] = (), *, result: bool = False, scale: bool = False
) -> bytes:
    """A page as PNG. Marks are framed in red, or (``result``) black as they will be; ``scale`` adds millimetres."""
    image = reading.image(number, DOTS).convert("RGBA")
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    factor, height = DOTS / POINTS, reading.pages[number].height
    for mark in marks:
        if mark.page == number:
            box = mark.box
            place = (box.left * factor, (height - box.top) * factor, box.right * factor, (height - box.bottom) * factor)
            _mark(draw, place, result=result)
    if scale and not result:
        _scale(draw, image.size)
    packed = io.BytesIO()
    Image.alpha_composite(image, layer).convert("RGB").save(packed, "PNG", optimize=False)
    return packed.getvalue()


def _mark(draw: ImageDraw.ImageDraw, place: tuple[float, float, float, float], *, result: bool) -> None:
    if result:
        draw.rectangle(place, fill=(0, 0, 0, 255))
    else:
        draw.rectangle(place, fill=(*_RED, 50), outline=(*_RED, 255), width=2)


def _scale(draw: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
    """Every twenty millimetres a line from the upper left corner, with its number."""
    font = ImageFont.load_default(11)
    pixels = DOTS / 25.4
    for n in range(STEP, int(max(size) / pixels), STEP):
        at = n * pixels
        draw.line((at, 0, at, size[1]), fill=(*_GREY, 60))
        draw.line((0, at, size[0], at), fill=(*_GREY, 60))
        draw.text((at + 2, 1), str(n), fill=(*_GREY, 255), font=font)
        draw.text((2, at + 1), str(n), fill=(*_GREY, 255), font=font)
