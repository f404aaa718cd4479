"""``python -m gongkai.operations.load``: the SQLite database of this home into the PostgreSQL database of the environment.

Run by a restore, in a process of its own. Refuses a database that holds anything.
"""

import sys
from pathlib import Path


def main() -> int:
    """0 when every row is there; 2 with the reason."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import DatabaseError, connection, transaction

    from . import archive, tables

    try:
        if connection.vendor != "postgresql":
            return _refuse("GONGKAI_DATABASE_URL 不是 PostgreSQL 的地址")
        if connection.introspection.table_names():
            return _refuse("GONGKAI_DATABASE_URL 所指的数据库不是空的，请新建一个空数据库再恢复")
        call_command("migrate", verbosity=0, interactive=False)
        tables.open_archive(str(Path(settings.HOME) / archive.DATABASE))
        with transaction.atomic(using=tables.ARCHIVE):
            tables.copy(tables.ARCHIVE, "default")
        tables.close_archive()
    except DatabaseError as error:
        return _refuse(f"PostgreSQL 没有接受：{str(error).strip().splitlines()[0]}")
    return 0


def _refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
