"""索引号: ``<credit code of the body>/<year>-<five digits>``, made and checked; the older ``000014349/2019-00007``.

The credit code is the 18 characters of GB 32100-2015 with its check character; government bodies' codes begin with
11 (机构编制, 机关), which some sites print apart as ``[11]``. The older form bears the 9 characters of GB 11714.
"""

import re
import unicodedata
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = [pow(3, place, 31) for place in range(17)]
_OLD_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OLD_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_WRITTEN = re.compile(r"(?:\[11\])?(?P<body>[0-9A-Z]{18}|[0-9A-Z]{8}-?[0-9X])/(?P<year>\d{4})-(?P<serial>\d{5})")
LARGEST_SERIAL = 99999


class BadIndexNumber(ValueError):
    """Not an 索引号, or a credit code whose check character is wrong; the message is Chinese."""


@dataclass(frozen=True)
class IndexNumber:
    """An 索引号: the body's code, the year, the serial number in it (from 1)."""

    body: str
    year: int
    serial: int

    @property
    def text(self) -> str:
        """``11500000009275416Y/2021-00005``."""
        return f"{self.body}/{self.year:04d}-{self.serial:05d}"

    @property
    def is_old(self) -> bool:
        """Whether the body is named by the nine-character code used before credit codes."""
        return len(self.body) == 9

    def __str__(self) -> str:
        return self.text


def check_character(first: str) -> str:
    """The 18th character of a unified social credit code from its first 17 (GB 32100-2015, 附录)."""
    code = first.upper()
    if len(code) != 17 or any(character not in ALPHABET for character in code):
        raise BadIndexNumber(f"统一社会信用代码前 17 位有误：{first}（应为数字和大写字母，不用 I、O、S、V、Z）")
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(code, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def is_credit_code(code: str) -> bool:
    """Whether it is a credit code of 18 characters with the right check character."""
    return len(code) == 18 and all(one in ALPHABET for one in code) and check_character(code[:17]) == code[17]


def is_organisation_code(code: str) -> bool:
    """Whether it is a code of nine characters with the right check character (GB 11714-1997)."""
    if not re.fullmatch("[0-9A-Z]{8}[0-9X]", code):
        return False
    total = sum(_OLD_ALPHABET.index(one) * weight for one, weight in zip(code, _OLD_WEIGHTS, strict=False))
    return "0123456789X0"[11 - total % 11] == code[8] if total % 11 else code[8] == "0"


def make_index_number(credit_code: str, year: int, serial: int) -> IndexNumber:
    """The 索引号 of a body's record; :class:`BadIndexNumber` for a wrong code, year or serial."""
    if not is_credit_code(credit_code):
        raise BadIndexNumber(f"统一社会信用代码有误：{credit_code}（应为 18 位，末位为校验码）")
    if not 1949 <= year <= 2099:
        raise BadIndexNumber(f"索引号的年份有误：{year}")
    if not 1 <= serial <= LARGEST_SERIAL:
        raise BadIndexNumber(f"索引号的序号应在 1 至 {LARGEST_SERIAL} 之间：{serial}")
    return IndexNumber(credit_code, year, serial)


def parse_index_number(text: str) -> IndexNumber:
    """Read an 索引号 of either form; :class:`BadIndexNumber` says what is wrong with it."""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    match = _WRITTEN.fullmatch(folded)
    if match is None:
        raise BadIndexNumber(f"索引号无法识别：{text[:60]}（应为 11500000009275416Y/2021-00005 的形式）")
    body, year, serial = match["body"].replace("-", ""), int(match["year"]), int(match["serial"])
    if len(body) == 9:
        if not is_organisation_code(body):
            raise BadIndexNumber(f"索引号中的组织机构代码校验码不对：{body}")
        return IndexNumber(body, year, serial)
    return make_index_number(body, year, serial)
