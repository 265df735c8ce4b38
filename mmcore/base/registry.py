"""Parts that register themselves: a decorator to enter, a name to look up, a signature to draw a form from."""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.util
import inspect
import pkgutil
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from mmcore.base.errors import BadInput, Unavailable, several, unknown
from mmcore.base.settings import _

Part = TypeVar("Part")


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
    """First line of the docstring, without its full stop."""
    return (inspect.getdoc(part) or part.__name__).splitlines()[0].rstrip(".")


def parameters(part: type) -> list[Parameter]:
    """Keyword-only parameters of a part's constructor with type, bounds and help.

    Help comes from docstring lines of the form `    name: what it does`.
    """
    hints = typing.get_type_hints(part.__init__, include_extras=True)
    docs = dict(re.findall(r"^\s*(\w+): (.+)$", inspect.getdoc(part) or "", re.MULTILINE))
    found = []
    for name, p in inspect.signature(part.__init__).parameters.items():
        if p.kind is not inspect.Parameter.KEYWORD_ONLY:
            continue
        hint, bounds, choices = hints.get(name, type(p.default)), None, ()
        if typing.get_origin(hint) is typing.Annotated:
            hint, *extras = typing.get_args(hint)
            bounds = next((extra for extra in extras if isinstance(extra, Range)), None)
        if typing.get_origin(hint) in (typing.Union, types.UnionType):
            hint = next(arg for arg in typing.get_args(hint) if arg is not type(None))
        if typing.get_origin(hint) is Literal:
            choices = typing.get_args(hint)
            hint = type(choices[0])
        found.append(
            Parameter(
                name,
                hint,
                p.default,
                docs.get(name, ""),
                *((bounds.low, bounds.high, bounds.step) if bounds else (None, None, None)),
                choices,
            )
        )
    return found


def check_parameters(part: type, given: typing.Mapping[str, Any], what: str) -> dict[str, Any]:
    """`given` with each value cast and within its bounds; all mistakes are reported together.

    Raises BadInput (or NotFound for an unknown parameter).
    """
    known = {p.name: p for p in parameters(part)}
    wrong, kept = [], {}
    for name, value in given.items():
        p = known.get(name)
        if p is None:
            wrong.append(unknown(_("parameter of {what}").format(what=what), name, known))
            continue
        try:
            kept[name] = value if value is None else _as(p.type, value)
        except (TypeError, ValueError):
            wrong.append(
                BadInput(
                    _("{what}: {name}={value!r} is not of type {type}.").format(
                        what=what, name=name, value=value, type=p.type.__name__
                    )
                )
            )
            continue
        if p.choices and kept[name] not in p.choices:
            wrong.append(
                BadInput(
                    _("{what}: {name} must be one of {choices}.").format(
                        what=what, name=name, choices=", ".join(map(str, p.choices))
                    )
                )
            )
        if p.low is not None and kept[name] is not None and not p.low <= kept[name] <= p.high:
            wrong.append(
                BadInput(
                    _("{what}: {name}={value} must lie between {low} and {high}.").format(
                        what=what, name=name, value=value, low=p.low, high=p.high
                    )
                )
            )
    if wrong:
        raise several(wrong)
    return kept


def _as(kind: type, value: Any) -> Any:
    """The value as this type; "false" is no truth. Raises TypeError or ValueError."""
    if kind is not bool or not isinstance(value, str):
        return kind(value)
    if value.lower() not in ("true", "false"):
        raise ValueError(value)
    return value.lower() == "true"


class Registry(Generic[Part]):
    """Named parts of one sort. `package` is imported whole on first look-up, so a new file is enough to add a part."""

    def __init__(self, what: str, package: str) -> None:
        self.what, self.package = what, package
        self._parts: dict[str, type[Part]] = {}
        self._loaded = False

    def register(self, name: str):
        """Class decorator: enter the class under `name` and set it as `cls.name`."""

        def enter(part: type[Part]) -> type[Part]:
            if name in self._parts and self._parts[name].__qualname__ != part.__qualname__:
                raise ValueError(f"two parts are named {name!r}: {self._parts[name]} and {part}")
            part.name = name
            self._parts[name] = part
            return part

        return enter

    def _load(self) -> None:
        if not self._loaded:
            package = importlib.import_module(self.package)
            for module in pkgutil.walk_packages(package.__path__, self.package + "."):
                importlib.import_module(module.name)
            self._loaded = True

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(sorted(self._parts))

    def __contains__(self, name: str) -> bool:
        self._load()
        return name in self._parts

    def __getitem__(self, name: str) -> type[Part]:
        """The part of that name, available or not. Raises NotFound with the nearest match."""
        self._load()
        if name not in self._parts:
            raise unknown(self.what, name, self._parts)
        return self._parts[name]

    def usable(self, name: str) -> type[Part]:
        """The part of that name. Raises NotFound, or Unavailable with the reason and what to install."""
        part = self[name]
        reason = part.unavailable()
        if reason:
            raise Unavailable(
                _("{what} '{name}' is not available here.").format(what=self.what.capitalize(), name=name), reason
            )
        return part

    def items(self) -> list[tuple[str, type[Part]]]:
        return [(name, self._parts[name]) for name in self]


def source_digest(part: type) -> str:
    """Short digest of the file a part is written in and of those of its package that this one builds on.

    Empty where there is no file (a part made in a console).
    """
    package = part.__module__.rpartition(".")[0]
    sources, waiting = {}, [part.__module__]
    while waiting:
        name = waiting.pop()
        try:
            sources[name] = inspect.getsource(importlib.import_module(name))
        except (ImportError, OSError, TypeError):
            return ""
        waiting += [used for used in _imports(sources[name]) if used.startswith(f"{package}.") and used not in sources]
    return hashlib.sha256("".join(sources[name] for name in sorted(sources)).encode()).hexdigest()[:12]


def _imports(source: str) -> set[str]:
    """Modules that are imported from by name: `from a.b import c` gives a.b."""
    nodes = ast.walk(ast.parse(source))
    return {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}


def missing_packages(*modules: str) -> str | None:
    """Reason and remedy if one of these modules cannot be imported, else None."""
    absent = [module for module in modules if importlib.util.find_spec(module) is None]
    return _("Install it with: pip install {names}").format(names=" ".join(absent)) if absent else None
