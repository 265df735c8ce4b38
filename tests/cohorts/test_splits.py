"""Protects: no patient is on both sides of a split, classes stay balanced, impossible splits are refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.base.errors import BadInput, NotFound
from mmcore.base.values import InputSpec, Kind
from mmcore.cohorts import Cohort, Schema, folds_of, validation_split


def cohort_of(target, groups=None, regression: bool = False) -> Cohort:
    target = list(target)
    classes = () if regression else tuple(sorted({t for t in target if t is not None}))
    schema = Schema(
        name="made",
        inputs={"x": InputSpec(name="x", kind=Kind.TABLE, columns=("x",), table=({"name": "x"},))},
        task="regression" if regression else "binary" if len(classes) == 2 else "multiclass",
        target="y",
        classes=classes,
        group=None if groups is None else "g",
    )
    table = pd.DataFrame({"y": pd.Series(target, dtype=object), "x": np.arange(len(target), dtype=float)})
    if groups is not None:
        table["g"] = list(groups)
    return Cohort.from_memory(schema, table, {}, fingerprint="x")


RNG = np.random.default_rng(0)
LABELS = ["no" if x < 0.7 else "yes" for x in RNG.random(120)]
PATIENTS = [f"p{i}" for i in RNG.integers(0, 50, 120)]
SITES = [f"s{i}" for i in RNG.integers(0, 4, 120)]


def whole(plan, cohort) -> None:
    """Every labelled case is tested once; training and test do not meet."""
    tested = np.concatenate([test for _train, test in plan.folds])
    assert sorted(tested) == np.flatnonzero(cohort.labelled).tolist()
    for train, test in plan.folds:
        assert not set(train) & set(test) and len(train) + len(test) == cohort.labelled.sum()
        if cohort.groups is not None and plan.kind != "random":
            assert not set(cohort.groups[train]) & set(cohort.groups[test])


@pytest.mark.parametrize(
    "groups, split, kind, folds",
    [
        (None, "auto", "random", 5),
        (PATIENTS, "auto", "group", 5),
        (SITES, "auto", "leave-one-group-out", 4),
        (SITES, "random", "random", 5),
        (PATIENTS, "leave-one-group-out", "leave-one-group-out", len(set(PATIENTS))),
        ([f"u{i}" for i in range(120)], "auto", "random", 5),
    ],
)
def test_kinds_of_split(groups, split, kind, folds):
    cohort = cohort_of(LABELS, groups)
    if split == "leave-one-group-out" and kind == split:
        cohort = cohort_of(["no", "yes"] * 60, groups)
    plan = folds_of(cohort, split)
    assert (plan.kind, len(plan), len(plan.names)) == (kind, folds, folds)
    whole(plan, cohort)


def test_classes_are_balanced_and_the_seed_decides():
    for groups in (None, PATIENTS):
        cohort = cohort_of(LABELS, groups)
        share = cohort.target.mean()
        assert all(abs(cohort.target[test].mean() - share) < 0.12 for _train, test in folds_of(cohort).folds)
        same, other = folds_of(cohort, seed=0), folds_of(cohort, seed=1)
        first = folds_of(cohort, seed=0)
        assert all(np.array_equal(a[1], b[1]) for a, b in zip(first.folds, same.folds, strict=True))
        assert not all(np.array_equal(a[1], b[1]) for a, b in zip(first.folds, other.folds, strict=True))


def test_cases_without_target_are_in_no_fold():
    labels = [None if i % 10 == 0 else label for i, label in enumerate(LABELS)]
    cohort = cohort_of(labels, PATIENTS)
    whole(folds_of(cohort), cohort)


def test_regression():
    for groups in (None, PATIENTS):
        cohort = cohort_of(RNG.normal(size=120), groups, regression=True)
        whole(folds_of(cohort), cohort)


def test_rare_class_in_two_groups_is_always_learnt():
    groups = [f"p{i // 2}" for i in range(60)]
    labels = ["no"] * 60
    for i in (0, 1, 2, 3, 10, 11):
        labels[i] = "yes"
    cohort = cohort_of(labels, groups)
    for seed in range(5):
        assert all((cohort.target[train] == 1).any() for train, _test in folds_of(cohort, "group", 5, seed).folds)


@pytest.mark.parametrize(
    "cohort, options, says",
    [
        (cohort_of(["no", "yes", "no"]), {}, "3 cases with a target"),
        (cohort_of(["no"] * 20 + ["yes"] * 3), {}, "'yes' has 3 cases, fewer than the 5 folds"),
        (cohort_of(["no", "yes"] * 12, ["a", "b", "c"] * 8), {"split": "group"}, "3 groups, fewer than the 5 folds"),
        (cohort_of(LABELS), {"split": "group"}, "no groups to split by"),
        (cohort_of(["no", "yes"] * 12, ["a"] * 24), {"split": "leave-one-group-out"}, "belong to one group"),
        (cohort_of(["no"] * 12 + ["yes"] * 12, ["a"] * 12 + ["b"] * 12), {}, "one group only"),
        (cohort_of(LABELS), {"folds": 1}, "at least two folds"),
        (cohort_of(RNG.normal(size=12), regression=True), {"folds": 20}, "12 cases are fewer"),
        (cohort_of(np.array([1.5]), regression=True), {}, "1 case is fewer than the 5 folds"),
    ],
)
def test_what_cannot_be_split(cohort, options, says):
    with pytest.raises(BadInput, match=says) as caught:
        folds_of(cohort, **options)
    assert caught.value.hint


def test_unknown_split():
    with pytest.raises(NotFound, match="Did you mean 'random'"):
        folds_of(cohort_of(LABELS), "randon")


@pytest.mark.parametrize("groups", [None, np.array(PATIENTS)])
def test_validation_part(groups):
    target = cohort_of(LABELS).target
    train = np.flatnonzero(np.arange(120) % 5 > 0)
    fit, valid = validation_split(target, groups, train, 0.2, 0)
    assert sorted([*fit, *valid]) == train.tolist()
    assert abs(len(valid) / len(train) - 0.2) < 0.05 and abs(target[valid].mean() - target[train].mean()) < 0.1
    if groups is not None:
        assert not set(groups[fit]) & set(groups[valid])
    again = validation_split(target, groups, train, 0.2, 0)
    assert np.array_equal(again[1], valid)
    assert not np.array_equal(validation_split(target, groups, train, 0.2, 1)[1], valid)


def test_validation_part_at_the_edges():
    target = np.array([0, 0, 0, 0, 0, 1])
    fit, valid = validation_split(target, None, np.arange(6), 0.3, 0)
    assert 1 in target[fit] and len(valid)  # the only case of a class stays
    assert len(validation_split(target, None, np.arange(6), 0.0, 0)[1]) == 0
    sites = np.array(["a"] * 40 + ["b"] * 50 + ["c"] * 30)
    both = np.array([0, 1] * 60)
    fit, valid = validation_split(both, sites, np.arange(120), 0.15, 0)
    assert 12 <= len(valid) <= 24  # groups too large to move: cases do
    values = RNG.normal(size=100)
    fit, valid = validation_split(values, None, np.arange(100), 0.2, 0)
    assert 15 <= len(valid) <= 25 and abs(np.median(values[valid]) - np.median(values)) < 0.5
