"""How a method's score grows with the number of cases: trained on parts of the cohort, and carried on beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.progress import Progress, Step, part_of, silent
from mmcore.base.settings import _
from mmcore.cohorts import Cohort, validation_split
from mmcore.evaluation import Interval
from mmcore.evaluation.learning_curve import LEAST_SIZES, LearningCurve, fit_learning_curve
from mmcore.runs import store
from mmcore.studies.encoder_choice import Choices
from mmcore.studies.planning import plan
from mmcore.studies.study_settings import DEFAULTS, StudySettings
from mmcore.studies.training import train

SHARES = (0.2, 0.35, 0.5, 0.75, 1.0)  # of the labelled cases


@dataclass(frozen=True, eq=False)
class LearningCurveStudy:
    """sizes: labelled cases of each part of the cohort, smallest first. scores: of the method trained and tested within
    it, out of fold. curve: fitted to them. left_out: sizes that were too small to be divided into folds."""

    cohort: Cohort
    method: str
    sizes: tuple[int, ...]
    scores: tuple[Interval, ...]
    curve: LearningCurve
    left_out: tuple[int, ...]


def learning_curve(
    cohort: Cohort,
    method: str,
    encoders: Choices | None = None,
    settings: StudySettings = DEFAULTS,
    *,
    shares: Sequence[float] = SHARES,
    progress: Progress = silent,
) -> LearningCurveStudy:
    """Train (or read) one method on ever larger parts of a cohort, each holding the one before.

    Parts keep the balance of the target, and whole groups. Raises BadInput where fewer than three of them can be
    divided into folds, and what `plan` and `train` raise.
    """
    cohort.require_target()
    plan(cohort, method, encoders, settings)  # what is wrong with the whole is no matter of size
    parts = _nested(cohort, sorted(shares))
    sizes, scores, left_out, metric = [], [], [], ""
    for number, rows in enumerate(parts):
        part = cohort.select([cohort.ids[row] for row in rows])
        watched = part_of(progress, _("{count} cases").format(count=len(rows)), number, len(parts))
        try:
            spec = plan(part, method, encoders, settings)
            run = train(part, spec, watched)
        except BadInput:
            left_out.append(len(rows))
            continue
        metric = spec.metric
        sizes.append(len(rows))
        scores.append(run.metrics[metric])
        progress(Step(method, number + 1, len(parts)))
    if len(sizes) < LEAST_SIZES:
        raise BadInput(
            _(
                "The cohort is too small for a learning curve: of the sizes tried, only {count} can be "
                "divided into folds."
            ).format(count=len(sizes)),
            _("Use fewer folds, or wait for more cases."),
        )
    curve = fit_learning_curve(metric, sizes, [score.mean for score in scores])
    return LearningCurveStudy(cohort, method, tuple(sizes), tuple(scores), curve, tuple(left_out))


def seconds_of_parts(
    cohort: Cohort, method: str, encoders: Choices | None, settings: StudySettings, whole: float
) -> float:
    """Seconds until the parts of `learning_curve` that are not trained yet are trained. whole: of the whole cohort."""
    left = 0.0
    for rows in _nested(cohort, sorted(SHARES)):
        part = cohort.select([cohort.ids[row] for row in rows])
        try:
            spec = plan(part, method, encoders, settings)
        except BadInput:
            continue
        if store().find(spec.key) is None:
            left += whole * len(rows) / max(len(cohort), 1)
    return left


def _nested(cohort: Cohort, shares: Sequence[float]) -> list[np.ndarray]:
    """Rows of each part, smallest first; each is drawn from the next larger one."""
    rows, before, parts = np.flatnonzero(cohort.labelled), 1.0, []
    for share in reversed(shares):
        if share < before:
            rows = validation_split(cohort.strata, cohort.groups, rows, share / before, seed=0)[1]
        before = share
        parts.append(rows)
    return parts[::-1]
