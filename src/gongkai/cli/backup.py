"""``gongkai backup``: everything into one file, while the house works; verified before it gets its name."""

import argparse
from pathlib import Path

from .terminal import progress, ready, say

HELP = "备份：数据库和全部文件，服务不必停；备份完成后自动恢复核验"
DJANGO = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    parser.add_argument("--to", metavar="目录", type=Path, help="备份放到哪里（默认 GONGKAI_BACKUPS）")
    parser.add_argument("--keep", metavar="份数", type=int, default=0, help="只保留最近几份（默认全部保留）")
    parser.add_argument("--with-keys", action="store_true", help="连同密钥一起备份")
    parser.add_argument("--no-verify", action="store_true", help="不恢复核验")


def run(options: argparse.Namespace) -> int:
    """0 when there is a backup that holds; 2 when there is none, with the reason."""
    if not ready():
        return 2
    from django.conf import settings

    from gongkai.operations import archive, backup, services

    to = (options.to or settings.BACKUPS).resolve()
    if options.keep < 0:
        say("--keep 应为不小于 0 的整数（0：全部保留）。")
        return 2
    if options.with_keys:
        say("注意：这份备份含有密钥，得到它的人可以读出全部个人信息。请像保管密钥一样保管它，不要与其他备份放在一起。")
    if options.with_keys and not (settings.HOME / archive.KEYS[0]).exists():
        say("密钥由环境变量提供，不在数据目录中，--with-keys 无从备份；请另行保管环境变量中的密钥。")
        return 2
    if not backup.room_for(to):
        say(f"磁盘空间不足：{to} 所在的磁盘放不下备份和核验用的临时文件。请清理磁盘，或用 --to 指定别处。")
        return 2
    try:
        with progress("备份") as show:
            made = backup.make(backup.Wish(to, options.keep, options.with_keys, not options.no_verify), show)
    except (archive.Unfit, backup.Busy, OSError) as error:
        services.note("backup", error)
        say(f"备份没有完成：{error}")
        return 2
    checked = "已恢复核验" if made.checked_at else "未经核验"
    print(f"已备份到 {made.file}（{made.size:,} 字节，台账 {made.lines} 条，文件 {made.files} 个，{checked}）")
    print(f"SHA-256 {made.digest}")
    return 0
