"""Built-in cohorts: generators that register themselves, found by looking through the packages beside this file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from mmcore.base.errors import BadInput, unknown
from mmcore.base.settings import _

if TYPE_CHECKING:
    from mmcore.cohorts.base import Cohort


class Build(Protocol):
    """Makes a built-in cohort of so many cases; the same seed gives the same cases."""

    def __call__(self, cases: int = ..., seed: int = 0) -> Cohort: ...


class Samples(Mapping[str, Build]):
    """Name -> generator. The packages inside mmcore/cohorts are imported on first look-up."""

    def __init__(self) -> None:
        self._builders: dict[str, Build] = {}
        self._loaded = False

    def register(self, name: str):
        """Function decorator: enter a generator under `name`."""

        def enter(build: Build) -> Build:
            self._builders[name] = build
            return build

        return enter

    def _load(self) -> None:
        if not self._loaded:
            self._loaded = True
            for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
                if module.ispkg:
                    importlib.import_module(f"mmcore.cohorts.{module.name}")

    def __getitem__(self, name: str) -> Build:
        """Raises NotFound with the nearest match."""
        self._load()
        if name not in self._builders:
            raise unknown(_("built-in cohort"), name, self._builders)
        return self._builders[name]

    def __contains__(self, name: object) -> bool:
        self._load()
        return name in self._builders

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(sorted(self._builders))

    def __len__(self) -> int:
        self._load()
        return len(self._builders)


samples = Samples()
sample = samples.register


def build_sample(name: str, cases: int | None = None, seed: int = 0) -> Cohort:
    """A built-in cohort. Raises NotFound for an unknown name, BadInput for a number of cases below one."""
    build = samples[name]
    if cases is None:
        return build(seed=seed)
    if cases < 1:
        raise BadInput(
            _("A cohort of {cases} cases cannot be built.").format(cases=cases), _("Ask for one case or more.")
        )
    return build(cases=cases, seed=seed)
