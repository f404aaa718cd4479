"""Database triggers that refuse to change or delete a line or a seal, on both databases."""

from typing import Any

TABLES = ("ledger_event", "ledger_seal")

_SQLITE = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '台账只可追加，不可修改或删除'); END"""
_POSTGRES = (
    """CREATE OR REPLACE FUNCTION gongkai_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '台账只可追加，不可修改或删除'; END $$ LANGUAGE plpgsql""",
    "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION gongkai_append_only()",
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION gongkai_append_only()",
)


def install(connection: Any) -> None:
    """Put the triggers in place (migration; tests after a flush)."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "postgresql":
                for statement in _POSTGRES:
                    cursor.execute(statement.format(table=table))
            else:
                for verb in ("UPDATE", "DELETE"):
                    cursor.execute(_SQLITE.format(table=table, verb=verb))


def remove(connection: Any) -> None:
    """Take the triggers away: for the reverse migration and the flush between tests only."""
    with connection.cursor() as cursor:
        for table in TABLES:
            names = ("change", "truncate") if connection.vendor == "postgresql" else ("UPDATE", "DELETE")
            for name in names:
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{name}{on}")
