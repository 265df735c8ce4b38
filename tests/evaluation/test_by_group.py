"""Protects scores within groups: each is that of its cases alone, and what cannot be told is NaN."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from mmcore.evaluation import scores_by_group


def test_each_is_that_of_its_own_cases():
    rng = np.random.default_rng(0)
    target, p, groups = rng.integers(0, 2, 90), rng.random(90), np.repeat(["b", "a", "c"], 30)
    target[60:] = 1
    rows = scores_by_group("binary", target, np.stack([1 - p, p], -1)[None], groups)
    assert [row.group for row in rows] == ["a", "b", "c"] and {row.cases for row in rows} == {30}
    assert rows[0].value == pytest.approx(roc_auc_score(target[30:60], p[30:60]))
    assert np.isnan(rows[2].value), "a single class has no AUROC"
