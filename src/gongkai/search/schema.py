"""What is kept of a document in an index: the same fields, with the same tokens, for every engine."""

import hashlib
from dataclasses import dataclass
from datetime import date

from gongkai.search.conditions import DATES, day_number
from gongkai.search.documents import Document
from gongkai.search.fold import characters, fold, number_key, pairs, strip
from gongkai.search.sound import initials, sound_pairs

#: Text that is found by substring: tokens with places.
PLACED = ("all", "title", "numbers", "body_pairs", "initials", "sounds")
#: Tokens without places, separated by spaces.
LOOSE = ("title_chars",)
#: Values compared whole.
WHOLE = ("key", "name", "number", "readers")
#: Values compared whole and counted.
COUNTED = ("kind", "bodies", "body_names", "theme", "category", "status")
#: Whole numbers.
NUMBERS = (*DATES, "year", "day")

#: Between title and text, and between the numbers of a document: a phrase cannot reach over it.
APART = "  "
IN_FORCE = ("有效", "有效（已修改）", "即将到期", "")


@dataclass(frozen=True)
class Fields:
    """One document's fields. ``weight`` multiplies its score: gently more for what is newer and in force."""

    placed: dict[str, str]
    loose: dict[str, str]
    whole: dict[str, tuple[str, ...]]
    counted: dict[str, tuple[str, ...]]
    numbers: dict[str, int]
    own: dict[str, str]
    weight: float


def fields(document: Document) -> Fields:
    """What an index keeps of ``document``."""
    title = fold(document.title)
    everything = title + APART + fold(document.text)
    keys = tuple(dict.fromkeys(number_key(number) for number in document.all_numbers))
    numbers, bodies = APART.join(keys), APART.join(map(fold, document.body_names))
    day = document.day
    dates = {name: getattr(document, name) for name in DATES}
    return Fields(
        placed={
            "all": pairs(everything),
            "title": pairs(title),
            "numbers": pairs(numbers),
            "body_pairs": pairs(bodies),
            "initials": pairs(initials(title)),
            "sounds": " ".join(sound_pairs(title)),
        },
        loose={
            "title_chars": characters(title),
        },
        whole={
            "key": (document.key,),
            "name": (strip(title),),
            "number": keys,
            "readers": document.readers,
        },
        counted={
            "kind": _given(document.kind),
            "bodies": document.bodies,
            "body_names": document.body_names,
            "theme": document.theme,
            "category": _given(document.category),
            "status": _given(document.status),
        },
        numbers={name: day_number(value) for name, value in dates.items() if value}
        | {"day": day_number(day) if day else 0}
        | ({"year": day.year} if day else {}),
        own={own_field(name): value for name, value in document.fields.items() if value},
        weight=weight(day, document.status),
    )


def weight(day: date | None, status: str) -> float:
    """Between 0.85 and 1.1: what is no longer in force counts less, what is newer a little more."""
    age = min(max((day.year if day else 2000) - 1980, 0), 60) / 60
    return (1.0 if status in IN_FORCE else 0.85) + 0.1 * age


def own_field(name: str) -> str:
    """The name of a further field within the index: letters and digits only, different for different names."""
    if name.isascii() and name.isidentifier():
        return name
    return "x" + hashlib.sha256(name.encode()).hexdigest()[:16]


def shown(document: Document) -> bytes:
    """What a hit needs besides the text: key, address and title, the title last since it may hold anything."""
    return f"{document.key}\t{document.url}\t{document.title}".encode()


def _given(value: str) -> tuple[str, ...]:
    return (value,) if value else ()
