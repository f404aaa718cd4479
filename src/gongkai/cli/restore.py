"""``gongkai restore``: a backup becomes a home. Runs without a home and without settings."""

import argparse
import os
from pathlib import Path

from .terminal import progress, say

HELP = "恢复：由备份文件建立新的数据目录，并核验台账"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("file", metavar="备份文件", type=Path)
    parser.add_argument("--to", metavar="目录", type=Path, required=True, help="新的数据目录，须不存在或为空")
    parser.add_argument("--keys", metavar="目录", type=Path, help="vault-keys 和 secret-key 所在的目录")


def run(options: argparse.Namespace) -> int:
    """0 when the home is there and its ledger holds; 2 with the reason, and then no home was made."""
    from gongkai.operations import archive, restore

    database = os.environ.get("GONGKAI_DATABASE_URL", "")
    try:
        with progress("恢复") as show:
            done = restore.restore(options.file, options.to, database, options.keys, show)
    except (archive.Unfit, OSError) as error:
        say(f"没有恢复：{error}")
        return 2
    verdict = done["verdict"]
    where = f"{options.to.resolve()}{'，数据库写入 PostgreSQL' if database else ''}"
    print(
        f"已恢复到 {where}：{len(done['files'])} 个文件，台账 {verdict['lines']} 条、封存 {verdict['seals']} 次全部相符。"
    )
    if not done["keys"] and "GONGKAI_VAULT_KEYS" not in os.environ:
        say(
            f"备份不含密钥：启动之前，请把 vault-keys 和 secret-key 放进 {options.to.resolve()}，否则个人信息无法打开。"
        )
    return 0
