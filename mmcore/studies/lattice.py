"""Every subset of a cohort's inputs with the same method: what each input adds to each set of the others.

The lattice of Soenksen et al. 2022 ("HAIM"); inputs share what all of them add after Shapley (1953).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from mmcore.base.errors import BadInput, MMError, several, unknown
from mmcore.base.name_lists import list_of
from mmcore.base.progress import Progress, Step, part_of, silent
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.evaluation import SubsetShares, lower_is_better, shapley_shares
from mmcore.runs import Run, RunSpec
from mmcore.studies.encoder_choice import Choices, usable_inputs
from mmcore.studies.planning import plan
from mmcore.studies.study_settings import DEFAULTS, StudySettings
from mmcore.studies.training import train

MOST = 5  # inputs: 31 subsets
FUSION = "concat"

Inputs: TypeAlias = tuple[str, ...]  # in the order of the cohort


@dataclass(frozen=True, eq=False)
class Lattice:
    """runs: by the inputs they read, every subset but the empty one. shares: what each input adds, with intervals.
    costs: of acquiring an input, where they were given, in any unit."""

    cohort: Cohort
    fusion: str
    runs: dict[Inputs, Run]
    shares: SubsetShares
    costs: dict[str, float] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """subsets: inputs, score with interval, cost and run of each. gains: what an `input` adds `to` a set of others
        (more is better, whatever the metric). shapley: the fair average of these, by input, with its interval, its
        share of the whole, what it adds alone and last, and, where a cost is known, its value for one unit of cost."""
        metric = self.shares.metric
        return {
            "cohort": self.cohort.name,
            "fusion": self.fusion,
            "metric": metric,
            "better": "lower" if lower_is_better(metric) else "higher",
            "cases": self.shares.cases,
            "nothing": self.shares.nothing,
            "everything": self.shares.everything,
            "subsets": [self._subset(inputs, run) for inputs, run in self.runs.items()],
            "gains": self._gains(),
            "shapley": [self._share(name) for name in self.shares.inputs],
            "note": self.shares.note,
            "problems": list(self.cohort.problems),
        }

    def _subset(self, inputs: Inputs, run: Run) -> dict[str, Any]:
        score = run.metrics[self.shares.metric]
        cost = sum(self.costs[name] for name in inputs) if self._costed(inputs) else None
        return {"inputs": list(inputs), "run": run.key, **score.document(), "cost": cost}

    def _costed(self, inputs: Iterable[str]) -> bool:
        return all(name in self.costs for name in inputs)

    def _gains(self) -> list[dict[str, Any]]:
        metric, sign = self.shares.metric, -1.0 if lower_is_better(self.shares.metric) else 1.0
        score = {inputs: run.metrics[metric].mean for inputs, run in self.runs.items()} | {(): self.shares.nothing}
        gains = []
        for inputs in self.runs:
            for name in inputs:
                others = tuple(other for other in inputs if other != name)
                gains.append({"input": name, "to": list(others), "gain": sign * (score[inputs] - score[others])})
        return gains

    def _share(self, name: str) -> dict[str, Any]:
        share, cost = self.shares.inputs[name], self.costs.get(name)
        value = share.value
        return {
            "input": name,
            "mean": value.mean,
            "low": value.low,
            "high": value.high,
            "share": share.share,
            "alone": share.alone,
            "last": share.last,
            "cost": cost,
            "per_cost": value.mean / cost if cost else None,
        }


def lattice(
    cohort: Cohort,
    encoders: Choices | None = None,
    settings: StudySettings = DEFAULTS,
    *,
    fusion: str = FUSION,
    inputs: Sequence[str] | None = None,
    costs: Mapping[str, float] | None = None,
    progress: Progress = silent,
) -> Lattice:
    """Train (or read) one fusion on every subset of two to five inputs, all usable ones by default.

    costs: of acquiring an input (money, minutes), for those that have one. Raises NotFound for a wrong name, BadInput
    for too few or too many inputs or a negative cost, and what `plan` and `train` raise.
    """
    _check_costs(cohort, costs or {})
    specs = lattice_specs(cohort, encoders, settings, fusion=fusion, inputs=inputs)
    runs = train_subsets(cohort, specs, progress)
    first = next(iter(runs.values()))
    outputs = {frozenset(some): run.out_of_fold.outputs for some, run in runs.items()}
    cases = first.out_of_fold
    shares = shapley_shares(first.spec.task, cases.target, outputs, cases.groups, folds=first.spec.folds)
    return Lattice(cohort, fusion, runs, shares, dict(costs or {}))


def lattice_specs(
    cohort: Cohort,
    encoders: Choices | None = None,
    settings: StudySettings = DEFAULTS,
    *,
    fusion: str = FUSION,
    inputs: Sequence[str] | None = None,
) -> dict[Inputs, RunSpec]:
    """The runs that a lattice trains or reads, by the inputs they read. Raises as `lattice` does."""
    names = chosen_inputs(cohort, inputs, MOST)
    subsets = [some for size in range(1, len(names) + 1) for some in itertools.combinations(names, size)]
    return plan_subsets(cohort, subsets, fusion, encoders, settings)


def plan_subsets(
    cohort: Cohort, subsets: Iterable[Inputs], fusion: str, encoders: Choices | None, settings: StudySettings
) -> dict[Inputs, RunSpec]:
    """The spec of each subset: a single input alone, several with this fusion."""
    return {
        some: plan(cohort, some[0] if len(some) == 1 else fusion, encoders, settings, inputs=some) for some in subsets
    }


def train_subsets(cohort: Cohort, specs: Mapping[Inputs, RunSpec], progress: Progress = silent) -> dict[Inputs, Run]:
    """The run of each subset, trained or read."""
    runs = {}
    for i, (some, spec) in enumerate(specs.items()):
        label = " + ".join(some)
        runs[some] = train(cohort, spec, part_of(progress, label, i, len(specs)))
        progress(Step(_("Training {inputs}").format(inputs=label), i + 1, len(specs)))
    return runs


def chosen_inputs(cohort: Cohort, inputs: Sequence[str] | None, most: int) -> list[str]:
    """Two to `most` usable inputs, in the order of the cohort. Raises NotFound for wrong names, else BadInput."""
    cohort.require_target()
    wrong = [unknown(_("input"), name, cohort.inputs) for name in inputs or () if name not in cohort.inputs]
    if wrong:
        raise several(wrong)
    usable = usable_inputs(cohort)
    names = [name for name in usable if inputs is None or name in inputs]
    if not 2 <= len(names) <= most:
        raise BadInput(
            _("This needs 2 to {most} inputs, not {count}.").format(most=most, count=len(names)),
            _("Choose some of: {names}.").format(names=list_of(usable)),
        )
    return names


def _check_costs(cohort: Cohort, costs: Mapping[str, float]) -> None:
    wrong: list[MMError] = [unknown(_("input"), name, cohort.inputs) for name in costs if name not in cohort.inputs]
    wrong += [
        BadInput(_("{input} cannot cost {cost}.").format(input=name, cost=cost), _("Give 0 or more."))
        for name, cost in costs.items()
        if not cost >= 0
    ]
    if wrong:
        raise several(wrong)
