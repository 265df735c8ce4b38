"""Which dimensions of a table's tokens belong to which column.

N tokens, D width.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmcore.base.settings import _


def owned(columns: Sequence[str], slots: Sequence[str], tokens: np.ndarray) -> np.ndarray:
    """[N, D] bool: slots that are named after a token's column ("sex", "sex=male", "sex missing"), or that it fills."""
    named = [
        [
            slot == column or slot.startswith(f"{column}=") or slot == _("{column} missing").format(column=column)
            for slot in slots
        ]
        for column in columns
    ]
    return np.array(named, bool).reshape(tokens.shape) | (tokens != 0)


def taken(columns: Sequence[str], slots: Sequence[str], tokens: np.ndarray) -> np.ndarray:
    """[N, D] bool: slots that hold a token's value, a number of 0 too unless it is said to be missing."""
    at = {slot: i for i, slot in enumerate(slots)}
    held = tokens != 0
    for row, column in enumerate(columns):
        flag = at.get(_("{column} missing").format(column=column))
        if column in at and (flag is None or not held[row, flag]):
            held[row, at[column]] = True
    return held
