"""The rows of one database copied into another of the same form: a backup of PostgreSQL is an SQLite file, and back.

Each value goes through its field both ways, so that both databases hold the same. The target is emptied first (a fresh
database has rows of its own).
"""

from collections.abc import Callable
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.utils import ConnectionHandler

from gongkai.settings.databases import sqlite

ARCHIVE = "archive"
BATCH = 2000
Progress = Callable[[int, int], None]


def open_archive(path: str) -> str:
    """Make an SQLite file known under the alias :data:`ARCHIVE`, which is returned."""
    connections.settings[ARCHIVE] = ConnectionHandler({"default": sqlite(path)}).settings["default"]
    return ARCHIVE


def close_archive() -> None:
    """Close it, leaving one file and no log beside it."""
    with connections[ARCHIVE].cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=DELETE")
    connections[ARCHIVE].close()
    del connections[ARCHIVE]
    del connections.settings[ARCHIVE]


def every() -> list[type[models.Model]]:
    """Every table of the house, those between two others too."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def copy(source: str, target: str, progress: Progress = lambda done, total: None) -> int:
    """Copy every row; returns how many. The caller holds ``source`` still (one snapshot)."""
    tables, done = every(), 0
    total = sum(model._base_manager.using(source).count() for model in tables)
    with transaction.atomic(using=target):
        _empty(tables, target)
        for model in tables:
            for count in _rows(model, source, target):
                done += count
                progress(done, total)
        _renumber(tables, target)
    return done


def _empty(tables: list[type[models.Model]], target: str) -> None:
    # Foreign keys are looked at when the transaction ends, on both databases: the order does not matter.
    with connections[target].cursor() as cursor:
        for model in tables:
            cursor.execute(f"DELETE FROM {connections[target].ops.quote_name(model._meta.db_table)}")


def _rows(model: type[models.Model], source: str, target: str) -> Any:
    connection, fields = connections[target], model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns, marks = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"
    names = [field.attname for field in fields]
    rows = model._base_manager.using(source).order_by().values_list(*names).iterator(chunk_size=BATCH)
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            saved = [
                [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
                for row in batch
            ]
            cursor.executemany(insert, saved)
            yield len(batch)


def _renumber(tables: list[type[models.Model]], target: str) -> None:
    """The next number of every series comes after the last one copied."""
    with connections[target].cursor() as cursor:
        for statement in connections[target].ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
