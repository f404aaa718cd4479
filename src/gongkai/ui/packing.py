"""The packed forms of a file that lie beside it, made once, for servers and readers that take them: gzip always, brotli
where it is installed and wanted (``settings.BROTLI``)."""

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import deflate

try:
    import brotli
except ImportError:
    brotli = None


@dataclass(frozen=True)
class Coding:
    """A way to pack: its name between browsers and servers, the ending of its files, packing at a level, unpacking."""

    name: str
    ending: str
    pack: Callable[[bytes, int], bytes]
    unpack: Callable[[bytes], bytes]


def _brotli(content: bytes, quality: int) -> bytes:
    packed: bytes = brotli.compress(content, quality=quality, mode=brotli.MODE_TEXT)
    return packed


def _unbrotli(content: bytes) -> bytes:
    unpacked: bytes = brotli.decompress(content)
    return unpacked


BROTLI = Coding("br", ".br", _brotli, _unbrotli)
#: libdeflate packs four times as fast as zlib, and smaller.
GZIP = Coding("gzip", ".gz", deflate.gzip_compress, gzip.decompress)
#: The smaller first.
CODINGS = (BROTLI, GZIP)
ENDINGS = tuple(coding.ending for coding in CODINGS)
_TAKEN = re.compile(r"\s*([\w-]+)\s*(?:;\s*q\s*=\s*([\d.]+))?\s*")


def forms(brotli_at: int, gzip_at: int) -> Iterator[tuple[Coding, int]]:
    """The forms a file is to have, with the level of each; 0 is none."""
    levels = {BROTLI: brotli_at if brotli else 0, GZIP: gzip_at}
    return ((coding, levels[coding]) for coding in CODINGS if levels[coding])


def taken(accepted: str) -> Iterator[Coding]:
    """The codings that an ``Accept-Encoding`` takes, the smaller first."""
    asked = dict(found.groups("1") for one in accepted.split(",") if (found := _TAKEN.fullmatch(one)))
    return (coding for coding in CODINGS if asked.get(coding.name, "0").strip("0."))
