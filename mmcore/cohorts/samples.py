"""Built-in cohorts: generators that register themselves, found by looking through the packages beside this file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from mmcore.base.errors import BadInput, Unavailable, unknown
from mmcore.base.modules import Broken, import_modules, named_shortly
from mmcore.base.settings import _, sample_cases

if TYPE_CHECKING:
    from mmcore.cohorts.base import Cohort


class Build(Protocol):
    """Makes a built-in cohort of so many cases; the same seed gives the same cases."""

    def __call__(self, cases: int = ..., seed: int = 0) -> Cohort: ...


class Samples(Mapping[str, Build]):
    """Name -> generator. The packages inside mmcore/cohorts are imported on first look-up."""

    package = "mmcore.cohorts"

    def __init__(self) -> None:
        self._builders: dict[str, Build] = {}
        self._broken: Mapping[str, Broken] | None = None  # None: not looked through yet

    def register(self, name: str) -> Callable[[Build], Build]:
        """Function decorator: enter a generator under `name`."""

        def enter(build: Build) -> Build:
            self._builders[name] = build
            return build

        return enter

    @property
    def broken(self) -> Mapping[str, Broken]:
        """Generators that cannot be used because of how they are written, by the name of their package or file."""
        if self._broken is None:
            beside = pkgutil.iter_modules(importlib.import_module(self.package).__path__, f"{self.package}.")
            faults = import_modules(info.name for info in beside if info.ispkg)
            for name, build in list(self._builders.items()):
                if build.__module__ in faults:  # entered before its file failed
                    del self._builders[name]
            self._broken = named_shortly(faults, self._builders)
        return self._broken

    def _looked_through(self) -> Mapping[str, Build]:
        """The generators there are, all packages imported."""
        return self._builders if self.broken is not None else {}

    def __getitem__(self, name: str) -> Build:
        """Raises NotFound with the nearest match, or Unavailable with the reason for one that is broken."""
        if name in self.broken:
            raise Unavailable(
                _("The built-in cohort '{name}' is not available here.").format(name=name), self.broken[name].reason
            )
        if name not in self._builders:
            raise unknown(_("built-in cohort"), name, self._builders)
        return self._builders[name]

    def __contains__(self, name: object) -> bool:
        return name not in self.broken and name in self._builders

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._looked_through()))

    def __len__(self) -> int:
        return len(self._looked_through())


samples = Samples()
sample = samples.register


def build_sample(name: str, cases: int | None = None, seed: int = 0) -> Cohort:
    """A built-in cohort. Raises NotFound for an unknown name, BadInput for a number of cases below one."""
    build = samples[name]
    cases = sample_cases() if cases is None else cases
    if cases is None:
        return build(seed=seed)
    if cases < 1:
        raise BadInput(
            _("A cohort of {cases} cases cannot be built.").format(cases=cases), _("Ask for one case or more.")
        )
    return build(cases=cases, seed=seed)
