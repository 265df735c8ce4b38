"""How much of a score would come from cases that belong together lying on both sides of a split."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_predict

from mmcore.base.settings import _
from mmcore.cohorts.auditing.association import FOLDS, LEAST, PER_CLASS, associate
from mmcore.cohorts.auditing.base import ANY_TARGET, AuditedCohort, AuditFinding, Check, Severity, checks
from mmcore.cohorts.auditing.case_features import all_numbers, numbers_of

LOST = 0.03  # of a score that a grouped split must take away to be worth a word
SITES = 3  # groups from which on each can be left out in turn without half of the cases going with it


@checks.register("random_against_grouped")
class RandomAgainstGrouped(Check):
    """Scores that rise when cases of one group are split between training and testing."""

    tasks, least, by_group = ANY_TARGET, LEAST, True

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        cohort = audited.cohort
        if audited.task is None or cohort.groups is None or len(np.unique(cohort.groups)) < SITES:
            return
        parts = {name: np.nan_to_num(numbers_of(audited, name)) for name in cohort.inputs}
        if len(parts) > 1:
            parts[_("all inputs")] = all_numbers(audited)
        scores = {name: pair for name, values in parts.items() if (pair := _pair(audited, values)) is not None}
        lost = {name: random - grouped for name, (_metric, random, grouped) in scores.items()}
        worst = max(lost, key=lost.__getitem__, default=None)
        if worst is None or lost[worst] < LOST:
            return
        metric, random, grouped = scores[worst]
        yield AuditFinding(
            self.name,
            Severity.MEDIUM if lost[worst] > 2 * LOST else Severity.LOW,
            _(
                "Random folds would make results look too good: a simple model of {input} reaches {metric} "
                "{random:.2f} on them, but {grouped:.2f} when each '{group}' is kept together."
            ).format(input=worst, metric=metric, random=random, grouped=grouped, group=cohort.schema.group),
            _(
                "Keep the groups together, as the studies here do, and report that score: it shows how well a "
                "model does on a group it has not seen. Scores published on random folds cannot be compared "
                "with it."
            ),
            {
                "metric": metric,
                "random": {name: at_random for name, (_m, at_random, _g) in scores.items()},
                "grouped": {name: together for name, (_m, _r, together) in scores.items()},
            },
        )


def _pair(audited: AuditedCohort, values: np.ndarray) -> tuple[str, float, float] | None:
    """Name of the metric, and the score on random and on grouped folds; None where there is too little to say."""
    groups, task = audited.cohort.groups, str(audited.task)
    if task == "multiclass" and groups is not None:  # ranks are right long before the answer is
        return _accuracies(values, audited.target, groups)
    at_random, grouped = (associate(values, audited.target, task, g, SITES) for g in (None, groups))
    return None if at_random is None or grouped is None else (at_random.metric.upper(), at_random.score, grouped.score)


def _accuracies(values: np.ndarray, target: np.ndarray, groups: np.ndarray) -> tuple[str, float, float] | None:
    rows = np.flatnonzero(np.isfinite(target))
    labels = target[rows].astype(int)
    if len(rows) < LEAST or np.unique(labels, return_counts=True)[1].min() < PER_CLASS or not values.shape[1]:
        return None
    scores = []
    apart = StratifiedGroupKFold(min(FOLDS, len(np.unique(groups))))
    for folds in (StratifiedKFold(FOLDS, shuffle=True, random_state=0), apart):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a fit that is not finished is judged by its score
            model = LogisticRegression(C=0.1, max_iter=200)
            predicted = cross_val_predict(model, values[rows], labels, groups=groups[rows], cv=folds)
        scores.append(float(balanced_accuracy_score(labels, predicted)))
    return _("balanced accuracy"), scores[0], scores[1]
