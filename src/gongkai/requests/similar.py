"""Requests that look alike: the same applicant, the same or nearly the same text. Shown to officers, never acted on.

Privacy: what is compared is kept as *marks*, keyed hashes (HMAC-SHA256) under a key that lies sealed in the vault and
differ from body to body, so that a mark tells nothing without the vault and links nobody across bodies. Identity
number, phone and the whole text of a request are compared for equality only. Near-equality is judged on the title
alone, which stands in the ledger anyway and carries no personal data: six bands of three min-hashes of its character
bigrams find the candidates by index, the exact Jaccard measure of the bigrams decides.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Sum

from gongkai.ledger import vault
from gongkai.ledger.models import Secret

from .models import Mark, Request

IDENTITY, PHONE, TEXT, BAND = "i", "p", "c", "t"
BANDS, ROWS = 6, 3
#: From which share of common bigrams two titles count as nearly equal (measured on the demonstration's requests).
ALIKE = 0.9
#: The same for two requests of one applicant, where a looser likeness already hints at a repeat.
REPEATED = 0.8
#: How many requests of one mark are looked at, the newest first.
MOST = 60
SHOWN = 8
_KEY = "marks/key"
#: The key once read: it never changes while a process runs.
_read: list[bytes] = []
_IDLE = re.compile(r"^(?:本人|我|兹)?(?:申请|请求|要求|请)?(?:依法)?(?:关于|有关)?(?:公开|获取|提供)?(?:关于|有关)?")
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True)
class Hint:
    """A request that looks like the one at hand. ``same_applicant`` and ``likeness`` (0 to 1, of the titles) say how."""

    row: Request
    same_applicant: bool
    same_text: bool
    likeness: float

    @property
    def repeat(self) -> bool:
        """Whether it may be a repeat or a double registration (Art 36(6))."""
        return self.same_applicant and (self.same_text or self.likeness >= REPEATED)

    @property
    def words(self) -> str:
        """What is alike, in words."""
        who = "同一申请人" if self.same_applicant else "其他申请人"
        text = (
            "内容相同"
            if self.same_text
            else f"事项相近（{self.likeness:.0%}）"
            if self.likeness >= ALIKE
            else "事项不同"
        )
        return f"{who}，{text}"


def plain(text: str) -> str:
    """The text as it is compared: no punctuation, no spaces, no 的, one width, without the usual opening words."""
    letters = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum() and c != "的")
    return _IDLE.sub("", letters, count=1) or letters


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a plain text."""
    words = plain(text)
    return frozenset(words[i : i + 2] for i in range(len(words) - 1)) or frozenset({words})


def likeness(one: str, other: str) -> float:
    """The Jaccard measure of two titles' bigrams; 0 when they name different numbers (years, document numbers)."""
    if sorted(_NUMBERS.findall(plain(one))) != sorted(_NUMBERS.findall(plain(other))):
        return 0.0
    a, b = bigrams(one), bigrams(other)
    return len(a & b) / len(a | b)


def _mark_key() -> bytes:
    """The key of all marks; made once, sealed in the vault, where the rotation of the vault's keys seals it anew."""
    if not _read:
        if values := vault.peek(_KEY):
            _read.append(bytes.fromhex(values["key"]))
        else:  # not kept in memory yet: the transaction that makes it may still be rolled back
            sealed = vault.seal({"key": secrets.token_hex(32)}).encode()
            Secret.objects.get_or_create(key=_KEY, defaults={"sealed": sealed})
            return bytes.fromhex(vault.peek(_KEY)["key"])
    return _read[0]


def _digest(key: bytes, *parts: str) -> str:
    return hmac.new(key, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()[:32]


@lru_cache(maxsize=65536)
def _hashes(key: bytes, bigram: str) -> tuple[int, ...]:
    """One 32-bit hash of a bigram for each row of each band."""
    half = 2 * BANDS * ROWS
    both = b"".join(hashlib.blake2b(bigram.encode(), digest_size=half, key=key, salt=s).digest() for s in (b"1", b"2"))
    return tuple(int.from_bytes(both[n * 4 : n * 4 + 4], "big") for n in range(BANDS * ROWS))


def marks(body: str, title: str, personal: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(kind, mark) of a request."""
    key = _mark_key()
    told = {IDENTITY: "id_number", PHONE: "phone", TEXT: "content"}
    made = [
        (kind, _digest(key, body, kind, plain(str(personal[name])).upper()))
        for kind, name in told.items()
        if personal.get(name)
    ]
    columns = list(zip(*(_hashes(key, pair) for pair in bigrams(title)), strict=True))
    least = [min(column) for column in columns]
    for band in range(BANDS):
        rows = ",".join(str(value) for value in least[band * ROWS : (band + 1) * ROWS])
        made.append((BAND, _digest(key, body, f"{BAND}{band}", rows)))
    return made


def remember(subject: str, body: str, data: Mapping[str, Any]) -> None:
    """Keep the marks of a request just entered; in the transaction that enters it."""
    made = marks(body, str(data.get("title", "")), data)
    Mark.objects.bulk_create([Mark(subject=subject, kind=kind, mark=mark) for kind, mark in made])


def forget(subject: str) -> None:
    """Drop a request's marks (retention): it is no longer recognised."""
    Mark.objects.filter(subject=subject).delete()


def found(marks: Sequence[tuple[str, str]], but: str) -> dict[str, set[str]]:
    """The subjects that have one of these marks, by kind: the newest :data:`MOST` of each mark."""
    # One statement, but each mark on its own: a short walk at the end of the index, however common the mark is.
    table = connection.ops.quote_name(Mark._meta.db_table)
    one = f"SELECT kind, subject FROM {table} WHERE mark = %s AND kind = %s AND subject <> %s ORDER BY subject DESC LIMIT {MOST}"
    every = " UNION ALL ".join(f"SELECT kind, subject FROM ({one}) AS m{n}" for n in range(len(marks)))
    by_kind: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(every, [value for kind, mark in marks for value in (mark, kind, but)])
        for kind, subject in cursor.fetchall():
            by_kind[kind].add(subject)
    return by_kind


def hints(body: str, title: str, personal: Mapping[str, Any], but: str = "") -> list[Hint]:
    """What looks like a request of ``body`` with this title and applicant, the likeliest repeats first.

    ``but`` leaves out the request itself. At most :data:`SHOWN`; void registrations are left out.
    """
    seen = found(marks(body, title, personal), but)
    persons, texts = seen[IDENTITY] | seen[PHONE], seen[TEXT]
    rows = Request.objects.filter(key__in=persons | texts | seen[BAND]).exclude(state="void")
    made = [Hint(row, row.key in persons, row.key in texts, likeness(title, row.title)) for row in rows]
    telling = [hint for hint in made if hint.same_applicant or hint.same_text or hint.likeness >= ALIKE]
    telling.sort(key=lambda hint: (hint.repeat, hint.same_text, hint.likeness, hint.row.key), reverse=True)
    return telling[:SHOWN]


def items_before(row: Request) -> int:
    """How many items the same applicant asked of the same body earlier in the calendar month (fee rule, Art 4)."""
    if row.received_on is None:
        return 0
    mine = Mark.objects.filter(subject=row.key, kind=IDENTITY).values_list("mark", flat=True)
    mine = list(mine) or list(Mark.objects.filter(subject=row.key, kind=PHONE).values_list("mark", flat=True))
    same = Mark.objects.filter(mark__in=mine).exclude(subject=row.key).values("subject")
    month = Request.objects.filter(key__in=same, received_on__range=(row.received_on.replace(day=1), row.received_on))
    earlier = month.exclude(state="void").exclude(received_on=row.received_on, key__gt=row.key)
    return earlier.aggregate(all=Sum("items"))["all"] or 0
