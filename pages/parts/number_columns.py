"""Columns of numbers in a table: all values of one with as many digits after the point."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from mmcore.base.number_text import digits_after_point


def number_columns(frame: pd.DataFrame) -> dict[Any, Any]:
    """How the columns of numbers of `frame` are shown, for `column_config` of st.dataframe."""
    return {
        name: st.column_config.NumberColumn(name, format=number_format(frame[name]))
        for name in frame.select_dtypes("number")
    }


def number_format(values: pd.Series, digits: int = 4) -> str:
    """How a column of these numbers is shown, with so many digits that tell something."""
    return f"%.{digits_after_point(values.to_numpy(float), digits)}f"
