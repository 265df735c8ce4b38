"""Which dimensions of a table's tokens belong to which column.

N tokens, D width.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmcore.encoders.capabilities import Holds, Slot


def owned(columns: Sequence[str], slots: Sequence[Slot], tokens: np.ndarray) -> np.ndarray:
    """[N, D] bool: slots that tell of a token's column, or that it fills. No slots: those it fills."""
    own = np.array([[slot.column == column for slot in slots] for column in columns], bool)
    return own | (tokens != 0) if slots else tokens != 0


def taken(columns: Sequence[str], slots: Sequence[Slot], tokens: np.ndarray) -> np.ndarray:
    """[N, D] bool: slots that hold a token's value, a number of 0 too unless it is said to be missing."""
    numbers = {slot.column: i for i, slot in enumerate(slots) if slot.holds is Holds.NUMBER}
    flags = {slot.column: i for i, slot in enumerate(slots) if slot.holds is Holds.MISSING}
    held = tokens != 0
    for row, column in enumerate(columns):
        if column in numbers and not (column in flags and held[row, flags[column]]):
            held[row, numbers[column]] = True
    return held
