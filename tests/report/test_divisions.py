"""Protects what a report and a model card say of how cases were divided: only what that division did."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore import studies
from mmcore.cohorts import Roles, open_cohort
from mmcore.report.model_card import model_card
from mmcore.studies.reporting import report_document
from mmcore.training import TrainingSpec


@pytest.fixture
def folder(tmp_path):
    """Two cases of each patient, parted by a published split that minds no patient."""
    rng, count = np.random.default_rng(0), 90
    ill = rng.integers(0, 2, count)
    pd.DataFrame(
        {
            "id": [f"c{i}" for i in range(count)],
            "patient": [f"p{i // 2}" for i in range(count)],
            "pressure": ill + rng.normal(0, 1, count),
            "pulse": ill + rng.normal(0, 1, count),
            "split": np.where(np.arange(count) % 3 == 0, "test", "train"),
            "label": np.where(ill, "ill", "well"),
        }
    ).to_csv(tmp_path / "cases.csv", index=False)
    return tmp_path


@pytest.mark.parametrize(
    ("split", "present", "absent"),
    [
        (
            "group",
            (
                "whole groups together (group: patient)",
                "stay together",
                "or any other of its group",
                "into this many parts",
            ),
            ("held out", "at random: "),
        ),
        ("random", ("divided at random: some may", "into this many parts"), ("stay together", "any other of its")),
        (
            "column:split",
            ("One part of the cases is held out", "Cases held out for testing", "Tested on 30 cases"),
            ("stay together", "any other of its", "into this many parts", "used in training", "Trained on 30"),
        ),
    ],
)
def test_patients_and_parts_are_told_as_they_were_divided(folder, split, present, absent):
    roles = Roles(target="label", group="patient", id="id", inputs={"bp": "table:pressure", "hr": "table:pulse"})
    settings = studies.StudySettings(folds=2, seeds=1, split=split, training=TrainingSpec(epochs=2, width=8))
    compared = studies.compare(open_cohort(folder, roles=roles), ["bp", "concat"], None, settings)
    lines = [line for section in report_document(compared, []).sections for line in section.lines]
    words = "\n".join([*lines, model_card(compared.by_method["concat"])])
    assert "the columns 'pressure', 'pulse'" in words and "– – –" not in words
    assert [part for part in present if part not in words] == []
    assert [part for part in absent if part in words] == []
