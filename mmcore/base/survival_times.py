"""Time to an event as one number a case: above 0 where the event was seen at that time, below 0 where the case was
followed so long without it (censored), NaN where nothing is known.

So the target of every task is one number a case. A follow-up of no length tells nothing, so 0 never occurs. Written in
a cell as survival analysis writes it: "4.2" for an event, "4.2+" for a case that was censored. Legend: N cases, H
horizons, times by which the event is there or not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

CENSORED = "+"
_MOST, _LEAST_AT_RISK = 20, 0.1  # horizons at most; share of cases that are still followed at the last one
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def events(target: np.ndarray) -> np.ndarray:
    """[...] bool: whether the event was seen."""
    seen: np.ndarray = np.nan_to_num(np.asarray(target, float)) > 0
    return seen


def followed(target: np.ndarray) -> np.ndarray:
    """[...] bool: cases whose follow-up is known."""
    target = np.asarray(target, float)
    there: np.ndarray = np.isfinite(target) & (target != 0)
    return there


def signed(times: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Times [...] and whether the event was seen then [...] -> target [...]; NaN for times that are not above 0."""
    times = np.asarray(times, float)
    usable = np.isfinite(times) & (times > 0)
    return np.where(usable, np.where(seen, times, -times), np.nan)


def written(target: float) -> str | None:
    """A cell such as "4.2" or "4.2+"; None where nothing is known."""
    if not math.isfinite(target) or target == 0:
        return None
    return f"{abs(target):g}" + (CENSORED if target < 0 else "")


def read(cell: object) -> float:
    """The reverse; NaN for anything else."""
    text = str(cell).strip()
    try:
        time = float(text.removesuffix(CENSORED))
    except ValueError:
        return math.nan
    if not math.isfinite(time) or time <= 0:
        return math.nan
    return -time if text.endswith(CENSORED) else time


def horizons(target: np.ndarray, unit: str = "") -> tuple[str, ...]:
    """Evenly spaced round times, such as "0.5 years", up to where a tenth of the cases is still followed.

    At most 20, so that curves are smooth enough to be drawn and probabilities few enough to be kept.
    """
    times = np.abs(target[followed(target)])
    if not len(times):
        return ()
    last = float(np.quantile(times, 1 - _LEAST_AT_RISK))
    raw = last / _MOST
    scale = 10.0 ** math.floor(math.log10(raw))
    step = next(each for each in (scale * part for part in _STEPS) if each >= raw * (1 - 1e-9))
    count = max(2, math.floor(last / step * (1 + 1e-9)))
    return tuple(f"{round(step * (i + 1), 12):g}" + (f" {unit}" if unit else "") for i in range(count))


def times_of(names: Sequence[str]) -> np.ndarray:
    """[H] the numbers of `horizons`."""
    return np.array([float(name.split()[0]) for name in names])


def unit_of(names: Sequence[str]) -> str:
    """The unit of `horizons`, "" where there is none."""
    return names[0].partition(" ")[2] if names else ""


def middle(names: Sequence[str]) -> int:
    """Number of the horizon that single probabilities are told for."""
    return (len(names) - 1) // 2
