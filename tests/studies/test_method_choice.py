"""Protects: a name that an input shares with a fusion method means the input alone, everywhere, and this is told."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.studies import StudySettings, all_methods, hidden_methods, plan
from mmcore.studies.method_choice import fusing
from pages.parts.method_picker import is_fusion
from tests.cohorts.auditing.made import clean, cohort_of


@pytest.fixture
def cohort():
    table, values = clean(60)
    return cohort_of(table, {"film": {id: np.full((8, 8), 7, np.uint8) for id in values["film"]}})


def test_an_input_named_like_a_method_is_the_input(cohort):
    spec = plan(cohort, "film", settings=StudySettings(folds=3, seeds=1))
    assert spec.single_input and spec.inputs == ("film",)
    assert all_methods(cohort).count("film") == 1 and "film" not in fusing(cohort)
    assert not is_fusion(cohort, "film") and is_fusion(cohort, "gated")
    (sentence,) = hidden_methods(cohort)
    assert "'film'" in sentence


def test_without_such_a_name_nothing_is_said():
    table, values = clean(60)
    other = cohort_of(table, {"ecg": values["ecg"]})
    assert hidden_methods(other) == [] and "film" in fusing(other)
