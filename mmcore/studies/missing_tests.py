"""Which missing test would settle it: what one more input did for the cases of the cohort that are like this one.

Nothing is made up: for each input the case lacks, the cases that have it, and all that this case has, are asked twice,
out of fold: with what this case has alone, and with the further input. The nearest of them by the first answer tell by
how much the second one is surer, and how often it is right. Inputs that the case has are looked at the same way: what
they were worth. N cases, K outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore import features
from mmcore.base.label_sets import memberships
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.encoders.loading import one_core
from mmcore.evaluation.unit_means import mean_interval
from mmcore.explain.what_if import WhatIf
from mmcore.runs import Run
from mmcore.studies.prediction import replicates_of

NEAREST = 60  # cases that are looked at: enough for an interval, few enough to be like this one
LEAST = 10  # below which nothing is said
_BATCH = 128


@dataclass(frozen=True)
class TestWorth:
    """What one further input did for `cases` cases like this one.

    has: whether this case has it. certainty: mean change of the probability of the predicted class (regression: of the
    error in the target's unit, less is better) with its 95% interval (low, high). before: its mean without the input.
    changes: share whose predicted class changed. right_before, right_after: shares that are right (NaN for regression).
    NaN in all where fewer than `LEAST` cases are alike.
    """

    __test__ = False
    input: str
    has: bool
    cases: int
    certainty: float
    low: float
    high: float
    before: float
    changes: float
    right_before: float
    right_after: float


def worth_of_tests(
    run: Run, cohort: Cohort, case: Case, session: WhatIf, progress: Progress = silent
) -> list[TestWorth]:
    """Each input of the run, those the case lacks first, then by what they did.

    session: of the case. Raises BadInput if the run's cases are not those of the cohort.
    """
    here = [name for name in run.spec.inputs if name in case.values]
    answers_of = _SubsetAnswers(run, cohort, progress)
    rows = []
    for number, name in enumerate(run.spec.inputs):
        progress(
            Step(
                _("Measuring what {input} does in cases like this one").format(input=name), number, len(run.spec.inputs)
            )
        )
        others = [other for other in here if other != name]
        if not others:  # nothing would be left to compare cases by
            continue
        own = session.ask({name: None}) if name in here else session.start
        rows.append(_worth(answers_of, name, name in here, others, own.probabilities, case.id))
    return sorted(rows, key=lambda row: (row.has, -row.certainty if np.isfinite(row.certainty) else np.inf))


class _SubsetAnswers:
    """Out-of-fold answers of a run to the cases of the cohort under any subset of its inputs."""

    def __init__(self, run: Run, cohort: Cohort, progress: Progress) -> None:
        self.run, self.cohort = run, cohort
        encoders = run.spec.make_encoders()
        self.encoded = {
            name: features.encode(cohort, name, encoders[name], progress=progress) for name in run.spec.inputs
        }
        self.there = {name: own.counts > 0 for name, own in self.encoded.items()}
        self.fold_of = run.fold_of if run.ids == cohort.ids else np.full(len(cohort), -1)
        self.regression = run.spec.task == "regression"
        self.main_horizon = run.fitted.task.main_horizon if run.spec.task == "survival" else None
        self.called_at = run.fitted.called_at if run.spec.task == "multilabel" else None

    def usable(self, inputs: Sequence[str]) -> np.ndarray:
        """[N] bool: tested, labelled, and with all of these inputs."""
        rows = (self.fold_of >= 0) & self.cohort.labelled
        for name in inputs:
            rows = rows & self.there[name]
        return rows

    @one_core()
    def answers(self, rows: np.ndarray, sets: Sequence[Sequence[str]]) -> np.ndarray:
        """[sets, rows, K] mean over the replicates that had not seen a case, with only these inputs kept."""
        result: np.ndarray | None = None
        for fold in np.unique(self.fold_of[rows]):
            of_fold = np.flatnonzero(self.fold_of[rows] == fold)
            panel = self.run.fitted.panel(replicates_of(self.run, int(fold)))
            for start in range(0, len(of_fold), _BATCH):
                part = of_fold[start : start + _BATCH]
                reading = panel.read({name: own.tokens(rows[part]) for name, own in self.encoded.items()})
                keep = {
                    name: np.stack([mask if name in wanted else np.zeros_like(mask) for wanted in sets], 1)
                    for name, mask in reading.masks.items()
                }
                given = panel.activate(reading.under(keep)).mean(0).numpy().astype(float)  # [b, sets, K]
                if result is None:
                    result = np.full((len(sets), len(rows), given.shape[-1]), np.nan)
                result[:, part] = given.transpose(1, 0, 2)
        return np.zeros((len(sets), 0, 1)) if result is None else result


def _worth(
    answers_of: _SubsetAnswers, name: str, has: bool, others: Sequence[str], own: np.ndarray, id: str
) -> TestWorth:
    rows = np.flatnonzero(answers_of.usable([*others, name]))
    rows = np.array([row for row in rows if answers_of.cohort.ids[row] != id], dtype=int)
    nan = float("nan")
    if len(rows) < LEAST:
        return TestWorth(name, has, len(rows), nan, nan, nan, nan, nan, nan, nan)
    without, with_it = answers_of.answers(rows, [others, [*others, name]])
    near = np.argsort(np.abs(without - own).sum(1), kind="stable")[:NEAREST]
    target, without, with_it = answers_of.cohort.target[rows[near]], without[near], with_it[near]
    groups = None if answers_of.cohort.groups is None else answers_of.cohort.groups[rows[near]]
    if answers_of.regression:
        error = np.abs(without[:, 0] - target)
        change = np.abs(with_it[:, 0] - target) - error
        mean, low, high = _interval(change, groups)
        return TestWorth(name, has, len(near), mean, low, high, float(error.mean()), nan, nan, nan)
    if answers_of.main_horizon is not None:
        at = answers_of.main_horizon
        return _worth_of_risk(name, has, without[:, at], with_it[:, at], groups)
    if (called_at := answers_of.called_at) is not None:
        return _worth_of_labels(name, has, target, without, with_it, called_at, groups)
    before, after = without.argmax(1), with_it.argmax(1)
    mean, low, high = _interval(with_it.max(1) - without.max(1), groups)
    return TestWorth(
        name, has, len(near), mean, low, high, float(without.max(1).mean()), float((before != after).mean()),
        float((before == target).mean()), float((after == target).mean()),
    )  # fmt: skip


def _worth_of_risk(
    name: str, has: bool, without: np.ndarray, with_it: np.ndarray, groups: np.ndarray | None
) -> TestWorth:
    """Of survival: by how much the probability of the event by the horizon told moves, up or down [n]; nothing is
    right or wrong."""
    nan = float("nan")
    mean, low, high = _interval(np.abs(with_it - without), groups)
    return TestWorth(name, has, len(without), mean, low, high, float(without.mean()), nan, nan, nan)


def _worth_of_labels(
    name: str, has: bool, target: np.ndarray, without: np.ndarray, with_it: np.ndarray, called_at: np.ndarray,
    groups: np.ndarray | None,
) -> TestWorth:  # fmt: skip
    """Of several labels: the certainty is that of the label that was likeliest; right: shares of the labels."""
    likeliest = without.argmax(1)
    rows = np.arange(len(likeliest))
    mean, low, high = _interval(with_it[rows, likeliest] - without[rows, likeliest], groups)
    held = memberships(target, without.shape[1])
    before, after = without >= called_at, with_it >= called_at
    return TestWorth(
        name, has, len(rows), mean, low, high, float(without.max(1).mean()), float((before != after).any(1).mean()),
        float((before == held).mean()), float((after == held).mean()),
    )  # fmt: skip


def _interval(values: np.ndarray, groups: np.ndarray | None) -> tuple[float, float, float]:
    """Mean and its 95% interval; cases of a group together."""
    mean, low, high = mean_interval(values[:, None], groups)
    return float(mean[0]), float(low[0]), float(high[0])
