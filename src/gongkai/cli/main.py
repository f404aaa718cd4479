"""``gongkai``: one terminal command, one module of this package for each subcommand.

A subcommand module has ``HELP`` (one line), ``arguments(parser)`` and ``run(options) -> int`` (the exit code).
Modules that need the database set ``DJANGO = True``; the others start without loading Django.
"""

import argparse
import importlib
import keyword
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from gongkai.settings.home import settings_module

COMMANDS = (
    "demo", "serve", "bodies", "people", "report", "figures", "norms", "search", "import", "structure", "cite", "deadline", "check", "verify",
    "rebuild", "bake", "backup", "restore", "keys", "tokens",
)  # fmt: skip


def _module(name: str) -> ModuleType:
    """The module of a subcommand; one named like a word of Python ends in an underscore."""
    return importlib.import_module(f"gongkai.cli.{name}{'_' if keyword.iskeyword(name) else ''}")


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """The whole command line; only the named command's module is imported, or all for the overview."""
    top = argparse.ArgumentParser(prog="gongkai", description="政府信息公开工作平台 gongkai 公开")
    subparsers = top.add_subparsers(dest="command", metavar="命令", required=True)
    for name in COMMANDS if command not in COMMANDS else (command,):
        module = _module(name)
        module.arguments(subparsers.add_parser(name, help=module.HELP, description=module.HELP))
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code: 0 done, 1 done with findings, 2 refused with the reason."""
    words = list(sys.argv[1:] if argv is None else argv)
    options = parser(words[0] if words else None).parse_args(words)
    module = _module(options.command)
    if getattr(module, "DJANGO", False):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", getattr(module, "SETTINGS", "") or settings_module())
        import django

        django.setup()
    try:
        return int(module.run(options) or 0)
    except BrokenPipeError:  # whoever read had enough: gongkai structure FILE | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
