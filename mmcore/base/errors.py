"""The errors a person may meet. Each says what was wrong and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _


class MMError(Exception):
    """Something a person can mend: `message` says what was wrong and where, `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message, self.hint = message, hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadInput(MMError):
    """A file, table, value or option that cannot be used as it is."""


class RolesNeeded(BadInput):
    """Somebody has to say first what a column is: the target, a second input, a rate."""


class CannotSplit(BadInput):
    """Cases cannot be divided into folds that way."""


class NotFound(MMError):
    """A name that is not there; see `unknown`."""


class Unavailable(MMError):
    """A known part whose package, weights or hardware are missing."""


class Cancelled(MMError):
    """The person asked to stop."""


def unknown(what: str, name: str, options: Iterable[str]) -> NotFound:
    """The error for a name nobody knows: nearest match first, then the full list."""
    options = sorted(str(option) for option in options)
    near = difflib.get_close_matches(str(name), options, n=1, cutoff=0.5)
    hint = _("Did you mean '{near}'? ").format(near=near[0]) if near else ""
    listed = list_of(options) if options else _("none")
    return NotFound(
        _("There is no {what} named '{name}'.").format(what=what, name=name),
        hint + _("Available: {listed}.").format(listed=listed),
    )


def several(problems: Iterable[MMError]) -> MMError:
    """Many mistakes as one error, so that they can be mended in one go."""
    problems = list(problems)
    if len(problems) == 1:
        return problems[0]
    kinds = {type(problem) for problem in problems}
    one_kind = kinds == {RolesNeeded} or kinds == {CannotSplit}  # the command line names the options that mend them
    return (kinds.pop() if one_kind else BadInput)(
        _("{count} things are wrong: ").format(count=len(problems))
        + " ".join(f"({i}) {p.message}" for i, p in enumerate(problems, 1)),
        _hints(problems),
    )


def _hints(problems: list[MMError]) -> str:
    """What to do; where that differs, with the numbers of the mistakes it mends."""
    numbers: dict[str, list[str]] = {}
    for i, problem in enumerate(problems, 1):
        if problem.hint:
            numbers.setdefault(problem.hint, []).append(f"({i})")
    return " ".join(hint if len(numbers) == 1 else f"{' '.join(of)} {hint}" for hint, of in numbers.items())
