"""The log: a line for each event, as JSON or as plain text. Imports nothing of Django: settings are made with it.

What people wrote never gets into it: requests are named by their route, not their address; of other libraries' messages
the template is kept and the values are not; of exceptions the kind and the places, not the message.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: The request under way, as its line and its answer's ``X-Request-ID`` name it.
current: ContextVar[str] = ContextVar("request", default="")
#: Loggers whose messages are written here, word by word, and hold no values of people.
OURS = ("gongkai",)
STYLES = ("json", "text")


class Lines(logging.Formatter):
    """Formats a record as one line."""

    def __init__(self, form: str = "json"):
        super().__init__()
        self.form = form

    def format(self, record: logging.LogRecord) -> str:
        """JSON with time, level, logger, message, request and the record's ``fields``; or the same as text."""
        fields = facts(record)
        if self.form == "json":
            return json.dumps(fields, ensure_ascii=False)
        head = f"{fields.pop('time')[11:19]} {fields.pop('level'):<7} {fields.pop('logger')}"
        return " ".join([head, *(str(value) for value in fields.values())])


def facts(record: logging.LogRecord) -> dict[str, Any]:
    """What a line says."""
    found: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "message": _words(record),
    }
    if request := current.get():
        found["request"] = request
    found |= getattr(record, "fields", {})
    if record.exc_info and record.exc_info[1]:
        found["error"] = type(record.exc_info[1]).__name__
        found["at"] = [
            f"{Path(frame.filename).parent.name}/{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(record.exc_info[2])
        ][-12:]
    return found


def _words(record: logging.LogRecord) -> str:
    if record.name.split(".")[0] in OURS:
        return record.getMessage()
    status = getattr(record, "status_code", None)
    return f"status {status}" if status else str(record.msg)


def style(wished: str) -> str:
    """The form of the log: as wished, else text where a person watches and JSON elsewhere. Raises ValueError."""
    if wished and wished not in STYLES:
        raise ValueError(f"GONGKAI_LOG 只能是 json 或 text，不能是“{wished}”")
    return wished or ("text" if sys.stderr.isatty() else "json")


def configuration(wished: str, level: str) -> dict[str, Any]:
    """``LOGGING`` of the settings: everything to standard error; ``level`` is that of the house's own lines."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "gongkai.operations.logs.Lines", "form": style(wished)}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["lines"], "level": "WARNING"},
        "loggers": {
            "gongkai": {"level": level},
            # Its own handlers (console, mail) know nothing of what must stay out.
            "django": {"handlers": ["lines"], "level": "WARNING", "propagate": False},
            # The line of the request says a refusal; only what broke needs a second one, with the places.
            "django.request": {"level": "ERROR"},
        },
    }
