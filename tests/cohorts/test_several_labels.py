"""Protects targets with several labels in a cell: recognised however they are written, and one can be learnt."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.base.errors import RolesNeeded
from mmcore.cohorts import Roles, open_cohort, write_cohort
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


def test_labels_that_are_frequent_enough_are_learnt_and_the_others_named(tmp_path):
    pd.DataFrame({"age": [50, 47, 61] * 10, "label": CELLS}).to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path)
    assert cohort.schema.task == "multilabel" and cohort.schema.classes == ("Effusion", "Mass")
    assert [int(cohort.has_class(k).sum()) for k in range(2)] == [18, 12]
    assert cohort.case(cohort.ids[1]).target == "Effusion, Mass" and cohort.case(cohort.ids[3]).target == "none"
    assert any("'Nodule' (6)" in problem for problem in cohort.problems)


def test_one_label_is_learnt_against_all_others_where_it_is_asked_for(tmp_path):
    pd.DataFrame({"age": [50, 47, 61] * 10, "label": CELLS}).to_csv(tmp_path / "cases.csv", index=False)
    chosen = open_cohort(tmp_path, Roles(positive="mass"))
    assert chosen.positive == "Mass" and chosen.target.sum() == 12 and "label" in chosen.schema.ignored


def test_too_few_labels_say_what_to_choose(tmp_path):
    cells = ["Mass", "Mass|Effusion", "Effusion", "Nodule"] * 4
    pd.DataFrame({"age": [50, 47, 61, 55] * 4, "label": cells}).to_csv(tmp_path / "cases.csv", index=False)
    with pytest.raises(RolesNeeded, match="several labels in a cell") as text:
        open_cohort(tmp_path).require_target()
    assert "'Mass' (8)" in text.value.hint


def test_several_columns_of_flags_are_one_target_and_survive_a_folder(tmp_path):
    table = pd.DataFrame(
        {"age": np.random.default_rng(0).normal(60, 9, 40), "mass": [0, 1] * 20, "fluid": [1, 1, 0, 0] * 10}
    )
    table.loc[0, "mass"] = None
    table.to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path, Roles(target="mass, fluid"))
    assert cohort.schema.task == "multilabel" and set(cohort.schema.classes) == {"fluid", "mass"}
    assert list(cohort.inputs) == ["table"] and list(cohort.inputs["table"].columns) == ["age"]
    assert [cohort.case(id).target for id in cohort.ids[:4]] == [None, ", ".join(cohort.schema.classes), "none", "mass"]
    again = open_cohort(write_cohort(cohort, tmp_path / "written"))
    assert again.schema.classes == cohort.schema.classes and (again.target == cohort.target).all()


def test_finer_codes_of_the_same_labels_are_a_leak(tmp_path):
    rng = np.random.default_rng(0)
    mass, fluid = rng.random((2, 80)) < 0.5
    cells = ["|".join(n for n, there in (("mass", m), ("fluid", f)) if there) or "well"
             for m, f in zip(mass, fluid, strict=True)]  # fmt: skip
    codes = [str({**({"M1": 1} if m and i % 2 else {"M2": 1} if m else {}), **({"F": 1} if f else {}), "SR": 0})
             for i, (m, f) in enumerate(zip(mass, fluid, strict=True))]  # fmt: skip
    pd.DataFrame({"age": rng.normal(60, 9, 80), "codes": codes, "label": cells}).to_csv(tmp_path / "cases.csv")
    cohort = open_cohort(tmp_path)
    assert cohort.schema.task == "multilabel" and "codes" in cohort.schema.leaks
