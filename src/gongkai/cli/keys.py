"""``gongkai keys rotate``: a new key for personal data, every entry sealed anew under it.

The order makes a crash harmless: the new key is on disk before anything is sealed with it, and an old key leaves the
ring only after every entry was seen to open with the newest key alone.
"""

import argparse
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .terminal import progress, ready, say

if TYPE_CHECKING:
    from gongkai.settings.home import KeyRing

HELP = "更换个人信息的加密密钥"
DJANGO = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """The one action and its option."""
    actions = parser.add_subparsers(dest="action", metavar="操作", required=True)
    rotate = actions.add_parser("rotate", help="生成新密钥，并用它重新加密全部个人信息")
    rotate.add_argument("--drop-old", action="store_true", help="全部重新加密并核对后，从密钥文件中删除旧密钥")


def run(options: argparse.Namespace) -> int:
    """0 when every entry is sealed under the newest key; 2 when the keys are not ours to change or already changing."""
    if not ready():
        return 2
    from django.conf import settings

    from gongkai.settings.home import KeyRing

    ring = settings.VAULT_KEYS
    if not isinstance(ring, KeyRing):
        return _reseal_only(options.drop_old)
    try:
        with _alone(ring.path.with_name("vault-keys.lock")):
            return _rotate(ring, options.drop_old)
    except BlockingIOError:
        say("另一个 gongkai keys rotate 正在运行，请等它结束。")
        return 2


def _rotate(ring: "KeyRing", drop_old: bool) -> int:
    from gongkai.ledger import attachments, vault
    from gongkai.settings.home import new_key

    fresh = new_key()
    ring.replace([fresh, *ring])
    with progress("重新加密") as show:
        count = vault.rotate(show)
    with progress("重新加密附件") as show:
        files = attachments.rotate(show)
    print(f"已换用新密钥，重新加密 {count} 项个人信息{_and(files)}。")
    if drop_old:
        with vault.closed():
            vault.rotate()  # what was sealed with the old ring while it changed
            attachments.rotate()
            ring.replace([fresh])
        print("旧密钥已从密钥文件中删除。此前的数据库备份须用旧密钥才能打开，请按备份制度另行保管或者一并销毁。")
    else:
        print(f"密钥文件中现有 {len(ring)} 把密钥；确认备份不再需要旧密钥后，可加 --drop-old 再运行一次。")
    return 0


def _and(files: int) -> str:
    return f"、{files} 个附件" if files else ""


def _reseal_only(drop_old: bool) -> int:
    """Keys that come from the environment are changed there; what is left to do here is sealing anew."""
    from gongkai.ledger import attachments, vault

    with progress("重新加密") as show:
        count = vault.rotate(show)
        files = attachments.rotate(show)
    print(f"已用环境变量 GONGKAI_VAULT_KEYS 中的第一把密钥重新加密 {count} 项个人信息{_and(files)}。")
    say("密钥由环境变量提供：更换时请先把新密钥写在最前（逗号分隔）并重启服务，再运行本命令，然后删去旧密钥。")
    return 2 if drop_old else 0


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Two rotations at once could each write a ring without the other's key: the second is refused."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
