"""Widgets made from signatures and columns: a press on plus or minus does what a person would expect."""

from __future__ import annotations

import pandas as pd
import pytest

from pages.parts.form_fields import step_of_column


def test_a_press_moves_a_value_by_a_round_part_of_the_spread_of_its_column():
    assert step_of_column(pd.Series([40, 55, 81, None])) == 1
    assert step_of_column(pd.Series([4.1, 5.2, 8.4])) == pytest.approx(0.1)
    assert step_of_column(pd.Series([0, 1, 1, 0])) == 1, "whole numbers stay whole"
    assert step_of_column(pd.Series([2.0, 2.0])) == step_of_column(pd.Series([], dtype=float)) == 1
