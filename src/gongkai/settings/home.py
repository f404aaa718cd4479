"""Where an installation keeps its data, and the secrets it makes for itself on first use."""

import os
import secrets
from pathlib import Path


def home() -> Path:
    """The data directory: ``GONGKAI_HOME``, by default ``./var``. Created on first use, closed to other users."""
    path = Path(os.environ.get("GONGKAI_HOME", "var")).resolve()
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def secret(name: str, environment: str) -> str:
    """A secret from the environment, else from ``HOME/NAME``, which is made (mode 0600) when missing."""
    if environment in os.environ:
        return os.environ[environment]
    path = home() / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    return path.read_text().strip()
