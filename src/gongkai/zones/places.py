"""Coordinates: WGS-84 decimal degrees as text, checked for what people get wrong."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

Fault = tuple[str, str]
#: The land of the country, with room: nobody's zone lies outside.
EAST, NORTH = (Decimal("73.4"), Decimal("135.2")), (Decimal("3.8"), Decimal("53.7"))
#: A zone farther than so many kilometres from the middle of its district's other zones is taken for a slip of typing.
FARTHEST = 200
_DEGREES = re.compile(r"[东北]?[经纬]?[EN]?(\d{1,3}\.\d+)°?[EN]?", re.IGNORECASE)


def degrees(longitude: str, latitude: str) -> tuple[Decimal, Decimal]:
    """Both coordinates, rounded to a millionth of a degree (0.1 m).

    Raises ValueError with ``args[0]`` the faults as (field, Chinese message) pairs.
    """
    faults: list[Fault] = []
    read: list[Decimal] = []
    for name, label, text in (("longitude", "经度", longitude), ("latitude", "纬度", latitude)):
        match = _DEGREES.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
        if not match or len(match[1].partition(".")[2]) < 3:
            example = "106.551234" if name == "longitude" else "29.563421"
            faults.append((name, f"“{label}”应为十进制度数，小数点后至少三位，如 {example}"))
        else:
            read.append(Decimal(match[1]).quantize(Decimal("0.000001")))
    if faults:
        raise ValueError(faults)
    east, north = read
    if EAST[0] <= north <= EAST[1] and NORTH[0] <= east <= NORTH[1]:
        raise ValueError([("longitude", "经度和纬度填反了：经度是较大的数，如 106.551234")])
    if not EAST[0] <= east <= EAST[1]:
        faults.append(("longitude", f"经度 {east} 不在我国范围内，请核对"))
    if not NORTH[0] <= north <= NORTH[1]:
        faults.append(("latitude", f"纬度 {north} 不在我国范围内，请核对"))
    if faults:
        raise ValueError(faults)
    return east, north


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres between two (longitude, latitude) pairs, along the sphere."""
    (east, north), (east2, north2) = a, b
    half = sin(radians(north2 - north) / 2) ** 2
    half += cos(radians(north)) * cos(radians(north2)) * sin(radians(east2 - east) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half))


def middle(places: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """The median longitude and latitude: one wrong place does not move it. Raises ValueError for no place."""
    found = list(places)
    if not found:
        raise ValueError("no place")
    east, north = sorted(e for e, _ in found), sorted(n for _, n in found)
    return east[len(east) // 2], north[len(north) // 2]
