"""The database: SQLite in the home directory, or PostgreSQL where ``GONGKAI_DATABASE_URL`` names one."""

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from .home import home


def sqlite(path: str) -> dict[str, Any]:
    """SQLite as a server would want it: write-ahead log, writers queue up instead of failing."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """``postgresql://user:password@host:port/name`` as Django wants it."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


def database() -> dict[str, Any]:
    """The database this installation uses."""
    url = os.environ.get("GONGKAI_DATABASE_URL", "")
    return postgresql(url) if url else sqlite(str(home() / "gongkai.sqlite3"))
