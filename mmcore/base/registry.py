"""Parts that register themselves: a decorator to enter, a name to look up, a signature to draw a form from."""

from __future__ import annotations

import importlib
import inspect
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

from mmcore.base.errors import BadInput, MMError, NotFound, Unavailable, several, unknown
from mmcore.base.modules import Broken, import_modules, modules_in, named_shortly
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, translated


class Named(Protocol):
    """What every part has: its name, and whether it can be used here."""

    name: ClassVar[str]

    @classmethod
    def unavailable(cls) -> str | None:
        """None if usable here, else the reason and what to install."""


Part = TypeVar("Part", bound=Named)


def why_unavailable(part: type[Named]) -> str | None:
    """None if usable here, else the reason. A part that fails to answer is unavailable and takes no list with it."""
    try:
        return part.unavailable()
    except Exception as error:  # somebody's own code
        return _("Whether this can be used here could not be checked: {error}").format(
            error=f"{type(error).__name__}: {error}"
        )


@dataclass(frozen=True)
class Range:
    """Bounds of a numeric parameter: `width: Annotated[int, Range(8, 512)] = 64`."""

    low: float
    high: float
    step: float | None = None


@dataclass(frozen=True)
class Parameter:
    """One keyword parameter of a part, as a form needs it."""

    name: str
    type: type  # bool, int, float or str
    default: Any
    help: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[Any, ...] = ()


def label(part: type) -> str:
    """First line of the docstring, without its full stop, as the reader speaks."""
    return translated((inspect.getdoc(part) or part.__name__).splitlines()[0].rstrip("."))


def parameters(part: type) -> list[Parameter]:
    """Keyword-only parameters of a part's constructor with type, bounds and help.

    Help comes from docstring lines of the form `    name: what it does`.
    """
    make: Any = part.__init__  # type: ignore[misc]  # read, not called: a subclass may take others
    hints = typing.get_type_hints(make, include_extras=True)
    helps = dict(re.findall(r"^\s*(\w+): (.+)$", inspect.getdoc(part) or "", re.MULTILINE))
    return [
        _parameter(own, hints.get(name, type(own.default)), helps.get(name, ""))
        for name, own in inspect.signature(make).parameters.items()
        if own.kind is inspect.Parameter.KEYWORD_ONLY
    ]


def _parameter(own: inspect.Parameter, hint: Any, help: str) -> Parameter:
    bounds: Range | None = None
    choices: tuple[Any, ...] = ()
    if typing.get_origin(hint) is typing.Annotated:
        hint, *extras = typing.get_args(hint)
        bounds = next((extra for extra in extras if isinstance(extra, Range)), None)
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = next(arg for arg in typing.get_args(hint) if arg is not type(None))
    if typing.get_origin(hint) is Literal:
        choices = typing.get_args(hint)
        hint = type(choices[0])
    low, high, step = (bounds.low, bounds.high, bounds.step) if bounds else (None, None, None)
    return Parameter(own.name, hint, own.default, translated(help), low, high, step, choices)


def check_parameters(part: type, given: Mapping[str, Any], what: str) -> dict[str, Any]:
    """`given` with each value cast and within its bounds; all mistakes are reported together.

    Raises BadInput (or NotFound for an unknown parameter).
    """
    fields = {field.name: field for field in parameters(part)}
    wrong: list[MMError] = []
    checked = {}
    for name, value in given.items():
        try:
            if name not in fields:
                raise unknown(_("parameter of {what}").format(what=what), name, fields)
            checked[name] = _checked(fields[name], value, what)
        except MMError as error:
            wrong.append(error)
    if wrong:
        raise several(wrong)
    return checked


def _checked(field: Parameter, value: Any, what: str) -> Any:
    """The value as the parameter takes it; None stays None. Raises BadInput."""
    named = {"what": what, "name": field.name}
    try:
        cast = None if value is None else _as(field.type, value)
    except (TypeError, ValueError) as error:
        raise BadInput(
            _("{what}: {name}={value!r} is not of type {type}.").format(**named, value=value, type=field.type.__name__)
        ) from error
    if field.choices and cast not in field.choices:
        raise BadInput(
            _("{what}: {name} must be one of {choices}.").format(**named, choices=list_of(map(str, field.choices)))
        )
    if field.low is not None and field.high is not None and cast is not None and not field.low <= cast <= field.high:
        raise BadInput(
            _("{what}: {name}={value} must lie between {low} and {high}.").format(
                **named, value=value, low=field.low, high=field.high
            )
        )
    return cast


def _as(kind: type, value: Any) -> Any:
    """The value as this type; "false" is no truth. Raises TypeError or ValueError."""
    if kind is not bool or not isinstance(value, str):
        return kind(value)
    if value.lower() not in ("true", "false"):
        raise ValueError(value)
    return value.lower() == "true"


class Registry(Generic[Part]):
    """Named parts of one sort. `package` is imported whole on first look-up, so a new file is enough to add a part.

    A file that cannot be imported, or a part that is not finished, takes no other part with it: `broken` lists it.
    """

    def __init__(self, what: str, package: str) -> None:
        self.what, self.package = what, package
        self._parts: dict[str, type[Part]] = {}
        self._contents: tuple[frozenset[str], Mapping[str, Broken]] | None = None  # None: not looked through yet

    def register(self, name: str) -> Callable[[type[Part]], type[Part]]:
        """Class decorator: enter the class under `name` and set it as `cls.name`."""

        def enter(part: type[Part]) -> type[Part]:
            if name in self._parts and self._parts[name].__qualname__ != part.__qualname__:
                raise ValueError(f"two parts are named {name!r}: {self._parts[name]} and {part}")
            part.name = name
            self._parts[name] = part
            return part

        return enter

    @property
    def broken(self) -> Mapping[str, Broken]:
        """Parts that cannot be used because of how they are written, by their name or that of their file."""
        return self._looked_through()[1]

    def _usable(self) -> dict[str, type[Part]]:
        left_out, _broken = self._looked_through()
        return {name: part for name, part in dict(self._parts).items() if _full_name(part) not in left_out}

    def _looked_through(self) -> tuple[frozenset[str], Mapping[str, Broken]]:
        """Import the package if that has not been done: which parts are not to be used, and all that is broken."""
        if self._contents is None:
            package = importlib.import_module(self.package)
            faults = import_modules(modules_in(package))
            entered = dict(self._parts)  # a copy, as below: another thread may be entering parts
            lost = {name for name, part in entered.items() if part.__module__ in faults}
            flaws = {
                name: Broken(part.__module__, flaw)
                for name, part in entered.items()
                if name not in lost and (flaw := _flaw(part))
            }
            left_out = frozenset(_full_name(entered[name]) for name in (*lost, *flaws))
            self._contents = left_out, flaws | named_shortly(faults, entered.keys() - lost)
        return self._contents

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._usable()))

    def __contains__(self, name: object) -> bool:
        return name in self._usable()

    def __getitem__(self, name: str) -> type[Part]:
        """The part of that name, available or not.

        Raises NotFound with the nearest match, or Unavailable with the reason for one that is broken.
        """
        parts = self._usable()
        if name in parts:
            return parts[name]
        if name in self.broken:
            raise self._unavailable(name, self.broken[name].reason)
        error = unknown(self.what, name, parts)
        if not self.broken:
            raise error
        files = list_of(self.broken)
        raise NotFound(error.message, f"{error.hint} " + _("These could not be loaded: {files}.").format(files=files))

    def usable(self, name: str) -> type[Part]:
        """The part of that name. Raises NotFound, or Unavailable with the reason and what to install."""
        part = self[name]
        reason = why_unavailable(part)
        if reason:
            raise self._unavailable(name, reason)
        return part

    def _unavailable(self, name: str, reason: str) -> Unavailable:
        return Unavailable(
            _("{what} '{name}' is not available here.").format(what=self.what.capitalize(), name=name), reason
        )

    def items(self) -> list[tuple[str, type[Part]]]:
        return sorted(self._usable().items())


def _full_name(part: type) -> str:
    """Tells a part from others also where its file is imported a second time, which makes another class."""
    return f"{part.__module__}.{part.__qualname__}"


def _flaw(part: type) -> str | None:
    """What a part lacks to be shown and used, None if nothing."""
    try:
        parameters(part)
    except Exception as error:  # an annotation may hold anything
        return _("The parameters of {part} cannot be read: {error}").format(
            part=part.__qualname__, error=f"{type(error).__name__}: {error}"
        )
    stated = {name for base in part.__mro__ for name, hint in _annotations(base).items() if "ClassVar" in str(hint)}
    lacking = sorted(name for name in stated if not hasattr(part, name))
    lacking += [name for name in dir(part) if getattr(getattr(part, name, None), "__isabstractmethod__", False)]
    if lacking:
        return _("{part} does not declare {names}.").format(part=part.__qualname__, names=list_of(lacking))
    return None


def _annotations(part: type) -> dict[str, Any]:
    return vars(part).get("__annotations__", {})
