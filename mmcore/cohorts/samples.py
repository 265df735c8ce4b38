"""Built-in cohorts: generators that register themselves, found by looking through the packages beside this file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol

from mmcore.base.errors import BadInput, Unavailable, unknown
from mmcore.base.languages import ENGLISH, LANGUAGES
from mmcore.base.modules import Broken, import_modules, named_shortly
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, sample_cases

if TYPE_CHECKING:
    from mmcore.cohorts.base import Cohort


class Build(Protocol):
    """Makes a built-in cohort of so many cases; the same seed gives the same cases.

    One that writes its notes in several languages takes `language` as well, and draws the same cases in each.
    """

    def __call__(self, cases: int = ..., seed: int = 0) -> Cohort: ...


_WITHOUT_SAMPLES = ("auditing", "importing")  # packages that every first page would wait for in vain


class Samples(Mapping[str, Build]):
    """Name -> generator. The packages inside mmcore/cohorts are imported on first look-up.

    `heart_zh` is `heart` with its notes in Chinese; it can be looked up, and is listed by `written_in` alone.
    """

    package = "mmcore.cohorts"

    def __init__(self) -> None:
        self._builders: dict[str, Build] = {}
        self._languages: dict[str, tuple[str, ...]] = {}
        self._real: set[str] = set()
        self._broken: Mapping[str, Broken] | None = None  # None: not looked through yet

    def register(self, name: str, languages: tuple[str, ...] = (), real: bool = False) -> Callable[[Build], Build]:
        """Function decorator: enter a generator under `name`. languages: its notes may be in, besides English. real:
        whether people stand behind its cases."""

        def enter(build: Build) -> Build:
            self._builders[name], self._languages[name] = build, languages
            if real:
                self._real.add(name)
            return build

        return enter

    @property
    def broken(self) -> Mapping[str, Broken]:
        """Generators that cannot be used because of how they are written, by the name of their package or file."""
        if self._broken is None:
            beside = pkgutil.iter_modules(importlib.import_module(self.package).__path__, f"{self.package}.")
            packages = (info.name for info in beside if info.ispkg)
            faults = import_modules(name for name in packages if name.rpartition(".")[2] not in _WITHOUT_SAMPLES)
            for name, build in list(self._builders.items()):
                if build.__module__ in faults:  # entered before its file failed
                    del self._builders[name]
            self._broken = named_shortly(faults, self._builders)
        return self._broken

    def real(self, name: str) -> bool:
        """Whether people stand behind the cases of this built-in cohort; else a program drew them."""
        return name in self._looked_through() and name in self._real

    def _looked_through(self) -> Mapping[str, Build]:
        """The generators there are, all packages imported."""
        return self._builders if self.broken is not None else {}

    def __getitem__(self, name: str) -> Build:
        """Raises NotFound with the nearest match, or Unavailable with the reason for one that is broken."""
        if name in self.broken:
            raise Unavailable(
                _("The built-in cohort '{name}' is not available here.").format(name=name), self.broken[name].reason
            )
        cohort, language = self._meant(name)
        if cohort not in self._builders:
            raise unknown(_("built-in cohort"), name, self._builders)
        build: Callable[..., Cohort] = self._builders[cohort]
        return build if language == ENGLISH else partial(build, language=language)

    def _meant(self, name: str) -> tuple[str, str]:
        """The generator and the language of a name: `heart_zh` is ("heart", "zh")."""
        cohort, _mark, language = name.rpartition("_")
        return (cohort, language) if language in self._languages.get(cohort, ()) else (name, ENGLISH)

    def written_in(self, language: str) -> list[str]:
        """Names of those whose notes are in that language, English aside."""
        return [f"{name}_{language}" for name in self if language in self._languages[name]]

    def __contains__(self, name: object) -> bool:
        return name not in self.broken and self._meant(str(name))[0] in self._builders

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._looked_through()))

    def __len__(self) -> int:
        return len(self._looked_through())


samples = Samples()
sample = samples.register


def named_in(name: str, language: str) -> str:
    """The name of a built-in cohort with its notes in that language. Raises BadInput where it has none."""
    named = name if language == ENGLISH else f"{name}_{language}"
    if name in samples and named not in samples:
        raise BadInput(
            _("The built-in cohort '{name}' writes no notes in {language}.").format(
                name=name, language=LANGUAGES.get(language, language)
            ),
            _("Cohorts with notes in that language: {names}.").format(
                names=list_of(samples.written_in(language)) or _("none")
            ),
        )
    return named


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
