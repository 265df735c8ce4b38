"""Modules that hold parts: importing a whole package file by file, and what the source of a part says."""

from __future__ import annotations

import ast
import hashlib
import importlib
import importlib.util
import inspect
import logging
import pkgutil
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType

from mmcore.base.settings import _

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Broken:
    """A part that cannot be used because of how it is written. module: its full name. reason: what is wrong with it."""

    module: str
    reason: str


def import_modules(names: Iterable[str]) -> dict[str, str]:
    """Import these modules and, of packages, all that they hold: one that cannot be imported does not stop the others.

    Returns, by full name, why a module cannot be imported. The log holds the way to the fault.
    """
    faults: dict[str, str] = {}
    for name in names:
        try:
            module = importlib.import_module(name)
        except (Exception, SystemExit) as error:  # whatever a file does while it is imported is no fault of the others
            _log.warning("%s cannot be imported", name, exc_info=True)
            faults[name] = _("Its file {file} cannot be imported: {error}").format(
                file=f"{name.replace('.', '/')}.py", error=f"{type(error).__name__}: {error}"
            )
        else:
            faults |= import_modules(modules_in(module))
    return faults


def modules_in(module: ModuleType) -> list[str]:
    """Full names of the modules in a package, in order; none for a module that is no package."""
    return [info.name for info in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{module.__name__}.")]


def named_shortly(faults: Mapping[str, str], taken: Container[str]) -> dict[str, Broken]:
    """By the name of their file, or as much of their full name as tells them from each other and from names taken."""
    named: dict[str, Broken] = {}
    for module, reason in faults.items():
        parts = module.split(".")
        names = [".".join(parts[-count:]) for count in range(1, len(parts) + 1)]
        name = next((name for name in names if name not in named and name not in taken), module)
        named[name] = Broken(module, reason)
    return named


def source_digest(part: type) -> str:
    """Short digest of the file a part is written in and of those of its package that this one builds on.

    Empty where there is no file (a part made in a console).
    """
    package = part.__module__.rpartition(".")[0]
    sources: dict[str, str] = {}
    waiting = [part.__module__]
    while waiting:
        name = waiting.pop()
        try:
            sources[name] = inspect.getsource(importlib.import_module(name))
        except (ImportError, OSError, TypeError):
            return ""
        waiting += [used for used in _imports(sources[name]) if used.startswith(f"{package}.") and used not in sources]
    return hashlib.sha256("".join(sources[name] for name in sorted(sources)).encode()).hexdigest()[:12]


@lru_cache(maxsize=256)  # a page plans a run for each method whenever it is drawn, and parsing took most of that time
def _imports(source: str) -> frozenset[str]:
    """Modules that are imported from by name: `from a.b import c` gives a.b."""
    nodes = ast.walk(ast.parse(source))
    return frozenset(n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module and not n.level)


def missing_packages(*modules: str) -> str | None:
    """Reason and remedy if one of these modules cannot be imported, else None."""
    absent = [module for module in modules if importlib.util.find_spec(module) is None]
    return _("Install it with: pip install {names}").format(names=" ".join(absent)) if absent else None
