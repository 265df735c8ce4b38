"""Protects the small drawings of a case: one square for each input, with names and values."""

from __future__ import annotations

import re

from mmcore.cohorts.samples import build_sample
from mmcore.figures.case_strip import strip


def test_every_input_has_its_square():
    cohort = build_sample("lung", 4)
    drawing = strip(cohort, "a case")
    assert drawing.startswith("<svg") and "<image" in drawing and 'aria-label="a case"' in drawing
    assert all(re.search(rf">{name}</text>", drawing) for name in cohort.inputs) and "age" in drawing


def test_columns_are_told_apart_by_what_differs():
    drawing = strip(build_sample("breast_cancer", 4), "a case")
    assert ">texture</text>" in drawing and "mean text" not in drawing


def test_a_column_with_a_short_value_has_room_for_its_name():
    assert ">triglycerides</text>" in strip(build_sample("diabetes", 8), "a case")
