"""Pictures drawn from shapes, a block of cases at once. Legend: n cases of a block, H height, W width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from mmcore.base.values import Box, Evidence

_BLOCK = 40  # cases drawn at once: small enough for the arrays of a block to stay in the processor's cache


def draw_in_blocks(
    draw: Callable[[slice, range], tuple[np.ndarray, list[tuple[Evidence, ...]]]], cases: range
) -> tuple[np.ndarray, list[tuple[Evidence, ...]]]:
    """Pictures [N, H, W] and the evidence in each, of `draw(rows, their cases)` for one block after the other."""
    with ThreadPoolExecutor(max_workers=2) as pool:  # numpy lets go of the interpreter lock
        drawn = list(pool.map(draw, *zip(*_blocks(cases), strict=True)))
    return np.concatenate([pictures for pictures, _ in drawn]), [signs for _, evidence in drawn for signs in evidence]


def _blocks(cases: range) -> Iterator[tuple[slice, range]]:
    """Rows of each block, and its cases."""
    for start in range(0, len(cases), _BLOCK):
        rows = slice(start, min(start + _BLOCK, len(cases)))
        yield rows, cases[rows]


def once(values: np.ndarray) -> np.ndarray:
    """What a patient has once, [n] -> [n, 1, 1] float32, to meet pictures [n, H, W]."""
    return np.asarray(values, np.float32).reshape(-1, 1, 1)


def centres(side: int) -> np.ndarray:
    """[1, side] float32: middles of the pixels of a row, from -1 to 1."""
    return ((np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1)[None]


def soft(distance: np.ndarray, width: float) -> np.ndarray:
    """0 to 1 across an edge of that width."""
    return np.clip(distance / width + 0.5, 0, 1)


def ball(across: np.ndarray, down: np.ndarray | np.floating) -> np.ndarray:
    """Thickness of an ellipsoid of radius 1."""
    return np.sqrt(np.clip(1 - across**2 - down**2, 0, 1))


def as_bytes(grey: np.ndarray) -> np.ndarray:
    """Grey from 0 to 1 as uint8."""
    return (np.clip(grey, 0, 1) * 255 + 0.5).astype(np.uint8)


def sign_on(mask: np.ndarray, name: str, effect: float) -> Evidence:
    """Evidence on a square picture: its mask [H, H] bool and the box around it."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    edges = np.array([rows[0], columns[0], rows[-1] + 1, columns[-1] + 1]) / len(mask)
    return Evidence(name, (Box(*map(float, edges)),), effect, mask)
