"""Which tokens a prediction rests on, by ways that do not ask the model's own attention.

Each attribution says of every token how much it adds to what is explained (`Panel.score`: the log-odds of the class
that was predicted, or the value for regression), averaged over replicates, and how far it may be trusted.

Legend: R replicates, B cases, V variants, N tokens of an input.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from mmcore.base.registry import Registry
from mmcore.training.panel import PanelReading

COMPLETE = 0.01  # share of the score that may be left unexplained
HARDLY = 0.05  # a change of the score too small to take shares of


@dataclass(frozen=True, eq=False)
class Attribution:
    """What each token of one case adds to the explained score.

    values, spread: input -> [N] mean and sd over replicates, for the valid tokens of every present input. chosen: class
    that is explained (0 for regression). total: score of the case less the score of its baseline. delta: sum of all
    values less `total`: 0 where nothing is left unexplained, nan for attributions that promise no sum. steps: points
    on a path that it took, 0 without a path.
    """

    by: str
    values: dict[str, np.ndarray]
    spread: dict[str, np.ndarray]
    chosen: int
    total: float
    delta: float
    steps: int = 0

    @property
    def complete(self) -> bool:
        """Whether all but a hundredth of the score is accounted for; False where no sum is promised."""
        return abs(self.delta) <= COMPLETE * max(abs(self.total), HARDLY)

    @property
    def gap(self) -> float:
        """Share of the score that the values miss or make up, |delta| / |total|: the smaller, the better."""
        return abs(self.delta) / max(abs(self.total), 1e-6)

    @property
    def inputs(self) -> dict[str, float]:
        """What each input adds: the sum over its tokens."""
        return {name: float(values.sum()) for name, values in self.values.items()}


class Attributor(ABC):
    """One way to attribute.

    A subclass registers itself (`@attributors.register("name")`), takes its options as keyword-only parameters and
    implements `__call__`.
    """

    name: ClassVar[str]  # set by the registry
    citation: ClassVar[str] = ""
    signed: ClassVar[bool] = True  # False: tells only where, not in which direction
    adds_up: ClassVar[bool] = False  # True: values promise to sum to the change of the score

    @abstractmethod
    def __call__(self, reading: PanelReading) -> list[Attribution]:
        """One attribution for each of the B cases."""

    def passes(self, reading: PanelReading) -> int:
        """About how often the cases go through the model; a pass with its gradient counts as three."""
        return 3

    @classmethod
    def unavailable(cls) -> str | None:
        """None if usable here, else the reason and what to install."""
        return None


attributors: Registry[Attributor] = Registry("attribution", "mmcore.explain")


def attribute(reading: PanelReading, names: Sequence[str] = ("integrated_gradients",)) -> dict[str, list[Attribution]]:
    """Attributions of the B cases by each of these ways. Raises NotFound or Unavailable for a wrong name."""
    return {name: attributors.usable(name)()(reading) for name in names}


def rise(reading: PanelReading, chosen: Tensor) -> np.ndarray:
    """[B] score of each case less that of a case without any input, mean over replicates."""
    none = {name: torch.zeros_like(own.mask)[:, None] for name, own in reading.inputs.items()}
    empty = reading.panel.score(reading.under(none)[:, :, 0], chosen)
    return (reading.panel.score(reading.answer()[0], chosen) - empty).mean(0).numpy()


def gather(
    by: str,
    reading: PanelReading,
    each: Mapping[str, Tensor],
    chosen: Tensor,
    *,
    total: np.ndarray | None = None,
    delta: np.ndarray | None = None,
    sums: bool = True,
    steps: int = 0,
) -> list[Attribution]:
    """Values [R, B, N] per input, cut to the tokens each case has; give either `total` or `delta` [B].

    sums: whether it makes sense to add the values up.
    """
    mean = {name: values.mean(0).numpy().astype(float) for name, values in each.items()}
    spread = {name: values.std(0, correction=0).numpy().astype(float) for name, values in each.items()}
    masks, attributions = reading.masks, []
    for b in range(len(reading)):
        here = {name: mask[b] for name, mask in masks.items() if mask[b].any()}
        values = {name: mean[name][b, mask] for name, mask in here.items()}
        added = sum(float(v.sum()) for v in values.values())
        if total is not None:
            whole = float(total[b])
            missed = added - whole
        elif delta is not None:
            missed = float(delta[b])
            whole = added - missed
        else:
            raise ValueError("either the total or what is missed of it must be given")
        attributions.append(
            Attribution(
                by=by,
                values=values,
                spread={name: spread[name][b, mask] for name, mask in here.items()},
                chosen=int(chosen[b]),
                total=whole,
                delta=missed if sums else float("nan"),
                steps=steps,
            )
        )
    return attributions
