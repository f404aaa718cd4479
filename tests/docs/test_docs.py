"""What is public is documented; what the docs say exists."""

import ast
import re
from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver

from gongkai.cli import docs
from gongkai.cli.main import COMMANDS, parser

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "gongkai"
PAGES = {path: path.read_text() for path in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]}
EVERYTHING = "\n".join(PAGES.values())


def test_generated_pages_are_current():
    for path, text in docs.pages().items():
        assert (DOCS / "reference" / path).read_text() == text, f"{path}: run tools/write-docs"


def test_every_command_and_option_is_documented():
    page = (DOCS / "reference" / "cli.md").read_text()
    options = {
        option
        for command in COMMANDS
        for action in parser(command)._subparsers._group_actions[0].choices[command]._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    }
    missing = [word for word in [*(f"gongkai {name}" for name in COMMANDS), *sorted(options)] if word not in page]
    assert not missing, f"docs/reference/cli.md does not mention {missing}"


def test_every_environment_variable_is_documented():
    used = {
        name
        for path in [*SOURCE.rglob("*.py"), *ROOT.glob("tests/**/*.py")]
        for name in re.findall(r'"(GONGKAI_[A-Z_]+)"', path.read_text())
    }
    used |= set(re.findall(r"GONGKAI_[A-Z_]+", (ROOT / "tools" / "run-tests").read_text()))
    assert not [name for name in sorted(used) if f"`{name}`" not in (DOCS / "reference" / "settings.md").read_text()]


def test_every_public_address_is_documented():
    """Addresses outside the desk stand in docs/reference/addresses.md."""

    def walk(patterns, prefix=""):
        for entry in patterns:
            where = prefix + str(entry.pattern)
            if isinstance(entry, URLPattern):
                yield "/" + where
            elif where != "office/":
                yield from walk(entry.url_patterns, where)

    page = (DOCS / "reference" / "addresses.md").read_text()
    assert not [address for address in walk(get_resolver().url_patterns) if f"`{address}`" not in page]


@pytest.mark.parametrize("path", sorted(PAGES), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", PAGES[path]):
        assert (path.parent / target).exists(), f"{path}: {target}"


def test_public_names_have_docstrings():
    missing = []
    for path in SOURCE.rglob("*.py"):
        if {"tests", "migrations"} & set(path.parts) or path.name == "__init__.py":
            continue
        tree = ast.parse(path.read_text())
        nodes = [tree, *(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef))]
        for node in nodes:
            name = getattr(node, "name", "module")
            inner = name in {"Meta", "Media"} or name.startswith("_")
            if not inner and not ast.get_docstring(node) and not _nested(tree, node) and not _override(node):
                missing.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)} {name}")
    assert not missing, "\n".join(missing)


def _nested(tree: ast.AST, node: ast.AST) -> bool:
    """Functions inside functions, and what private classes hold, are nobody's interface."""
    for outer in ast.walk(tree):
        private = isinstance(outer, ast.ClassDef) and outer.name.startswith("_")
        if outer is not node and (private or isinstance(outer, ast.FunctionDef)) and node in ast.walk(outer):
            return True
    return False


def _override(node: ast.AST) -> bool:
    """What a framework calls needs no words of ours."""
    return getattr(node, "name", "") in {"ready", "get_full_name", "get_by_natural_key", "get_context_data"}


def test_no_host_of_an_index_and_no_path_of_a_machine():
    hosts = re.compile("py" + r"pi\.org|files\.python" + r"hosted|/wo" + "rk/(main|shared)|/ro" + "ot/")
    for path in [*ROOT.glob("*"), *ROOT.glob("requirements/*"), *ROOT.glob("tools/*"), *SOURCE.rglob("*.py"), *PAGES]:
        if path.is_file():
            assert not hosts.search(path.read_text(errors="ignore")), path
