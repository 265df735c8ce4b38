"""Tuning: training settings of a method, chosen for every fold inside its training part, on an equal budget."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mmcore.base.progress import Progress, Step, part_of, silent
from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort
from mmcore.runs import RunSpec
from mmcore.storage import results_cache
from mmcore.studies.inner_loss import inner_losses
from mmcore.studies.setting_search import SPACE, Budget, SearchRange, Trial, best_of, search
from mmcore.studies.training import training_data
from mmcore.training import FitPlan, TrainingData, TrainingSpec

VERSION = 1  # raise it when losses change: older trials are then tried anew
SEEDS = 2  # that a trial is trained with, at most: their average is steadier than one, and cheaper than all


@dataclass(frozen=True, eq=False)
class Tuned:
    """spec: of the run whose folds are trained with what was chosen for each. trials: by fold. seconds: spent."""

    spec: RunSpec
    budget: Budget
    space: Mapping[str, SearchRange]
    trials: Sequence[Sequence[Trial]]
    seconds: float

    def document(self) -> dict[str, Any]:
        """ "tuning" of a method in `compare --json`: of every fold what was chosen, and how it did inside its training
        part beside the settings that were given."""
        return {
            "budget": self.budget.model_dump(exclude_none=True),
            "trials": len(self.trials[0]),
            "seconds": self.seconds,
            "space": {name: asdict(part) for name, part in self.space.items()},
            "folds": [self._of_fold(number, own) for number, own in enumerate(self.trials, 1)],
        }

    def _of_fold(self, number: int, trials: Sequence[Trial]) -> dict[str, Any]:
        best = best_of(trials)
        return {
            "fold": number,
            "chosen": {name: getattr(best.setting, name) for name in self.space},
            "as_given": best.setting == self.spec.training,
            "loss": best.loss,
            "loss_as_given": trials[0].loss,
        }


def tuned(
    cohort: Cohort,
    spec: RunSpec,
    budget: Budget,
    *,
    space: Mapping[str, SearchRange] = SPACE,
    progress: Progress = silent,
) -> Tuned:
    """Choose the settings of every fold by the loss on an inner split of its training part.

    No fold's choice depends on a case it is tested on, so that the score of the run stands (nested cross-validation).
    Trials are kept: what was tried before is read, and a larger budget goes on where a smaller one ended. Raises
    Unavailable without Optuna, and what training raises.
    """
    space = {name: part for name, part in space.items() if name != "modality_dropout" or len(spec.inputs) > 1}
    bench = _Trials(cohort, spec, budget, progress)
    trials, seconds = search(spec.training, spec.folds, budget, bench.losses, space)
    chosen = tuple(best_of(own).setting for own in trials)
    changed = any(setting != spec.training for setting in chosen)
    own = spec.model_copy(update={"training_by_fold": chosen}) if changed else spec
    return Tuned(own, budget, space, trials, seconds)


def undecided(choices: Mapping[str, Tuned]) -> list[str]:
    """A sentence for each method that kept the given settings in some folds because nothing could be judged there."""
    sentences = []
    for method, choice in choices.items():
        left = sum(not np.isfinite(best_of(own).loss) for own in choice.trials)
        if left:
            sentences.append(
                counted(
                    len(choice.trials),
                    "{method}: settings were not tuned in {left} of {count} fold, whose training part "
                    "has no case to judge settings by.",
                    "{method}: settings were not tuned in {left} of {count} folds, whose training part "
                    "has no case to judge settings by.",
                    method=method,
                    left=left,
                )
            )
    return sentences


class _Trials:
    """The trials of one method: read where they were tried before, else trained on features that are read once."""

    def __init__(self, cohort: Cohort, spec: RunSpec, budget: Budget, progress: Progress) -> None:
        self.cohort, self.spec, self.budget, self.progress = cohort, spec, budget, progress
        self._data: TrainingData | None = None
        self._spent = 0.0

    def losses(self, setting: TrainingSpec, folds: Sequence[int], number: int) -> tuple[list[float], float]:
        """See `search`. Seconds of a trial that is read are those it took, so that a budget ends where it ended."""
        watched = self._part(number)
        watched(Step(_("trying"), 0, 1))
        decides = [VERSION, self.spec.key, SEEDS, setting.model_dump(mode="json"), list(folds)]
        document, _was_cached = results_cache.cached("tuning", decides, lambda: self._tried(setting, folds, watched))
        self._spent += document["seconds"]
        return [np.nan if loss is None else loss for loss in document["losses"]], document["seconds"]

    def _tried(self, setting: TrainingSpec, folds: Sequence[int], watched: Progress) -> dict[str, Any]:
        data, spec = self._training_data(watched), self.spec
        plan = FitPlan(spec.fusion, spec.inputs, spec.fusion_options, setting, min(SEEDS, spec.seeds))
        started = time.perf_counter()
        losses = inner_losses(data, plan, folds, watched)
        return {"losses": losses, "seconds": time.perf_counter() - started}

    def _training_data(self, progress: Progress) -> TrainingData:
        if self._data is None:
            self._data = training_data(self.cohort, self.spec, progress).read_once()
        return self._data

    def _part(self, number: int) -> Progress:
        """Progress of one trial within the whole budget."""
        title = _("Tuning {method}, trial {number}").format(method=self.spec.method, number=number + 1)
        if self.budget.trials is not None:
            return part_of(self.progress, title, number, self.budget.trials)
        parts = 100
        share = min(int(parts * self._spent / (self.budget.seconds or 1)), parts - 1)
        return part_of(self.progress, title, share, parts)
