"""Protects neighbours of inputs that once went wrong: other marks of thousands, words of classes, files in lists."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mmcore.base.values import Kind
from mmcore.cohorts import open_cohort

ROWS = 40


def written(tmp_path, **columns):
    path = tmp_path / "cases.csv"
    pd.DataFrame({"label": ["a", "b"] * (ROWS // 2)} | columns).to_csv(path, index=False)
    return open_cohort(path)


@pytest.mark.parametrize("mark", ["'", "\u2019"])
def test_thousands_with_an_apostrophe_are_numbers(tmp_path, mark):
    cells = [f"{1000 + 317 * (i * i % 37):,}".replace(",", mark) for i in range(ROWS)]
    cohort = written(tmp_path, cells=cells)
    assert cohort.value(cohort.ids[2], "table")["cells"] == 2268


def test_long_numbers_of_persons_stay_apart_with_a_point_behind_them(tmp_path):
    numbers = [f"{9007199254740992 + i // 2}.0" for i in range(ROWS)]
    assert len(set(written(tmp_path, mrn=numbers, x=np.random.default_rng(0).normal(size=ROWS)).groups)) == ROWS // 2


@pytest.mark.parametrize(
    ("without", "present"),
    [
        ("ohne", "mit"),
        ("sans", "avec"),
        ("\u043d\u0438\u0437\u043a\u0438\u0439", "\u0432\u044b\u0441\u043e\u043a\u0438\u0439"),
    ],
)
def test_the_positive_class_in_other_languages(tmp_path, without, present):
    cohort = written(tmp_path, label=[without, present] * (ROWS // 2), x=np.random.default_rng(0).normal(size=ROWS))
    assert cohort.positive == present


@pytest.mark.parametrize("many", [1, 2])
def test_pictures_in_lists_are_pictures(tmp_path, many):
    def picture(i):
        file = io.BytesIO()
        Image.fromarray(np.full((6, 6), i, np.uint8)).save(file, "PNG")
        return {"bytes": file.getvalue(), "path": f"{i}.png"}

    frame = {"images": [[picture(i)] * many for i in range(ROWS)], "label": ["a", "b"] * (ROWS // 2)}
    pd.DataFrame(frame).to_parquet(tmp_path / "hub.parquet")
    cohort = open_cohort(tmp_path / "hub.parquet")
    assert cohort.inputs["images"].kind is Kind.IMAGE and cohort.value(cohort.ids[3], "images")[0, 0] == 3
    assert ("several files" in " ".join(cohort.problems)) is (many > 1)
