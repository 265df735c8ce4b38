"""Tokens that are mostly zeros, as they lie in a shard: what is filled of each row, and where.

A table of 650 columns is as many tokens, each of twice as many numbers of which it fills two: 3.4 MB a case as they
are, some kB so. What is read back is the same to the bit. Legend: R rows, D width, F filled places.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_WORTH = 4  # times smaller, from which it is done
_MANY = 1 << 16  # numbers below which nothing is gained


def packed(values: np.ndarray) -> dict[str, np.ndarray]:
    """What is written of [R, D]: "values" as it is, or filled [F], column [F] and ends [R + 1] of the rows."""
    bits = values.view(f"u{values.itemsize}")  # -0.0 is no zero
    if values.size < _MANY or np.count_nonzero(bits) * (values.itemsize + 4) * _WORTH > values.nbytes:
        return {"values": values}
    row, column = np.nonzero(bits)
    ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(values)))])
    return {"filled": values[row, column], "column": column.astype(np.int32), "ends": ends.astype(np.int64)}


def shape_of(shard: Any, dims: int) -> list[int]:
    """[R, D] of what a shard holds."""
    if "values" in shard.keys():  # noqa: SIM118 it is no dict
        return list(shard.get_slice("values").get_shape())
    return [shard.get_slice("ends").get_shape()[0] - 1, dims]


def rows(shard: Any, start: int, end: int, dims: int) -> np.ndarray:
    """Rows start to end of a shard: [end - start, D]."""
    if "values" in shard.keys():  # noqa: SIM118 it is no dict
        return np.asarray(shard.get_slice("values")[start:end])
    ends = shard.get_slice("ends")[start : end + 1]
    filled, column = (shard.get_slice(name)[int(ends[0]) : int(ends[-1])] for name in ("filled", "column"))
    values = np.zeros((end - start, dims), filled.dtype)
    values[np.repeat(np.arange(end - start), np.diff(ends)), column] = filled
    return values
