"""Lists of the API as CSV: the same rows and names as the JSON, all of them, one line after the other."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import StreamingHttpResponse
from ninja import Schema

from gongkai.ui.exports import csv_lines

#: How OpenAPI tells of it.
DOCUMENTED = {"responses": {200: {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}}}
#: Rows read from the database at once.
CHUNK = 2000


def table(
    name: str, schema: type[Schema], rows: Iterable[Mapping[str, Any]], leave: tuple[str, ...] = ()
) -> StreamingHttpResponse:
    """The rows as ``name.csv``; the columns are the fields of a schema but those to ``leave`` out."""
    names = [field for field in schema.model_fields if field not in leave]
    response = StreamingHttpResponse(csv_lines(_lines(names, rows)), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _lines(names: list[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Any]]:
    yield names
    for row in rows:
        yield ["、".join(map(str, row[n])) if isinstance(row[n], list) else row[n] for n in names]
