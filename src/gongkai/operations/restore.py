"""Restoring: a backup becomes a home again, on SQLite or on PostgreSQL. Needs no settings, since there is no home yet.

Everything happens beside the place it is meant for, and takes that place only when the manifest fits and the ledger was
verified: whatever stops it half way leaves no half home.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import archive

#: A directory of work in hand, with the number of the process it belongs to.
_SCRATCH = ".gongkai-restoring-"
Progress = Callable[[int, int, str], None]


def restore(
    path: Path, home: Path, database: str = "", keys: Path | None = None,
    progress: Progress = lambda done, total, note: None,
) -> dict[str, Any]:  # fmt: skip
    """Make ``home`` of a backup; ``database`` is the address of an empty PostgreSQL database, ``keys`` a directory.

    Returns the manifest with ``verdict`` (what ``gongkai verify`` says) and ``keys`` (whether they are there). Raises
    :class:`archive.Unfit`.
    """
    home = home.resolve()
    _must_be_empty(home)
    home.parent.mkdir(parents=True, exist_ok=True)
    clear(home.parent)
    scratch = Path(tempfile.mkdtemp(dir=home.parent, prefix=scratch_name()))
    try:
        manifest = _unpack(path, scratch, progress)
        _take_keys(scratch, keys, manifest)
        progress(0, 1, "核验")
        django(scratch, "django", "migrate", "--verbosity", "0")
        manifest["verdict"] = _verified(scratch, manifest)
        if database:
            progress(0, 1, "写入 PostgreSQL")
            django(scratch, "gongkai.operations.load", GONGKAI_DATABASE_URL=database)
            _verified(scratch, manifest, GONGKAI_DATABASE_URL=database)
            (scratch / archive.DATABASE).unlink()
        manifest["keys"] = (scratch / archive.KEYS[0]).exists()
        if home.exists():
            home.rmdir()
        scratch.rename(home)
        return manifest
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def scratch_name() -> str:
    """How the name of a directory of ours begins while we work in it."""
    return f"{_SCRATCH}{os.getpid()}-"


def rehearse(path: Path, beside: Path) -> dict[str, Any]:
    """Restore into a scratch home, verify, and throw it away. Raises :class:`archive.Unfit`; returns the manifest."""
    scratch = Path(tempfile.mkdtemp(dir=beside, prefix=scratch_name()))
    try:
        manifest = _unpack(path, scratch)
        _verified(scratch, manifest)
        return manifest
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def clear(directory: Path) -> None:
    """Remove what rehearsals and restores that were killed left; those of processes that live are theirs."""
    for old in directory.glob(f"{_SCRATCH}*"):
        pid = old.name.removeprefix(_SCRATCH).split("-")[0]
        if not Path(f"/proc/{pid}").exists():
            shutil.rmtree(old, ignore_errors=True)


def _must_be_empty(home: Path) -> None:
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise archive.Unfit(f"{home} 不是空目录：恢复只写入新的或空的目录，请另选一个，或先把原有数据移走")


def _unpack(path: Path, scratch: Path, progress: Progress = lambda done, total, note: None) -> dict[str, Any]:
    manifest = archive.unpack(path, scratch, lambda done, total: progress(done, total, "解开"))
    here = sum(1 for one in scratch.rglob("*") if one.is_file())
    if here != len(manifest["files"]):
        raise archive.Unfit(f"应有 {len(manifest['files'])} 个文件，实有 {here} 个")
    return manifest


def _take_keys(scratch: Path, keys: Path | None, manifest: dict[str, Any]) -> None:
    """Keys laid beside the backup come into the home; they must be those personal data were sealed with."""
    for name in archive.KEYS if keys else ():
        source = Path(str(keys)) / name
        if not source.is_file():
            raise archive.Unfit(f"密钥目录 {keys} 中没有 {name}")
        target = scratch / name
        target.unlink(missing_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(source.read_text())
    ring = scratch / archive.KEYS[0]
    if ring.exists():
        marks = archive.key_marks(ring.read_text().strip().split(","))
        if not set(manifest["key_marks"]) <= set(marks):
            raise archive.Unfit("给出的 vault-keys 不是做备份时所用的密钥，个人信息将无法打开，请换用当时的密钥")


def _verified(scratch: Path, manifest: dict[str, Any], **environment: str) -> dict[str, Any]:
    verdict: dict[str, Any] = json.loads(
        django(scratch, "gongkai.cli.main", "verify", "--json", finding=True, **environment)
    )
    if not verdict["ok"]:
        raise archive.Unfit(f"备份中的台账断裂于 {verdict['broken']['where']}：{verdict['broken']['reason']}")
    if verdict["lines"] != manifest["lines"]:
        raise archive.Unfit(f"台账应有 {manifest['lines']} 条，恢复后有 {verdict['lines']} 条")
    return verdict


def django(home: Path, module: str, *words: str, finding: bool = False, **environment: str) -> str:
    """Run a module of ours on a home of its own, in a process of its own; returns its output.

    Keys it lacks are not made: they come from the environment, and what is sealed stays sealed. ``finding``: exit code 1
    is an answer too. Raises :class:`archive.Unfit` with the last line of its complaint.
    """
    own = {key: value for key, value in os.environ.items() if not key.startswith(("GONGKAI_", "DJANGO_"))}
    own |= {"GONGKAI_HOME": str(home), "GONGKAI_LOG": "text", "DJANGO_SETTINGS_MODULE": "gongkai.settings.base"}
    own |= {"GONGKAI_SECRET_KEY": "restoring", "GONGKAI_VAULT_KEYS": "restoring", **environment}
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    if done.returncode not in ((0, 1) if finding else (0,)) or (finding and not done.stdout.strip()):
        complaint = (done.stderr.strip().splitlines() or ["没有说明原因"])[-1]
        raise archive.Unfit(f"备份不能打开：{complaint[:300]}")
    return done.stdout
