"""Random numbers by case: case i is the same for a seed, however many cases there are. Legend: N cases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri

_CUT = 0.0005  # share of a normal variable cut off at either end


class Draws:
    """Random numbers by case: case i draws the same for a seed, however many cases there are.

    Each call takes the next column of one block of uniforms [N, count]; `topic` keeps the streams of the inputs apart.
    """

    def __init__(self, cases: range, seed: int, topic: int, count: int) -> None:
        self._block = np.stack([np.random.default_rng([seed, topic, case]).random(count) for case in cases])
        self._next = 0

    def uniform(self, low: float = 0.0, high: float = 1.0, shape: tuple[int, ...] = ()) -> np.ndarray:
        """[N, *shape] between low and high."""
        count = int(np.prod(shape))
        taken = self._block[:, self._next : self._next + count]
        self._next += count
        return low + (high - low) * taken.reshape(len(taken), *shape)

    def normal(self, mean: float = 0.0, sd: float = 1.0, shape: tuple[int, ...] = ()) -> np.ndarray:
        """[N, *shape], cut at 3.3 standard deviations so that no case is absurd."""
        return mean + sd * ndtri(self.uniform(_CUT, 1 - _CUT, shape))

    def happens(self, share: float | np.ndarray) -> np.ndarray:
        """[N] bool, true with probability `share`."""
        return self.uniform() < share


def normal_below(x: np.ndarray) -> np.ndarray:
    """Chance that a standard normal variable as `Draws.normal` draws it lies below x."""
    return np.clip((ndtr(x) - _CUT) / (1 - 2 * _CUT), 0, 1)


def white_noise(cases: range, seed: int, topic: int, shape: tuple[int, ...]) -> np.ndarray:
    """White noise by case [N, *shape] float32."""
    return np.stack([np.random.default_rng([seed, topic, case]).standard_normal(shape, np.float32) for case in cases])


def draw_presence(inputs: Sequence[str], missing: float, cases: range, seed: int, topic: int) -> dict[str, np.ndarray]:
    """Input -> [N] bool. Each is missing at random, but no case misses all of them: such a case keeps one."""
    draw = Draws(cases, seed, topic, count=len(inputs) + 1)
    present = draw.uniform(shape=(len(inputs),)) >= missing
    spared = draw.uniform(0, len(inputs)).astype(int)
    present[np.arange(len(cases)), spared] |= ~present.any(axis=1)
    return dict(zip(inputs, present.T, strict=True))
