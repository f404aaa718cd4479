"""Maps drawn from coordinates alone: places as circles that do not cover each other, in SVG, without tiles or script.

Every circle is a link with a name, so it can be reached by keyboard; the page sets a table beside the map that says the
same. A map is drawn for a width in units near the pixels it will be shown in, so that letters keep their size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import cos, hypot, log10, radians

#: How far apart the edges of two circles are kept, and how often they are pushed.
GAP, ROUNDS = 3.0, 110
#: No more circles than this: beyond it the nearest are drawn as one.
MOST = 70
#: A kilometre is this many degrees of latitude.
DEGREE = 111.195


@dataclass(frozen=True)
class Place:
    """Something on the map: where, what it is called, what a reader hears, where its link leads.

    ``mark`` stands in the circle (two lines at most), ``label`` beside it where there is room, ``count`` makes it larger.
    """

    longitude: float
    latitude: float
    label: str
    words: str
    url: str
    mark: str = ""
    count: int = 1


@dataclass
class Circle:
    """A place as it is drawn: ``(x, y)`` after pushing, ``(at_x, at_y)`` where it truly is."""

    place: Place
    x: float
    y: float
    at_x: float
    at_y: float
    radius: float


@dataclass(frozen=True)
class Frame:
    """From degrees to units: north is up, a kilometre is as long in every direction."""

    west: float
    north: float
    scale: float
    narrowing: float
    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of(cls, places: Sequence[tuple[float, float]], width: float, room: float) -> "Frame":
        """The frame that holds all of these (longitude, latitude), with ``room`` units around."""
        east, north = [one[0] for one in places], [one[1] for one in places]
        narrowing = cos(radians((max(north) + min(north)) / 2))
        across = max((max(east) - min(east)) * narrowing, 0.02)
        down = max(max(north) - min(north), 0.02)
        inner = width - 2 * room
        scale = min(inner / across, 1.15 * inner / down)
        height = max(down * scale, 0.45 * inner) + 2 * room
        left, top = (width - across * scale) / 2, (height - down * scale) / 2
        middle_east, middle_north = (max(east) + min(east)) / 2, (max(north) + min(north)) / 2
        west = middle_east - across / narrowing / 2
        return cls(west, middle_north + down / 2, scale, narrowing, left, top, width, height)

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a place is drawn."""
        x = self.left + (longitude - self.west) * self.narrowing * self.scale
        return x, self.top + (self.north - latitude) * self.scale

    @property
    def kilometre(self) -> float:
        """How long a kilometre is."""
        return self.scale / DEGREE


def clusters(places: Sequence[Place], most: int = MOST) -> list[Place]:
    """The places, or where there are too many, those nearest to each other as one whose link leads to the first."""
    left = list(places)
    cell = 0.002
    while len(left) > most:
        groups: dict[tuple[int, int], list[Place]] = {}
        for one in places:
            groups.setdefault((round(one.longitude / cell), round(one.latitude / cell)), []).append(one)
        left = [_together(group) for group in groups.values()]
        cell *= 1.3
    return left


def _together(group: Sequence[Place]) -> Place:
    if len(group) == 1:
        return group[0]
    number, first = len(group), group[0]
    return Place(
        sum(one.longitude for one in group) / number,
        sum(one.latitude for one in group) / number,
        f"{first.label}等",
        f"{first.label}等 {number} 个，相距很近，列于下表",
        first.url,
        f"{first.mark}…",
        number,
    )


def spread(circles: list[Circle], width: float, height: float) -> None:
    """Push circles apart until none covers another (or patience ends), each as near to its place as that allows."""
    for turn in range(ROUNDS):
        moved = False
        for n, one in enumerate(circles):
            for other in circles[n + 1 :]:
                moved |= _part(one, other)
        for one in circles:
            pull = 0.05 if turn < ROUNDS * 2 / 3 else 0.0
            one.x += (one.at_x - one.x) * pull
            one.y += (one.at_y - one.y) * pull
            one.x = min(max(one.x, one.radius + 1), width - one.radius - 1)
            one.y = min(max(one.y, one.radius + 1), height - one.radius - 1)
        if not moved:
            return


def _part(one: Circle, other: Circle) -> bool:
    across, down = other.x - one.x, other.y - one.y
    apart, needed = hypot(across, down), one.radius + other.radius + GAP
    if apart >= needed:
        return False
    if apart < 1e-6:
        across, down, apart = 1.0, 0.37, hypot(1.0, 0.37)
    push = 0.3 * (needed - apart) / apart
    one.x, one.y = one.x - across * push, one.y - down * push
    other.x, other.y = other.x + across * push, other.y + down * push
    return True


def draw(
    places: Sequence[Place], title: str, width: float, radius: float, *, dots: Sequence[tuple[float, float]] = (),
    labels: bool = False, name: str = "",
) -> str:  # fmt: skip
    """The map as an SVG element. ``radius`` is that of the largest circle, ``dots`` (longitude, latitude) small marks
    beneath, ``name`` a class of the element. Empty for no places."""
    if not places:
        return ""
    frame = Frame.of([*dots, *((one.longitude, one.latitude) for one in places)], width, radius + 6)
    circles = []
    most = max(one.count for one in places)
    for one in clusters(places):
        x, y = frame.place(one.longitude, one.latitude)
        circles.append(Circle(one, x, y, x, y, radius * (0.8 + 0.2 * one.count / most)))
    spread(circles, frame.width, frame.height)
    words = f'class="zone-map {escape(name)}" role="group" aria-label="{escape(title)}"'
    parts = [f'<svg {words} viewBox="0 0 {width:g} {frame.height:.0f}">', _dots(frame, dots)]
    parts += [_tie(one) for one in circles if hypot(one.x - one.at_x, one.y - one.at_y) > one.radius]
    parts += [_circle(one) for one in circles]
    if labels:
        parts += _labels(circles, frame.width)
    parts += [_scale(frame), "</svg>"]
    return "".join(parts)


def _dots(frame: Frame, dots: Sequence[tuple[float, float]]) -> str:
    if not dots:
        return ""
    drawn = dict.fromkeys(f"M{x:.0f} {y:.0f}h0" for x, y in (frame.place(*one) for one in dots))
    return f'<path class="dots" d="{"".join(drawn)}"/>'


def _tie(one: Circle) -> str:
    return f'<path class="tie" d="M{one.at_x:.1f} {one.at_y:.1f}L{one.x:.1f} {one.y:.1f}"/>'


def _circle(one: Circle) -> str:
    lines = one.place.mark.split("\n")
    first = one.y + 4.5 - 6.5 * (len(lines) - 1)
    texts = "".join(
        f'<text class="{"mark" if n == 0 else "mark count"}" x="{one.x:.1f}" y="{first + 13 * n:.1f}">{escape(line)}</text>'
        for n, line in enumerate(lines)
        if line
    )
    circle = f'<circle cx="{one.x:.1f}" cy="{one.y:.1f}" r="{one.radius:.1f}"/>'
    return f'<a href="{escape(one.place.url)}" aria-label="{escape(one.place.words)}">{circle}{texts}</a>'


def _labels(circles: Sequence[Circle], width: float) -> list[str]:
    """Labels right or left of their circles, where they cover nothing; hidden from readers, who hear the links."""
    taken = [(one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius) for one in circles]
    made = []
    for one in circles:
        long = sum(12.5 if ord(sign) > 0x2E80 else 7 for sign in one.place.label)
        for x, anchor in ((one.x + one.radius + 4, "start"), (one.x - one.radius - 4, "end")):
            left = x if anchor == "start" else x - long
            box = (left, one.y - 9, left + long, one.y + 9)
            if box[0] >= 0 and box[2] <= width and not any(_cover(box, other) for other in taken):
                taken.append(box)
                words = f'class="label" text-anchor="{anchor}" x="{x:.1f}" y="{one.y + 4.5:.1f}" aria-hidden="true"'
                made.append(f"<text {words}>{escape(one.place.label)}</text>")
                break
    return made


def _cover(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _scale(frame: Frame) -> str:
    """A bar of a round number of kilometres, at most a quarter of the width."""
    longest = frame.width / 4 / frame.kilometre
    power = 10 ** int(log10(longest)) if longest >= 1 else 1
    kilometres = next((n * power for n in (5, 2, 1) if n * power <= longest), power)
    end = 8 + kilometres * frame.kilometre
    y = frame.height - 8
    bar = f'<path class="scale" d="M8 {y - 5:.0f}v5H{end:.1f}v-5"/>'
    return f'{bar}<text class="label" x="12" y="{y - 6:.0f}" aria-hidden="true">{kilometres} 公里</text>'


def short(name: str) -> str:
    """A district's name as short as a circle holds: 渝中, 大渡口, 石柱, 忠县."""
    if len(name) > 4:
        return name[:2]
    return name[:-1] if len(name) > 2 and name[-1] in "区县市旗" else name
