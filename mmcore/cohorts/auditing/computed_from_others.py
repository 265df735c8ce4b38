"""What a few limits of other columns give: a risk score, or the target itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.metrics import balanced_accuracy_score, r2_score
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from mmcore.base.name_lists import first_of
from mmcore.base.settings import _
from mmcore.cohorts.auditing.association import design
from mmcore.cohorts.auditing.base import AuditedCohort, AuditFinding, Check, Severity, checks
from mmcore.cohorts.auditing.table_columns import RECORDED

LEAST = 80  # cases below which nothing is claimed
_MOST_COLUMNS, _MOST_CASES = 60, 2000
_POINTS = (3, 30)  # different values of a score
_SCORE, _RULE = 0.97, 0.985  # R² of a score, balanced accuracy of a target, both out of fold
_STEPS, _DEPTH, _FOLDS = 200, 3, 3


@checks.register("scores")
class Scores(Check):
    """Columns that are scores made of other columns, such as CHA2DS2-VASc."""

    least = LEAST

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        table = _table(audited)
        if table is None:
            return
        scores = []
        for name in table:
            points = pd.to_numeric(table[name], errors="coerce")
            if RECORDED.search(str(name)) or not _is_score(points):  # number of a site or a nurse: no points
                continue
            others = [column for column in table if column != name]
            used = _steps_to(points.to_numpy(float), table[others])
            if used:
                scores.append({"column": str(name), "from": used})
        if scores:
            words = [f"'{score['column']}' ({first_of(score['from'], 6)})" for score in scores]
            yield AuditFinding(
                self.name,
                Severity.LOW,
                _("Each of these columns is a score that follows from cut-offs of other columns: {columns}.").format(
                    columns="; ".join(words)
                ),
                _(
                    "This does not harm prediction, but what a score counts is counted twice. If the "
                    "score contains the target, or is made only once the target is known, leave it out."
                ),
                {"scores": scores},
            )


@checks.register("target_from_columns")
class TargetFromColumns(Check):
    """A target that was derived from a few columns by cut-offs."""

    tasks, least = ("binary", "multiclass"), LEAST

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        table = _table(audited)
        if table is None or audited.task not in self.tasks or len(table.columns) < 2:
            return
        rows = np.flatnonzero(np.isfinite(audited.target))[:_MOST_CASES]
        target = audited.target[rows].astype(int)
        if len(rows) < LEAST or np.bincount(target).max(initial=0) > len(rows) - 2 * _FOLDS:
            return
        features = design(table.iloc[rows])
        tree = DecisionTreeClassifier(max_depth=_DEPTH, min_samples_leaf=3, class_weight="balanced", random_state=0)
        stumps = GradientBoostingClassifier(max_depth=1, n_estimators=_STEPS, learning_rate=0.3, random_state=0)
        folds = KFold(_FOLDS, shuffle=True, random_state=0)
        models = [tree, stumps] if audited.task == "binary" else [tree]
        score = max(
            float(balanced_accuracy_score(target, cross_val_predict(model, features, target, cv=folds)))
            for model in models
        )
        if score < _RULE:
            return
        tree.fit(features, target)
        used = _columns_of(table, tree.feature_importances_)
        yield AuditFinding(
            self.name,
            Severity.MEDIUM,
            _("A few cut-offs of {columns} reproduce the target (balanced accuracy {score:.2f}).").format(
                columns=first_of([f"'{name}'" for name in used], 6), score=score
            ),
            _(
                "Ask whether the target was derived from these columns. If so, a model only rediscovers the "
                "rule: leave the columns out, or choose another target."
            ),
            {"balanced_accuracy": score, "columns": used},
        )


def _table(audited: AuditedCohort) -> pd.DataFrame | None:
    """The columns of table inputs, None where they are too many or the cases too few."""
    names = list(audited.table_columns())
    if not names or len(names) > _MOST_COLUMNS or len(audited.cohort) < LEAST:
        return None
    return audited.cohort.table[names]


def _is_score(points: pd.Series) -> bool:
    there = points.dropna()
    return (
        len(there) >= LEAST
        and _POINTS[0] <= there.nunique() <= _POINTS[1]
        and bool((there == there.round()).all())
        and float(there.var()) > 0
    )


def _steps_to(points: np.ndarray, others: pd.DataFrame) -> list[str]:
    """The columns whose limits add up to these points; empty where they do not, or one alone does."""
    rows = np.flatnonzero(np.isfinite(points))[:_MOST_CASES]
    points, features = points[rows], design(others.iloc[rows])
    if not features.shape[1]:
        return []
    half = len(rows) // 2
    order = np.random.default_rng(0).permutation(len(rows))
    train, test = order[:half], order[half:]
    quick = GradientBoostingRegressor(max_depth=1, n_estimators=20, learning_rate=0.5, random_state=0)
    quick.fit(features[train], points[train])
    if r2_score(points[test], quick.predict(features[test])) < _SCORE / 2:  # no score; most columns end here
        return []
    model = GradientBoostingRegressor(max_depth=1, n_estimators=_STEPS, learning_rate=0.3, random_state=0)
    model.fit(features[train], points[train])
    if r2_score(points[test], model.predict(features[test])) < _SCORE:
        return []
    used = _columns_of(others, model.feature_importances_)
    return used if len(used) > 1 else []


def _columns_of(table: pd.DataFrame, importances: np.ndarray) -> list[str]:
    """Columns by what their features (of `design`) matter together, those of no weight left out."""
    weights, at = {}, 0
    for name in table:
        width = design(table[[name]]).shape[1]
        weights[str(name)] = float(importances[at : at + width].sum())
        at += width
    return [name for name, weight in sorted(weights.items(), key=lambda item: -item[1]) if weight > 0.02]
