"""Labels that the rest of the cohort speaks against (confident learning: Northcutt, Jiang & Chuang 2021, JAIR 70)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_predict

from mmcore.base.settings import _, counted
from mmcore.cohorts.auditing.association import LEAST, PER_CLASS
from mmcore.cohorts.auditing.base import AuditedCohort, AuditFinding, Check, Severity, checks
from mmcore.cohorts.auditing.case_features import all_numbers

SURE = 0.85  # AUROC out of fold from which a model's doubt in a label is worth a look
IMPLAUSIBLE = 0.15  # probability of its own label below which a case is named


@checks.register("doubtful_labels")
class DoubtfulLabels(Check):
    """Labels that do not fit their case, and may be wrong."""

    tasks, least = ("binary", "multiclass"), LEAST  # of several labels each would need a look of its own

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        if audited.task not in self.tasks:
            return
        rows = np.flatnonzero(np.isfinite(audited.target))
        labels = audited.target[rows].astype(int)
        classes, counts = np.unique(labels, return_counts=True)
        values = all_numbers(audited)[rows]
        if len(rows) < LEAST or len(classes) < 2 or counts.min() < PER_CLASS or not values.shape[1]:
            return
        groups = None if audited.cohort.groups is None else audited.cohort.groups[rows]
        probabilities = _out_of_fold(values, labels, groups)
        score = _score(labels, probabilities)
        if score < SURE:
            return
        own, other = _candidates(np.searchsorted(classes, labels), probabilities)
        order = np.argsort(own)
        named = [int(i) for i in order if other[i] >= 0 and own[i] < IMPLAUSIBLE]
        if not named:
            return
        names = audited.cohort.schema.classes
        likelier = {str(audited.ids[rows[i]]): str(names[classes[other[i]]]) for i in named[:20]}
        yield AuditFinding(
            self.name,
            Severity.MEDIUM if score > 0.95 and len(named) > 0.03 * len(rows) else Severity.LOW,
            counted(
                len(named),
                "{count} label looks doubtful: a simple model that was not trained on this case is sure of a "
                "different label.",
                "{count} labels look doubtful: a simple model that was not trained on these cases is sure of a "
                "different label.",
            ),
            _(
                "Review what is listed, the most doubtful first. A label may be wrong, or belong to a rare case: "
                "correct what is wrong, but do not leave out a case because it is difficult."
            ),
            {"auroc": score, "cases": len(named), "likelier": likelier, "method": "Northcutt et al. 2021"},
            tuple(str(audited.ids[rows[i]]) for i in named),
        )


def _out_of_fold(values: np.ndarray, labels: np.ndarray, groups: np.ndarray | None) -> np.ndarray:
    """[n, K] probabilities from models that have not seen the case, nor its group."""
    if groups is not None and len(np.unique(groups)) < 5:
        groups = None
    folds = StratifiedKFold(5, shuffle=True, random_state=0) if groups is None else StratifiedGroupKFold(5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that is not finished is judged by its score
        return cross_val_predict(
            LogisticRegression(C=0.1, max_iter=300), values, labels, groups=groups, cv=folds, method="predict_proba"
        )


def _score(labels: np.ndarray, probabilities: np.ndarray) -> float:
    if probabilities.shape[1] == 2:
        return float(roc_auc_score(labels, probabilities[:, 1]))
    return float(roc_auc_score(labels, probabilities, multi_class="ovr"))


def _candidates(labels: np.ndarray, probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probability of each case's own label [n], and the other class it belongs to with confidence [n], -1 for none: one
    whose probability reaches the average among the cases that are labelled so."""
    least = np.array([probabilities[labels == k, k].mean() for k in range(probabilities.shape[1])])
    own = probabilities[np.arange(len(labels)), labels]
    confident = np.where(probabilities >= least, probabilities, -1.0)
    best = confident.argmax(1)
    return own, np.where((confident.max(1) >= 0) & (best != labels), best, -1)
