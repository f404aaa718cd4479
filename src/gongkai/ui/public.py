"""Files that a server in front hands out: written whole or not at all, and readable by everybody however closed the house
keeps the rest (the umask of its service)."""

import os
from pathlib import Path

FOLDER, FILE = 0o755, 0o644


def folder(path: str | Path) -> bool:
    """Make a folder and those above it, as far as they are not there. Returns whether it was made: then nothing is in it."""
    if os.path.isdir(path):
        return False
    try:
        os.mkdir(path)
    except FileExistsError:
        return False
    except FileNotFoundError:
        folder(os.path.dirname(path))
        return folder(path)
    os.chmod(path, FOLDER)
    return True


def write(target: str | Path, content: bytes, mark: str = "new") -> None:
    """Put a file in the place of whatever is there. Where several may write at once each has a ``mark`` of its own."""
    fresh = f"{target}.{mark}"
    with open(fresh, "wb") as file:
        os.fchmod(file.fileno(), FILE)
        file.write(content)
    os.replace(fresh, target)
