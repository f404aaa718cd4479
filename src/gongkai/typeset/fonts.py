"""Which Chinese fonts this machine has, and which of them sets which part of an official document.

The faces are those of GB/T 9704 党政机关公文格式 where they are installed, else the open Noto or Source Han faces.
Font folders beside the system's own are named in the environment variable ``GONGKAI_FONTS``, separated as in ``PATH``.
"""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import typst

VARIABLE = "GONGKAI_FONTS"

SERIF = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN")
SANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Micro Hei")
SONG = ("SimSun", "NSimSun", "STSong", "Songti SC")
ROLES: Mapping[str, tuple[str, ...]] = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", *SERIF, *SONG),
    "heading": ("SimHei", "STHeiti", "Heiti SC", *SANS),
    "body": ("FangSong_GB2312", "FangSong", "STFangsong", *SERIF, *SONG),
    "emphasis": ("KaiTi_GB2312", "KaiTi", "STKaiti", "Kaiti SC", "AR PL UKai CN", *SERIF),
    "table": (*SERIF, *SONG),
}
"""Part of a document → families that may set it, the best first: 小标宋, 黑体, 仿宋, 楷体, 宋体."""

MISSING = (
    "这台机器上没有可用的中文字体，生成的PDF会缺字，因此没有生成。请任选一种办法：\n"
    "  1. Debian、Ubuntu：安装软件包 fonts-noto-cjk（apt-get install fonts-noto-cjk）；\n"
    f"  2. 把中文字体文件（如方正小标宋、仿宋_GB2312、思源宋体）放进一个目录，用环境变量 {VARIABLE} 指明该目录。"
)


class FontsMissing(RuntimeError):
    """No Chinese font is installed; the message says in Chinese how to mend it."""


def folders() -> tuple[str, ...]:
    """The font folders named by ``GONGKAI_FONTS``.

    Raises:
        FontsMissing: one of them is not a folder.
    """
    named = tuple(part for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part)
    for folder in named:
        if not Path(folder).is_dir():
            raise FontsMissing(f"环境变量 {VARIABLE} 指明的字体目录不存在：{folder}")
    return named


@lru_cache(maxsize=4)
def library(named: tuple[str, ...], system: bool = True) -> typst.Fonts:
    """Every font of the given folders, and of the system; scanned once a process."""
    return typst.Fonts(include_system_fonts=system, font_paths=list(named))


def choose(families: frozenset[str] | set[str]) -> dict[str, list[str]]:
    """Part of a document → installed families for it, the best first; each list ends with some Chinese face.

    Raises:
        FontsMissing: none of the families is a Chinese face we know.
    """
    installed = {role: [family for family in wanted if family in families] for role, wanted in ROLES.items()}
    known = [family for found in installed.values() for family in found]
    if not known:
        raise FontsMissing(MISSING)
    return {role: list(dict.fromkeys([*found, *known])) for role, found in installed.items()}
