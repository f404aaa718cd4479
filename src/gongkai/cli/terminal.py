"""What subcommands share: messages, progress, and whether there is a database to talk to."""

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.ledger.services import Actor


def say(message: str) -> None:
    """A message for the person at the terminal, apart from the command's output."""
    print(message, file=sys.stderr, flush=True)


def ready() -> bool:
    """Whether the database is set up; says how to set it up if not."""
    from django.db import DatabaseError, connection

    try:
        if "ledger_event" in connection.introspection.table_names():
            return True
        say(
            "这里还没有台账。请先登记机关（gongkai bodies import，正式使用）或者运行 gongkai demo（演示），或用 GONGKAI_HOME 指明数据目录。"
        )
    except DatabaseError as error:
        say(f"不能连接数据库，请检查 GONGKAI_DATABASE_URL：{str(error).strip().splitlines()[0]}")
    return False


def whoever() -> "Actor":
    """Whoever sits at the terminal, as the machine knows them."""
    from gongkai.ledger.services import Actor

    return Actor(f"terminal/{getpass.getuser()}"[:64], frozenset({"system"}))


def migrate() -> None:
    """Create or update the database."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def progress(title: str) -> Iterator[Callable[..., None]]:
    """A progress bar (a line now and then where no terminal watches); call it with (done, total, note)."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    shown = [-1]
    bar = Progress(
        TextColumn(title), BarColumn(), TextColumn("{task.percentage:>3.0f}% {task.fields[note]}"), TimeRemainingColumn(),
        console=console, disable=not console.is_terminal,
    )  # fmt: skip
    task = bar.add_task(title, note="")

    def show(done: int, total: int, note: str = "") -> None:
        bar.update(task, completed=done, total=max(total, 1), note=note)
        tenth = done * 10 // max(total, 1)
        if not console.is_terminal and tenth > shown[0]:
            shown[0] = tenth
            say(f"{title} {tenth * 10}% {note}")

    with bar:
        yield show
