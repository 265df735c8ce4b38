"""Protects: a run that is applied to new cases names every cell it could not use and every value it never saw."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.base.errors import BadInput
from mmcore.base.values import ColumnSpec, InputSpec, Kind
from mmcore.cohorts.settled import open_settled

INPUTS = {
    "labs": InputSpec(
        name="labs",
        kind=Kind.TABLE,
        columns=("crp", "ward"),
        table=(ColumnSpec(name="crp"), ColumnSpec(name="ward", type="category", categories=("ED", "ICU"))),
    ),
    "film": InputSpec(name="film", kind=Kind.IMAGE, columns=("film",)),
}


def opened(path, text: str):
    (path / "new.csv").write_text(text, encoding="utf-8")
    cohort = open_settled(path / "new.csv", INPUTS)
    return cohort, " ".join(cohort.problems)


def test_cells_that_are_no_numbers(tmp_path):
    cohort, sentence = opened(tmp_path, "id,crp,ward\na,high,ED\nb,12.5,ED\nc,low,ICU\n")
    assert cohort.value("a", "labs") == {"crp": None, "ward": "ED"} and cohort.value("b", "labs")["crp"] == 12.5
    assert "'crp': 2 cells are not numbers" in sentence and "'high' of case a" in sentence


@pytest.mark.parametrize("separator, cell", [(";", "12,5"), (",", '"12,5"'), (";", "12.5")])
def test_decimal_commas_are_read(tmp_path, separator, cell):
    lines = [separator.join(row) for row in (("id", "crp", "ward"), ("a", cell, "ED"), ("b", cell, "ED"))]
    cohort, _text = opened(tmp_path, "\n".join(lines))
    assert cohort.value("a", "labs")["crp"] == 12.5


def test_categories_never_seen(tmp_path):
    cohort, sentence = opened(tmp_path, "id,crp,ward\na,1.5,Hospice\nb,2.5,ED\nc,3,Hospice\nd,4,icu\n")
    assert (
        "2 cells hold values that did not occur in training" in sentence
        and "'Hospice' (2)" in sentence
        and "'icu' for 'ICU'" in sentence
    )
    assert cohort.value("d", "labs")["ward"] == "ICU"


def test_columns_and_inputs_that_lack(tmp_path):
    cohort, sentence = opened(tmp_path, "id,ward\na,ED\nb,ICU\n")
    assert "Column 'crp' is absent" in sentence and "Input 'film' is missing in every case" in sentence
    assert cohort.value("a", "labs") == {"crp": None, "ward": "ED"}


def test_columns_spelt_otherwise(tmp_path):
    cohort, sentence = opened(tmp_path, "id,CRP,Ward \na,7,ED\n")
    assert cohort.value("a", "labs") == {"crp": 7.0, "ward": "ED"} and "is absent" not in sentence


def test_whole_numbers_as_categories(tmp_path):
    frame = pd.DataFrame({"id": ["a", "b"], "crp": [1, 2], "ward": [1, 2]})
    frame.to_csv(tmp_path / "new.csv", index=False)
    assert "'1' (1)" in " ".join(open_settled(tmp_path / "new.csv", INPUTS).problems)


def test_a_unit_behind_a_name_is_no_other_column(tmp_path):
    cohort, sentence = opened(tmp_path, "id,CRP (mg/L),ward\na,7,ED\nb,8,ED\n")
    assert cohort.value("a", "labs")["crp"] == 7.0 and "used as column 'crp'" in sentence
    assert "is absent" not in sentence


def test_words_of_the_same_meaning_are_hinted_at(tmp_path):
    spec = InputSpec(
        name="labs", kind=Kind.TABLE, columns=("sex", "smoker", "side"),
        table=(
            ColumnSpec(name="sex", type="category", categories=("F", "M")), ColumnSpec(name="smoker"),
            ColumnSpec(name="side", type="category", categories=("left", "right")),
        ),
    )  # fmt: skip
    (tmp_path / "new.csv").write_text("id,sex,smoker,side\na,Female,True,L\nb,Male,False,both\nc,F,True,right\n")
    sentences = " ".join(open_settled(tmp_path / "new.csv", {"labs": spec}).problems)
    assert "write 'F' for 'Female', 'M' for 'Male'" in sentences and "write 1 for 'True', 0 for 'False'" in sentences
    assert "write 'left' for 'L'." in sentences and "'both' (1)" in sentences


def test_categories_that_are_not_named_one_by_one_are_counted(tmp_path):
    names = tuple(f"ward {number}" for number in range(10, 22))
    spec = InputSpec(
        name="stay", kind=Kind.TABLE, columns=("ward",),
        table=(ColumnSpec(name="ward", type="category", categories=names),),
    )  # fmt: skip
    (tmp_path / "new.csv").write_text("id,ward\na,cellar\nb,ward 12\n")
    sentences = " ".join(open_settled(tmp_path / "new.csv", {"stay": spec}).problems)
    assert "'cellar' (1); those that did are 'ward 10'" in sentences and "'ward 17' and 4 more." in sentences


def test_ids_that_repeat_come_with_what_can_be_done(tmp_path):
    with pytest.raises(BadInput) as error:
        opened(tmp_path, "id,crp,ward\na,1,ED\na,2,ED\n")
    assert "a-1 and a-2" in error.value.hint and "group" not in error.value.hint


def test_a_rate_in_the_file_beside_the_new_cases_counts(tmp_path):
    """Where the run's recordings said theirs, and the new ones do not."""
    for id in "ab":
        np.save(tmp_path / f"{id}.npy", np.random.default_rng(0).normal(size=(2, 300)))
    (tmp_path / "cases.csv").write_text("id,ecg\na,a.npy\nb,b.npy\n")
    (tmp_path / "cohort.toml").write_text('[inputs.ecg]\nkind = "signal"\ncolumns = ["ecg"]\nrate_hz = 250\n')
    cohort = open_settled(tmp_path, {"ecg": InputSpec(name="ecg", kind=Kind.SIGNAL, columns=("ecg",))})
    assert cohort.value("a", "ecg").rate_hz == 250
