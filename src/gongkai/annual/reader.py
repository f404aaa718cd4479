"""A published annual report back into figures.

:func:`read` decodes the input and hands it to the first layout that recognises it. A layout is a module with
``recognises(text)`` and ``read(text)``; a new one is added to :data:`LAYOUTS`, the more particular before the more general.

What had to be mended to read a figure (a full-width digit, a blank cell) is listed as a repair. A figure is never
changed to make an equation hold.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gongkai.annual import cell_lines
from gongkai.annual.reading import ReadError, Reading

LARGEST_FILE = 20 * 1024 * 1024
ENCODINGS = ("utf-8-sig", "gb18030")
SIGNATURES = (
    (b"%PDF", "PDF文件"),
    (b"PK\x03\x04", "Word、Excel或压缩文件"),
    (b"\xd0\xcf\x11\xe0", "旧版Word、Excel文件"),
)


@dataclass(frozen=True)
class Layout:
    """A way reports are written down: its name in Chinese, its test, its reader."""

    name: str
    recognises: Callable[[str], bool]
    read: Callable[[str], Reading]


LAYOUTS = (Layout("每格一行的文本", cell_lines.recognises, cell_lines.read),)


def read(source: Path | bytes | str) -> Reading:
    """The report in ``source``: a file's path, its bytes, or its text.

    Raises:
        ReadError: it cannot be read; the message says in Chinese what, where and how to mend it.
    """
    if isinstance(source, Path):
        source = _content(source)
    text = _decoded(source) if isinstance(source, bytes) else source
    if not text.strip():
        raise ReadError("文件是空的，没有可读的内容")
    for layout in LAYOUTS:
        if layout.recognises(text):
            return layout.read(text)
    names = "、".join(layout.name for layout in LAYOUTS)
    raise ReadError(f"没有认出年度报告的版式：找不到第二、三、四部分的标题和表格。目前能读的版式：{names}")


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise ReadError(f"{path} 是目录，请指明其中的一个文件")
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LARGEST_FILE else b""
    except FileNotFoundError:
        raise ReadError(f"找不到文件：{path}") from None
    except PermissionError:
        raise ReadError(f"没有读取这个文件的权限：{path}") from None
    except (OSError, ValueError) as error:
        raise ReadError(f"文件读不出来：{path}（{error}）") from error
    if size > LARGEST_FILE:
        raise ReadError(f"文件过大（超过{LARGEST_FILE // 1024 // 1024}MB），不像是一份年度报告：{path}")
    return content


def _decoded(content: bytes) -> str:
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            names = "、".join(layout.name for layout in LAYOUTS)
            raise ReadError(f"这是{kind}，目前还不能直接读取。请先把报告另存为文本；能读的版式：{names}")
    if b"\x00" in content:
        raise ReadError("这是二进制文件，不是文本，无法读取")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReadError("文字编码无法识别，请把文件另存为UTF-8编码后再试")
