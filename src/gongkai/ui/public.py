"""Files that a server in front hands out: written whole or not at all, and readable by everybody however closed the house
keeps the rest (the umask of its service)."""

import os
from pathlib import Path

FOLDER, FILE = 0o755, 0o644


def folder(path: str | Path) -> None:
    """Make a folder and those above it, as far as they are not there."""
    if os.path.isdir(path):
        return
    try:
        os.mkdir(path)
    except FileExistsError:
        return
    except FileNotFoundError:
        folder(os.path.dirname(path))
        folder(path)
        return
    os.chmod(path, FOLDER)


def write(target: str | Path, content: bytes, mark: str = "new") -> None:
    """Put a file in the place of whatever is there. Where several may write at once each has a ``mark`` of its own."""
    fresh = f"{target}.{mark}"
    with open(fresh, "wb") as file:
        os.fchmod(file.fileno(), FILE)
        file.write(content)
    os.replace(fresh, target)
