"""Chinese numerals as statutes write them: 三十三, 一百零二. Both ways, 0 to 9999."""

DIGITS = "零一二三四五六七八九"
UNITS = {"十": 10, "百": 100, "千": 1000}
LARGEST = 9999


def to_chinese(number: int) -> str:
    """The number in Chinese (33 → 三十三, 102 → 一百零二); ``ValueError`` outside 0–9999."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"中文数字只支持 0 至 {LARGEST}：{number}")
    if number < 10:
        return DIGITS[number]
    written, gap = "", False
    for unit, size in reversed(UNITS.items()):
        digit, number = divmod(number, size)
        if digit:
            written += ("零" if gap else "") + DIGITS[digit] + unit
            gap = False
        elif written:
            gap = True
    if number:
        written += ("零" if gap else "") + DIGITS[number]
    # 十三, not 一十三; but 一百一十三.
    return written.removeprefix("一") if written.startswith("一十") else written


def from_chinese(text: str) -> int:
    """The value of a Chinese numeral; ``ValueError`` for anything :func:`to_chinese` would not write."""
    total = digit = 0
    for character in text:
        if character in UNITS:
            total += (digit or 1) * UNITS[character]
            digit = 0
        elif character in DIGITS:
            digit = DIGITS.index(character)
        else:
            raise ValueError(f"不是中文数字：{text}")
    total += digit
    if not text or to_chinese(total) != text:
        raise ValueError(f"不是规范的中文数字：{text}")
    return total
