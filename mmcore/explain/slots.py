"""Which dimensions of a table's tokens belong to which column.

N tokens, D width.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmcore.settings import _


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
