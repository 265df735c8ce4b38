"""What reaches the terminal: tables and sentences on stdout, progress, problems and notes on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from mmcore.base.progress import Step, time_left
from mmcore.base.settings import _, counted

PATIENCE = 20.0  # seconds of silence before a line of progress is written where there is no bar

Document: TypeAlias = dict[str, Any]
Shown: TypeAlias = tuple[Document, Callable[[Document], None]]  # what a command gives, and how a person sees it


class Bar:
    """A progress bar on stderr; where nobody can see it move (`quiet`, no terminal), a line now and then instead.

    Used as the `progress` of long work.
    """

    def __init__(self, quiet: bool) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal or quiet)
        self._last_line = time.monotonic()

    def __enter__(self) -> Bar:
        self.bar.start()
        self.task = self.bar.add_task("", total=None)
        return self

    def __exit__(self, *error: object) -> None:
        self.bar.stop()

    def __call__(self, step: Step) -> None:
        if self.bar.disable:
            self._line(step)
            return
        left = "" if step.left is None else f" · {time_left(step.left)}"
        self.bar.update(self.task, description=step.label + left, completed=step.done, total=step.total or None)

    def _line(self, step: Step) -> None:
        if time.monotonic() - self._last_line < PATIENCE:
            return
        self._last_line = time.monotonic()
        count = f" {step.done}/{step.total}" if step.total else ""
        note(f"{step.label}{count}" + ("" if step.left is None else f" · {time_left(step.left)}"))


def folds_in_words(document: Mapping[str, Any]) -> str:
    """Into how many folds the cases were divided; a published test part is one."""
    return counted(document["folds"], "{count} fold", "{count} folds")


def title_of(document: Mapping[str, Any], division: str) -> str:
    """The cohort and how it was divided, as the title of a table."""
    note = _("synthetic") + ", " if document["synthetic"] else ""
    return f"{document['cohort']} ({note}{division})"


def note(text: str) -> None:
    """One line on stderr."""
    print("mmcore: " + " ".join(text.split()), file=sys.stderr)


def put_folder(document: dict[str, Any]) -> None:
    """How many cases were written, and where."""
    put(
        counted(
            document["cases"],
            "{count} case of '{name}' is in {folder}.",
            "{count} cases of '{name}' are in {folder}.",
            name=document["name"],
            folder=document["folder"],
        )
    )


def put_problems(document: dict[str, Any]) -> None:
    problems = document["problems"]
    for problem in problems[:10]:
        Console(stderr=True).print(f"! {problem}", style="yellow", markup=False)
    if len(problems) > 10:
        Console(stderr=True).print(
            counted(
                len(problems) - 10,
                "and {count} more problem; --json has them all",
                "and {count} more problems; --json has them all",
            ),
            style="yellow",
            markup=False,
        )


def table(title: str, *columns: str) -> Table:
    made = Table(title=title or None, title_justify="left", header_style="bold", box=SIMPLE_HEAD, padding=(0, 1))
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def put(what: Any) -> None:
    markup = not isinstance(what, str) or what.startswith("[bold]")
    plain = Console()
    console = plain if plain.is_terminal else Console(width=160)  # a file or pipe has no width to mind
    console.print(what, highlight=False, markup=markup)
