"""Protects: a column of sampling rates gives the recordings theirs, and is neither an input nor a leak."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mmcore.base.values import InputSpec, Kind
from mmcore.cohorts import Roles, open_cohort
from mmcore.cohorts.settled import open_settled


@pytest.fixture
def folder(tmp_path):
    """Eight recordings without a rate of their own."""

    def write(**columns):
        rows = pd.DataFrame({"id": [f"c{i}" for i in range(8)], "label": ["ill", "well"] * 4} | columns)
        for name in ("ecg", "sound"):
            if name in columns:
                (tmp_path / name).mkdir()
                for i in range(8):
                    np.save(tmp_path / name / f"{i}.npy", np.sin(np.arange(600) / (i + 5), dtype=np.float32)[None])
        rows.to_csv(tmp_path / "cases.csv", index=False)
        return tmp_path

    return write


def files(name: str) -> list[str]:
    return [f"{name}/{i}.npy" for i in range(8)]


@pytest.mark.parametrize("column", ["fs", "Sampling Rate (Hz)", "sample_rate", "ecg_fs", "fs ecg", "采样率"])
def test_each_case_has_the_rate_of_its_row(folder, column):
    cohort = open_cohort(folder(ecg=files("ecg"), **{column: [250, 500] * 4}))  # and it tells the classes apart
    assert [cohort.value(id, "ecg").rate_hz for id in cohort.ids] == [250, 500] * 4
    assert set(cohort.inputs) == {"ecg"} and column in cohort.schema.ignored and not cohort.leaks
    assert any(f"'{column}'" in sentence and "250 to 500 Hz" in sentence for sentence in cohort.problems)
    table = pd.read_csv(cohort.source).assign(**{column: 125})
    table.to_csv(cohort.source, index=False)
    assert open_cohort(cohort.source).digest("c1", "ecg") != cohort.digest("c1", "ecg")


def test_the_same_rate_in_all_rows_is_that_of_the_input(folder):
    cohort = open_cohort(folder(ecg=files("ecg"), **{"fs_kHz": [0.5] * 8}))
    assert cohort.inputs["ecg"].rate_hz == 500


def test_what_is_said_goes_before_the_column(folder):
    path = folder(ecg=files("ecg"), fs=[250] * 8)
    assert open_cohort(path, Roles(rates={"ecg": 100})).inputs["ecg"].rate_hz == 100
    assert open_cohort(path, Roles(ignore=("fs",))).inputs["ecg"].rate_hz is None
    (path / "cohort.toml").write_text('ignore = ["fs"]\n', encoding="utf-8")
    assert open_cohort(path).inputs["ecg"].rate_hz is None


def test_a_column_that_may_mean_two_inputs_is_told(folder):
    cohort = open_cohort(folder(ecg=files("ecg"), sound=files("sound"), fs=[250] * 8, sound_fs=[2000] * 8))
    assert cohort.inputs["sound"].rate_hz == 2000 and cohort.inputs["ecg"].rate_hz is None
    assert any("'fs'" in sentence and "ecg, sound" in sentence for sentence in cohort.problems)


def test_without_recordings_it_is_a_column_like_others(folder):
    cohort = open_cohort(folder(age=range(8), fs=[250, 300, 500, 250, 300, 500, 250, 300]))
    assert cohort.inputs["table"].columns == ("age", "fs")


def test_numbers_that_are_no_rates_are_none(folder):
    cohort = open_cohort(folder(ecg=files("ecg"), fs=[0, 1, 0, 1, 1, 0, 0, 1]))
    assert cohort.inputs["ecg"].rate_hz is None and cohort.value("c0", "ecg").rate_hz is None


def test_new_cases_of_a_run_have_the_rate_of_their_own_table(folder):
    run = {"ecg": InputSpec(name="ecg", kind=Kind.SIGNAL, columns=("ecg",), rate_hz=100)}
    assert open_settled(folder(ecg=files("ecg"), fs=[250] * 8), run).value("c0", "ecg").rate_hz == 250


def test_an_uploaded_recording_is_recognised_whatever_rate_its_row_gives(folder):
    cohort = open_cohort(folder(ecg=files("ecg"), fs=[250, 500] * 4))
    assert cohort.rates("ecg") == [250, 500]
    spec, data = cohort.inputs["ecg"], Path(cohort.source).with_name("ecg").joinpath("3.npy").read_bytes()
    for rate in (None, 250, 300):  # also where its reader is mistaken in the rate
        read_as = spec.model_copy(update={"rate_hz": rate})
        assert cohort.digest_of_upload(read_as, "other name.npy", data) == cohort.digest("c3", "ecg")
    assert cohort.digest_of_upload(spec, "new.npy", data[:-4] + b"1234") not in cohort.contents["ecg"]
