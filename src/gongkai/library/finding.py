"""A search as its readers ask for it: the public page, the desk, the command line and the API all ask here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.records import kinds
from gongkai.records.vocabulary import SEPARATOR
from gongkai.search import BadQuery, Between, Results

from . import indexing, vocabulary

#: Facets in the order they are offered, with their Chinese names; each is a filter of the same name.
FACETS = {"kind": "类别", "body_names": "发文机关", "year": "年份", "theme": "主题", "status": "有效性"}
#: What may be filtered besides: the names on the command line and in addresses.
FILTERS = (*FACETS, "bodies", "category", "number", "title", "body", "published_on", "written_on", "effective_on")
PAGE = 20
#: Nobody reads further, and every page costs more than the one before.
DEEPEST = 50


@dataclass(frozen=True)
class Answer:
    """What a search found, or why it could not be understood (``fault``, Chinese).

    ``making``: nothing found means nothing yet, since a new installation still makes its first index.
    """

    results: Results
    fault: str = ""
    making: bool = False


NOTHING = Results(0, "and", ())


def find(
    query: str,
    filters: Mapping[str, Any],
    *,
    readers: Collection[str] = (indexing.PUBLIC,),
    page: int = 1,
    size: int = PAGE,
    newest: bool = False,
) -> Answer:
    """Search what these readers may see. A query that cannot be understood is answered with what is wrong with it."""
    try:
        results = indexing.port().search(
            query,
            filters=filters,
            readers=readers,
            facets=tuple(FACETS),
            limit=size,
            offset=(page - 1) * size,
            sort="newest" if newest else "relevance",
            vocabulary=vocabulary.current(),
        )
    except BadQuery as bad:
        return Answer(NOTHING, str(bad))
    return Answer(results, making=not results.total and not indexing.whole())


def between(start: str, end: str) -> Between | str | None:
    """Days from ``start`` to ``end`` as a filter; either may be empty."""
    return f"{start}..{end}" if start or end else None


def labels(facet: str, values: Iterable[str]) -> dict[str, str]:
    """The words readers see for the values of a facet."""
    wanted = list(values)
    if facet == "kind":
        return {value: kinds.label(value) for value in wanted}
    if facet == "year":
        return {value: f"{value}年" for value in wanted}
    if facet == "theme":
        return {value: value.replace(SEPARATOR, " › ") for value in wanted}
    return {value: value for value in wanted}
