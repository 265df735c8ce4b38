"""Protects: what only tells of the files is no input, and columns are left out for the reason that is true."""

from __future__ import annotations

import wave

import numpy as np
import pandas as pd
import pytest

from mmcore.cohorts.grouping import find_group
from mmcore.cohorts.opening import open_cohort

RATE, CASES = 8000, 24


def recordings(folder, lengths: np.ndarray) -> list[str]:
    chance = np.random.default_rng(0)
    names = [f"{i % 3}_ann_{i}.wav" for i in range(CASES)]
    for name, length in zip(names, lengths, strict=True):
        with wave.open(str(folder / name), "wb") as file:
            file.setnchannels(1), file.setsampwidth(2), file.setframerate(RATE)
            file.writeframes(chance.integers(-999, 999, round(length * RATE)).astype("<i2").tobytes())
    return names


@pytest.mark.parametrize(("unit", "off"), [("duration_s", 1), ("duration_ms", 1000)])
def test_how_long_recordings_last_and_which_take_is_no_input(tmp_path, unit, off):
    lengths = np.random.default_rng(1).uniform(0.2, 0.9, CASES).round(3)
    table = pd.DataFrame({"id": [f"c{i}" for i in range(CASES)], "audio": recordings(tmp_path, lengths),
                          "label": np.arange(CASES) % 2, unit: lengths * off,
                          "age": np.random.default_rng(2).integers(20, 80, CASES)})  # fmt: skip
    table["take"] = [int(name.split("_")[2][:-4]) for name in table["audio"]]
    table = table.sample(frac=1, random_state=0)
    table.to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path)
    assert cohort.inputs["table"].columns == ("age",)
    assert "recordings of 'audio'" in cohort.schema.ignored[unit]
    assert "each file of 'audio'" in cohort.schema.ignored["take"]


def test_a_duration_of_something_else_stays(tmp_path):
    table = pd.DataFrame({"id": [f"c{i}" for i in range(CASES)], "audio": recordings(tmp_path, np.full(CASES, 0.3)),
                          "label": np.arange(CASES) % 2, "pain_duration": np.arange(CASES) % 7 + 0.5,
                          "duration": np.array(["acute", "chronic", "<1 week"])[np.arange(CASES) % 3]})  # fmt: skip
    table.to_csv(tmp_path / "cases.csv", index=False)
    assert open_cohort(tmp_path).inputs["table"].columns == ("pain_duration", "duration")


def test_what_is_wrong_with_a_recording_is_no_input(tmp_path):
    flaws = np.array([", I-V1,", "", ", I-AVF,", ", I-V2,"])[np.arange(CASES) % 4]
    table = pd.DataFrame({"id": [f"c{i}" for i in range(CASES)], "audio": recordings(tmp_path, np.full(CASES, 0.3)),
                          "label": np.random.default_rng(3).integers(0, 2, CASES), "static_noise": flaws,
                          "noise": np.random.default_rng(2).normal(70, 9, CASES)})  # fmt: skip
    table.to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path)
    assert cohort.inputs["table"].columns == ("noise",)  # what somebody was exposed to, in decibels
    assert "wrong with the recordings of 'audio'" in cohort.schema.ignored["static_noise"]


def test_reasons_of_columns_left_out(tmp_path):
    chance = np.random.default_rng(0)
    few = [f"  I-V{i}" if i % 20 == 0 else "" for i in range(400)]
    ids, ages = [f"c{i}" for i in range(400)], chance.normal(size=400)
    table = pd.DataFrame({"id": ids, "label": np.arange(400) % 2, "age": ages,
                          "noise_leads": few, "duplicate_row": (np.arange(400) % 90 == 0).astype(int)})  # fmt: skip
    table.to_csv(tmp_path / "cases.csv", index=False)
    ignored = open_cohort(tmp_path).schema.ignored
    assert "occur twice" in ignored["duplicate_row"] and "20 of 400 cases" in ignored["noise_leads"]


HOSPITALS = ["Klinik Nord", "University Hospital", "CHU Lyon"]


@pytest.mark.parametrize(("values", "group"), [(HOSPITALS, "group"), (["placebo", "low dose", "high dose"], None)])
def test_a_group_of_hospitals_is_no_arm(values, group):
    table = pd.DataFrame({"group": values * 10, "label": [0, 1] * 15})
    assert find_group(table, {"label"})[0] == group


def test_a_copy_of_the_site_is_called_so():
    table = pd.DataFrame({"group": ["a", "b", "c"] * 10, "site": ["x", "y", "z"] * 10})
    group, passed, _remarks = find_group(table, set())
    assert group == "site" and "'site'" in passed["group"]
