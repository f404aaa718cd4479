"""A template and facts become a paper: plain texts in order, ready for Word, PDF and the screen."""

import datetime
import re
from dataclasses import dataclass

from gongkai.papers.facts import LABELS, Facts
from gongkai.papers.template import BY_LEAF, Table, Template, placeholders

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
#: What neither Word nor PDF can hold: control characters and halves of surrogate pairs.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


class FactsMissing(ValueError):
    """A paper that cannot be made yet: ``names`` are the required placeholders without text; the message is Chinese."""

    def __init__(self, title: str, names: list[str]):
        self.names = names
        super().__init__(f"“{title}”还缺：{'、'.join(LABELS[name] for name in names)}")


@dataclass(frozen=True)
class Paper:
    """A paper as it will be read. ``number`` is its 文号 or register number, ``stamp`` the day that dates the file."""

    template: str
    version: str
    name: str
    agency: str
    number: str
    addressee: str
    blocks: tuple[str | Table, ...]
    signature: str
    date: str
    notes: tuple[str, ...]
    stamp: datetime.date

    @property
    def text(self) -> str:
        """Everything the paper says, a line for each paragraph or row."""
        lines = [self.agency, self.name, self.number, self.addressee]
        for block in self.blocks:
            lines += [f"{label}　{text}" for label, text in block.rows] if isinstance(block, Table) else [block]
        return "\n".join([*lines, self.signature, self.date, *self.notes])


def compose(template: Template, facts: Facts) -> Paper:
    """Fill in ``template``. Raises :class:`FactsMissing` where a required fact has no text."""
    missing = sorted(name for name in template.required if not _value(facts, name))
    if missing:
        raise FactsMissing(template.name, missing)
    blocks: list[str | Table] = []
    for block in template.body:
        blocks += _filled(block, template, facts)
    return Paper(
        template=template.id,
        version=template.version,
        name=_line(template.name, facts),
        agency=facts.agency,
        number=_line(template.number, facts),
        addressee=_line(template.addressee, facts),
        blocks=tuple(blocks),
        signature=_line(template.signature, facts),
        date=_line(template.date, facts),
        notes=tuple(line for note in template.notes for line in _paragraphs(note, facts)),
        stamp=facts.stamp,
    )


def _filled(block: str | Table, template: Template, facts: Facts) -> list[str | Table]:
    if block == BY_LEAF:
        return [line for text in template.by_leaf.get(facts.leaf, ()) for line in _paragraphs(text, facts)]
    if isinstance(block, Table):
        # An empty cell of a form stays, to be filled in by hand.
        return [Table(tuple((_line(label, facts), _cell(text, facts)) for label, text in block.rows))]
    return [*_paragraphs(block, facts)]


def _value(facts: Facts, name: str) -> str:
    return _UNPRINTABLE.sub("", str(getattr(facts, name)).replace("\r\n", "\n")).strip()


def _fill(text: str, facts: Facts) -> str:
    # One pass: braces inside a value are never looked at again.
    return _PLACEHOLDER.sub(lambda found: _value(facts, found[1]), text)


def _line(text: str, facts: Facts) -> str:
    return " ".join(_fill(text, facts).split("\n")) if all(_value(facts, name) for name in placeholders(text)) else ""


def _cell(text: str, facts: Facts) -> str:
    return _fill(text, facts)


def _paragraphs(text: str, facts: Facts) -> list[str]:
    """The paragraph (several where a value has several lines); nothing where a placeholder has no text."""
    if not all(_value(facts, name) for name in placeholders(text)):
        return []
    return [line.strip() for line in _fill(text, facts).split("\n") if line.strip()]
