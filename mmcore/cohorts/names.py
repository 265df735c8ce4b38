"""How a cell of the table becomes the name of a class, a group or a category."""

from __future__ import annotations

import numpy as np
import pandas as pd


def class_name(cell: object) -> str | None:
    """1, 1.0 and "1" are the same name; None where the cell is empty."""
    if cell is None or cell is pd.NA or (isinstance(cell, (float, np.floating)) and np.isnan(cell)):
        return None
    if isinstance(cell, (bool, np.bool_)):
        return str(bool(cell)).lower()
    if isinstance(cell, (float, np.floating)) and float(cell).is_integer():
        return str(int(cell))
    return str(cell).strip() or None
