"""Protects targets with several labels in a cell: recognised however they are written, and one can be learnt."""

from __future__ import annotations

import pandas as pd
import pytest

from mmcore.base.errors import RolesNeeded
from mmcore.cohorts import Roles, open_cohort
from mmcore.cohorts.several_labels import several_labels

CELLS = ["Mass", "Mass|Effusion", "Effusion", "No Finding", "Effusion|Nodule"] * 6


@pytest.mark.parametrize(
    "write", ["|".join, ";".join, ", ".join, repr, lambda names: repr(dict.fromkeys(names, 100.0))]
)
def test_labels_are_told_apart(write):
    labels = several_labels(pd.Series([write(cell.split("|")) for cell in CELLS]))
    assert labels is not None and labels.counts == {"Effusion": 18, "Mass": 12, "No Finding": 6, "Nodule": 6}


@pytest.mark.parametrize(
    "cells",
    [["Smith, John", "Doe, Jane"] * 9, ["yes", "no"] * 9, ["a/b", "c"] * 9, ["stage I", "stage II"] * 9, ["1"] * 9],
)
def test_other_words_are_left_alone(cells):
    assert several_labels(pd.Series(cells, dtype=object)) is None


def test_a_target_of_several_labels_says_what_to_choose(tmp_path):
    pd.DataFrame({"age": [50, 47, 61] * 10, "label": CELLS}).to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path)
    with pytest.raises(RolesNeeded, match="several labels in a cell") as text:
        cohort.require_target()
    assert "'Effusion' (18)" in text.value.hint and cohort.schema.task is None
    chosen = open_cohort(tmp_path, Roles(positive="mass"))
    assert chosen.positive == "Mass" and chosen.target.sum() == 12 and "label" in chosen.schema.ignored
