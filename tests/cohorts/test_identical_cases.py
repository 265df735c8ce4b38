"""Protects: cases of identical content never lie on both sides of a split without a word."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.cohorts import Cohort, folds_of, open_cohort


def opened(path, frame: pd.DataFrame) -> Cohort:
    frame.to_csv(path / "cases.csv", index=False)
    return open_cohort(path)


def twice(**columns) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    once = pd.DataFrame({"label": rng.permutation(["a", "b"] * 15), **{k: v(rng) for k, v in columns.items()}})
    return pd.concat([once, once], ignore_index=True)


def test_rows_that_repeat_stay_together_and_are_told(tmp_path):
    cohort = opened(
        tmp_path, twice(x=lambda r: r.normal(size=30), y=lambda r: r.normal(size=30), z=lambda r: r.random(30))
    )
    for train, test in folds_of(cohort, "random").folds:
        assert not set(train % 30) & set(test % 30)
    assert "60 cases share a picture, a recording, a long text or everything" in " ".join(cohort.problems)


def test_a_picture_that_repeats_links_its_cases(tmp_path):
    from PIL import Image

    for i in range(20):
        Image.fromarray(np.full((5, 5), i, np.uint8)).save(tmp_path / f"{i}.png")
    frame = pd.DataFrame({"label": ["a", "b"] * 20, "age": np.arange(40), "film": [f"{i // 2}.png" for i in range(40)]})
    cohort = opened(tmp_path, frame.assign(age=np.random.default_rng(0).normal(size=40)))
    assert all(not set(train // 2) & set(test // 2) for train, test in folds_of(cohort).folds)
    assert "different targets, such as" in " ".join(cohort.problems)


def test_rows_alike_by_chance_are_none(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"label": ["a", "b"] * 60, "sex": rng.integers(0, 2, 120), "age": rng.integers(40, 60, 120)})
    cohort = opened(tmp_path, frame)
    assert cohort.copies is None and cohort.problems == []
