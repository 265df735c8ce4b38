"""Protects `import`: roles as everywhere, one JSON document that tells every column, a folder that opens as told."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from mmcore.cli import main
from mmcore.cohorts import open_cohort


@pytest.fixture
def source(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"age": rng.normal(60, 9, 40), "dose": rng.normal(size=40), "ill": [0, 1] * 20})
    frame.assign(weeks=rng.exponential(30, 40)).to_csv(tmp_path / "cases.csv", index=False)
    np.save(tmp_path / "ecg.npy", rng.normal(size=(40, 60)).astype("float32"))
    return tmp_path


def test_a_folder_is_written_and_every_column_told(source, capsys):
    out = source / "out"
    given = ["import", str(source), "--out", str(out), "--event", "ill", "--time", "weeks", "--rate", "ecg=50"]
    assert main([*given, "--input", "person=table:age,dose", "--input", "ecg=signal:ecg", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    roles = {column["name"]: column["role"] for column in document["columns"]}
    assert roles == {"age": "input", "dose": "input", "ill": "event", "weeks": "time", "ecg": "input"} | {
        "time to ill": "target"
    }
    assert document["task"] == "survival" and document["asked"] == [] and document["rows"] == []
    assert "the time to an event. Column 'ill' says whether it was seen ('1')" in " ".join(document["problems"])
    cohort = open_cohort(out)
    assert list(cohort.inputs) == ["person", "ecg"] and cohort.value("1", "ecg").rate_hz == 50


def test_a_person_reads_why_and_what_is_asked(source, capsys):
    assert main(["import", str(source), "--out", str(source / "out"), "--target", "ill"]) == 0
    text = " ".join(capsys.readouterr().out.split())  # lines break where they are full
    assert "numbers from" in text and "--rate ecg=HZ" in text


def test_a_built_in_cohort_is_not_imported(tmp_path, capsys):
    assert main(["import", "heart", "--out", str(tmp_path / "out")]) == 2
    assert "built-in" in capsys.readouterr().err
