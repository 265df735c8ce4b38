"""Protects one array of signals beside a table: rows belong to rows, whichever axis is time, and others are told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.cohorts import open_cohort

SAMPLES = np.random.default_rng(0).normal(size=(10, 3, 64)).astype("float32")


@pytest.mark.parametrize("turned", [False, True], ids=["channels first", "time first"])
def test_a_row_of_the_array_is_the_recording_of_a_row(tmp_path, turned):
    pd.DataFrame({"id": [f"p{i}" for i in range(10)], "label": [0, 1] * 5}).to_csv(tmp_path / "cases.csv", index=False)
    np.savez(tmp_path / "recordings.npz", X=SAMPLES.transpose(0, 2, 1) if turned else SAMPLES, y=np.arange(10))
    cohort = open_cohort(tmp_path)
    assert (cohort.value("p7", "X").samples == SAMPLES[7]).all() and len({*cohort.contents["X"]}) == 10
    assert "each row of the table its recording" in " ".join(cohort.problems)


def test_an_array_of_other_cases_is_told(tmp_path):
    pd.DataFrame({"age": range(50, 59), "label": [0, 1, 0] * 3}).to_csv(tmp_path / "cases.csv", index=False)
    np.save(tmp_path / "ecg.npy", SAMPLES)
    cohort = open_cohort(tmp_path)
    assert "10 recordings is not used, because the table has 9 rows" in " ".join(cohort.problems)


@pytest.mark.parametrize("name", ["ecg.npy", "ecg.npz"])
def test_an_array_that_cannot_be_read_is_told(tmp_path, name):
    pd.DataFrame({"age": range(50, 59), "label": [0, 1, 0] * 3}).to_csv(tmp_path / "cases.csv", index=False)
    (tmp_path / name).write_bytes(b"\x93NUMPY cut off")
    assert f"{name} is not used" in " ".join(open_cohort(tmp_path).problems)


def test_rows_of_numbers_of_other_cases_are_told(tmp_path):
    pd.DataFrame({"age": range(50, 59), "label": [0, 1, 0] * 3}).to_csv(tmp_path / "cases.csv", index=False)
    np.save(tmp_path / "ppg.npy", SAMPLES[:, 0])
    assert "10 recordings is not used, because the table has 9 rows" in " ".join(open_cohort(tmp_path).problems)


def test_few_numbers_a_case_are_columns(tmp_path):
    """Fewer than a recording has samples, or an array that is called features."""
    pd.DataFrame({"age": range(50, 60), "label": [0, 1] * 5}).to_csv(tmp_path / "cases.csv", index=False)
    np.save(tmp_path / "radiomics.npy", SAMPLES[:, 0, :5])
    np.save(tmp_path / "features.npy", SAMPLES[:, 1, :20])
    np.save(tmp_path / "y.npy", np.arange(10))
    cohort = open_cohort(tmp_path)
    columns = [column for spec in cohort.inputs.values() for column in spec.columns]
    assert {"radiomics_5", "features_20"} <= {*columns} and "y" not in columns
    assert cohort.table["radiomics_5"].iloc[3] == pytest.approx(SAMPLES[3, 0, 4])
    assert "y.npy: an array 'y'" in " ".join(cohort.problems)


def test_a_cohort_of_its_own_beside_the_table_gives_no_column(tmp_path):
    """Its labels and pictures belong to other cases, even where one of its parts is as long as the table."""
    pd.DataFrame({"age": [50, 61, 44, 72, 50, 39, 58, 61, 47, 80], "label": [0, 1] * 5}).to_csv(
        tmp_path / "cases.csv", index=False
    )
    lengths = {"train": 10, "test": 4}
    parts = {f"{part}_{name}": SAMPLES[:rows] for part, rows in lengths.items() for name in ("x", "labels")}
    np.savez(tmp_path / "other.npz", **parts)
    np.save(tmp_path / "train_labels.npy", np.arange(10))
    cohort = open_cohort(tmp_path)
    assert [*cohort.inputs] == ["table"] and cohort.inputs["table"].columns == ("age",)
    assert "other.npz is a separate cohort" in " ".join(cohort.problems)


@pytest.mark.parametrize("name", ["predictions", "y_pred", "test_probs", "folds"])
def test_what_a_model_or_a_split_wrote_is_no_measurement(tmp_path, name):
    pd.DataFrame({"age": [50, 61, 55, 70, 50, 61, 58, 70, 49, 66], "label": [0, 1] * 5}).to_csv(
        tmp_path / "cases.csv", index=False
    )
    np.save(tmp_path / f"{name}.npy", SAMPLES[:, 0, :2])
    cohort = open_cohort(tmp_path)
    assert [column for spec in cohort.inputs.values() for column in spec.columns] == ["age"]
    assert f"{name}.npy" in " ".join(cohort.problems)
