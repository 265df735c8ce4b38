"""Protects: a published split is honoured as the table says it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.base.errors import BadInput, NotFound
from mmcore.cohorts import Cohort, folds_of, open_cohort
from mmcore.cohorts.importing import changed, imported, propose
from mmcore.cohorts.roles import Roles


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
    with pytest.raises(BadInput, match="gives no folds: it holds 1 value\\."):
        folds_of(cohort(tmp_path, lambda i: "train"), "column:part")
    with pytest.raises(BadInput, match="left to learn from"):
        folds_of(cohort(tmp_path, lambda i: ["train", "test"][i % 2]), "column:part")
    with pytest.raises(NotFound, match="column:NAME"):
        folds_of(cohort(tmp_path, lambda i: i % 3), "columns")


def test_a_split_chosen_at_import_is_followed_without_being_named_again(tmp_path):
    by_hand = cohort(tmp_path, lambda i: ["train", "test"][i // 2 % 2])
    assert folds_of(by_hand).kind == "random"
    proposal = propose(tmp_path)
    proposal = propose(tmp_path, changed(proposal, "part", "split"))
    assert {column.name: column.role for column in proposal.columns}["part"] == "split"
    assert folds_of(proposal.cohort).kind == "column:part" and len(folds_of(proposal.cohort)) == 1
    assert folds_of(proposal.cohort, "random").kind == "random"
    saved = imported(proposal, tmp_path / "saved")
    assert folds_of(saved).kind == "column:part" and "part" not in saved.inputs["table"].columns
    undone = propose(tmp_path, changed(proposal, "part", "left out"))
    assert folds_of(undone.cohort).kind == "random"


@pytest.mark.parametrize("name", ["split", "fold", "set"])
def test_a_split_that_nobody_follows_is_told_and_no_input(tmp_path, name):
    rng = np.random.default_rng(0)
    says = [i // 2 % 5 + 1 if name == "fold" else ["train", "train", "val", "test"][i // 2 % 4] for i in range(40)]
    frame = pd.DataFrame({"label": ["a", "b"] * 20, "x": rng.normal(size=40), name: says})
    frame.to_csv(tmp_path / "cases.csv", index=False)
    unasked = open_cohort(tmp_path)
    assert unasked.inputs["table"].columns == ("x",)
    assert any("looks like a published split" in problem for problem in unasked.problems)
    followed = open_cohort(tmp_path, Roles(split=name))
    assert not any("looks like a published split" in problem for problem in followed.problems)
