"""Searching training settings for every fold by itself, with Optuna (Akiba et al. 2019, "Optuna: A next-generation
hyperparameter optimization framework")."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mmcore.base.errors import Unavailable
from mmcore.base.settings import _
from mmcore.training import TrainingSpec

RANDOM = 10  # trials drawn at random before losses guide the search
Losses = Callable[[TrainingSpec, Sequence[int], int], tuple[Sequence[float], float]]


class Budget(BaseModel):
    """How much is tried, the same for every method: so many settings, or settings until so many seconds were spent.

    The settings that were given are the first of them, and always tried.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    trials: int | None = Field(None, ge=1, le=10_000)
    seconds: float | None = Field(None, gt=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _either(self) -> Budget:
        if (self.trials is None) == (self.seconds is None):
            raise ValueError("either trials or seconds")
        return self

    def spent(self, trials: int, seconds: float) -> bool:
        return trials >= self.trials if self.trials is not None else trials > 0 and seconds >= (self.seconds or 0)


@dataclass(frozen=True)
class SearchRange:
    """From low to high, both included. log: as many trials between 1 and 10 as between 10 and 100. step: whole numbers
    so far apart."""

    low: float
    high: float
    log: bool = False
    step: int | None = None


SPACE: Mapping[str, SearchRange] = {
    "learning_rate": SearchRange(1e-4, 1e-2, log=True),
    "weight_decay": SearchRange(1e-3, 1.0, log=True),
    "dropout": SearchRange(0.0, 0.6),
    "modality_dropout": SearchRange(0.0, 0.5),
    "epochs": SearchRange(10, 40, step=10),
}  # nothing that changes the shape of a network: the folds of a run are kept, and asked, together


@dataclass(frozen=True)
class Trial:
    """A setting and its loss inside the training part of a fold (nan: cannot be told)."""

    setting: TrainingSpec
    loss: float


@dataclass
class FoldSearch:
    """The search of one fold, which hears of no other fold's losses: those may come from cases it is tested on."""

    given: TrainingSpec
    space: Mapping[str, SearchRange]
    optuna: Any
    trials: list[Trial] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.study = self.optuna.create_study(direction="minimize")
        self.pending: Any = None

    def ask(self, number: int) -> TrainingSpec:
        """The next setting: by what was told so far and the number alone, so that a search can be repeated."""
        if number == 0:
            return self.given
        self.study.sampler = self.optuna.samplers.TPESampler(seed=number, n_startup_trials=RANDOM)
        self.pending = self.study.ask()
        return self.given.model_copy(update={name: self._drawn(name, part) for name, part in self.space.items()})

    def _drawn(self, name: str, part: SearchRange) -> float:
        if part.step is not None:
            return int(self.pending.suggest_int(name, int(part.low), int(part.high), step=part.step))
        return float(f"{self.pending.suggest_float(name, part.low, part.high, log=part.log):.3g}")

    def tell(self, setting: TrainingSpec, loss: float) -> None:
        self.trials.append(Trial(setting, loss))
        if self.pending is not None:
            failed = self.optuna.trial.TrialState.FAIL
            self.study.tell(self.pending, *((loss,) if math.isfinite(loss) else (None, failed)))


def best_of(trials: Sequence[Trial]) -> Trial:
    """The lowest loss; the first, which is the setting that was given, where none is lower."""
    return min(trials, key=lambda trial: trial.loss if math.isfinite(trial.loss) else math.inf)


def search(
    given: TrainingSpec, folds: int, budget: Budget, losses: Losses, space: Mapping[str, SearchRange] = SPACE
) -> tuple[list[list[Trial]], float]:
    """The trials of every fold, and the seconds spent.

    losses: of a setting in these folds, with the number of the trial, and what it took in seconds. While trials are
    drawn at random all folds ask for the same setting, which is tried together; then each is tried alone, even where
    two agree, so that a fold's random numbers tell nothing of the others either.
    Raises Unavailable where Optuna is not installed.
    """
    optuna = _optuna()
    searches = [FoldSearch(given, space, optuna) for _fold in range(folds)]
    number, seconds = 0, 0.0
    while not budget.spent(number, seconds):
        wanted = [own.ask(number) for own in searches]
        alone = [(setting, [fold]) for fold, setting in enumerate(wanted)]
        for setting, members in [(wanted[0], list(range(folds)))] if number <= RANDOM else alone:
            values, took = losses(setting, members, number)
            seconds += took
            for fold, loss in zip(members, values, strict=True):
                searches[fold].tell(setting, loss)
        number += 1
    return [own.trials for own in searches], seconds


def _optuna() -> Any:
    """Imported when a search begins: it takes a second, and is an optional package."""
    try:
        optuna = import_module("optuna")
    except ImportError as error:
        raise Unavailable(
            _("Settings cannot be tuned: the package 'optuna' is not installed."), _("Install it: pip install optuna")
        ) from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
