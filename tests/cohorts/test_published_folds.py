"""Protects: a published split is honoured as the table says it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.base.errors import BadInput, NotFound
from mmcore.cohorts import Cohort, folds_of, open_cohort


def cohort(path, says) -> Cohort:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"label": ["a", "b"] * 20, "x": rng.normal(size=40), "part": [says(i) for i in range(40)]})
    frame.to_csv(path / "cases.csv", index=False)
    return open_cohort(path)


def test_train_and_test(tmp_path):
    plan = folds_of(cohort(tmp_path, lambda i: ["train", "Test", "val", "train"][i // 2 % 4]), "column:part")
    ((train, test),) = plan.folds
    assert plan.kind == "column:part" and len(test) == 10 and len(train) == 30 and not set(train) & set(test)
    assert set(test // 2 % 4) == {1}


def test_numbered_folds_and_cases_without(tmp_path):
    plan = folds_of(cohort(tmp_path, lambda i: "" if i < 4 else str(i // 2 % 3)), "column:PART")
    assert len(plan) == 3 and plan.names == ["part 0", "part 1", "part 2"]
    tested = np.concatenate([test for _train, test in plan.folds])
    assert sorted(tested) == list(range(4, 40)) and all(min(train) >= 4 for train, _test in plan.folds)


def test_a_plan_can_be_made_again_from_its_kind(tmp_path):
    made = cohort(tmp_path, lambda i: i // 2 % 3)
    plan = folds_of(made, "column:part")
    again = folds_of(made, plan.kind)
    assert all((a == b).all() for x, y in zip(plan.folds, again.folds, strict=True) for a, b in zip(x, y, strict=True))


def test_what_gives_no_folds(tmp_path):
    with pytest.raises(NotFound, match="Did you mean 'part'"):
        folds_of(cohort(tmp_path, lambda i: i // 2 % 3), "column:parts")
    with pytest.raises(BadInput, match="gives no folds"):
        folds_of(cohort(tmp_path, lambda i: "train"), "column:part")
    with pytest.raises(BadInput, match="left to learn from"):
        folds_of(cohort(tmp_path, lambda i: ["train", "test"][i % 2]), "column:part")
    with pytest.raises(NotFound, match="column:NAME"):
        folds_of(cohort(tmp_path, lambda i: i % 3), "columns")
