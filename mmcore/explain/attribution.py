"""Which tokens a prediction rests on, by ways that do not ask the model's own attention.

Each attribution says of every token how much it adds to what is explained (`Panel.score`: the log-odds of the class
that was predicted, or the value for regression), averaged over replicates, and how far it may be trusted.

Legend: R replicates, B cases, V variants, N tokens of an input, C their width as the model reads them.
"""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
import torch
from torch import Tensor

from mmcore.base.modules import missing_packages
from mmcore.base.registry import Range, Registry
from mmcore.training.panel import Reading

_STEPS = 16  # points on the path of integrated gradients
_KEPT = 6  # times the size of the tokens that a method over tokens keeps for its gradient


@dataclass(frozen=True, eq=False)
class Attribution:
    """What each token of one case adds to the explained score.

    values, spread: input -> [N] mean and sd over replicates, for the valid tokens of every present input. chosen: class
    that is explained (0 for regression). total: score of the case less the score of its baseline. delta: sum of all
    values less `total`: 0 where nothing is left unexplained, nan for attributions that promise no sum.
    """

    by: str
    values: dict[str, np.ndarray]
    spread: dict[str, np.ndarray]
    chosen: int
    total: float
    delta: float

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
    def __call__(self, reading: Reading) -> list[Attribution]:
        """One attribution for each of the B cases."""

    def passes(self, reading: Reading) -> int:
        """About how often the cases go through the model; a pass with its gradient counts as three."""
        return 3

    @classmethod
    def unavailable(cls) -> str | None:
        """None if usable here, else the reason and what to install."""
        return None


attributors: Registry[Attributor] = Registry("attribution", "mmcore.explain")


@attributors.register("integrated_gradients")
class IntegratedGradients(Attributor):
    """Integrated gradients.

    Gradients summed up on the straight way from a case made of average tokens of the training fold to the case itself,
    by Captum. Its values add up to the change of the score; what is missing from it is the convergence delta.

    steps: points on the way
    """

    citation = "Sundararajan, Taly & Yan, Axiomatic Attribution for Deep Networks, ICML 2017; Captum"
    adds_up = True

    def __init__(self, *, steps: Annotated[int, Range(4, 200)] = _STEPS) -> None:
        self.steps = steps

    def passes(self, reading: Reading) -> int:
        return 3 * self.steps

    def __call__(self, reading: Reading) -> list[Attribution]:
        chosen = reading.chosen()
        return [
            one
            for rows, part in reading.batches((1 if reading.panel.pooled else _KEPT) * self.steps)
            for one in self._attribute(part, chosen[rows])
        ]

    def _attribute(self, reading: Reading, chosen: Tensor) -> list[Attribution]:
        from captum.attr import IntegratedGradients as Captum

        names, panel = list(reading.inputs), reading.panel
        given = tuple(one.parts.transpose(0, 1).contiguous() for one in reading.inputs.values())  # [B, R, N, C]
        bases = tuple(one.base.transpose(0, 1).contiguous() for one in reading.inputs.values())
        masks = tuple(one.mask for one in reading.inputs.values())

        def score(*everything: Tensor) -> Tensor:
            parts, (classes, *here) = everything[: len(names)], everything[len(names) :]
            by_replicate = {name: values.transpose(0, 1) for name, values in zip(names, parts, strict=True)}
            outputs = panel.decide(by_replicate, dict(zip(names, here, strict=True)))
            return panel.score(outputs, classes).mean(0)

        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Input Tensor .* did not already require gradients")
            found, delta = Captum(score).attribute(
                given,
                bases,
                additional_forward_args=(chosen, *masks),
                n_steps=self.steps,
                method="gausslegendre",
                return_convergence_delta=True,
            )
        each = {
            name: values.detach().sum(-1).transpose(0, 1) * len(panel)
            for name, values in zip(names, found, strict=True)
        }
        return _gathered(self.name, reading, each, chosen, delta=delta.detach().numpy())

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("captum")


@attributors.register("input_x_gradient")
class InputXGradient(Attributor):
    """Gradient times token: how the score would change if a token moved towards the average one, to first order."""

    citation = (
        "Shrikumar, Greenside & Kundaje, Learning Important Features Through Propagating Activation Differences, "
        "ICML 2017"
    )

    def __call__(self, reading: Reading) -> list[Attribution]:
        chosen = reading.chosen()
        found: list[Attribution] = []
        for rows, part in reading.batches(_KEPT):
            gradients = _gradients(part, chosen[rows])
            each = {n: (gradients[n] * (one.parts - one.base)).sum(-1) for n, one in part.inputs.items()}
            found += _gathered(self.name, part, each, chosen[rows], total=_rise(part, chosen[rows]))
        return found


@attributors.register("grad_cam")
class GradCam(Attributor):
    """Grad-CAM on the tokens of each input: for an image, a map over the grid of its encoder's last layer.

    Features are weighted by their gradient, averaged over the tokens of the input; only what speaks for the prediction
    is kept. Meant for grids of an image encoder; the values of two inputs do not compare.
    """

    citation = "Selvaraju et al., Grad-CAM: Visual Explanations from Deep Networks, ICCV 2017"
    signed = False

    def __call__(self, reading: Reading) -> list[Attribution]:
        chosen = reading.chosen()
        found: list[Attribution] = []
        for rows, part in reading.batches(_KEPT):
            gradients, each = _gradients(part, chosen[rows]), {}
            for name, one in part.inputs.items():
                count = one.mask.sum(-1).clamp_min(1)[:, None, None]
                weights = (gradients[name] * one.mask.unsqueeze(-1)).sum(-2, keepdim=True) / count
                each[name] = ((one.parts - one.base) * weights).sum(-1).clamp_min(0)
            found += _gathered(self.name, part, each, chosen[rows], total=_rise(part, chosen[rows]), sums=False)
        return found


@attributors.register("occlusion")
class Occlusion(Attributor):
    """Occlusion: what the score loses when a token is taken away.

    Asks the model only for answers, so it holds for any method, and it is exact for the question it asks. Two tokens
    that say the same thing both seem useless to it: then take away a window of neighbours.

    window: neighbouring tokens of an input taken away together, one beside the other
    """

    citation = "Zeiler & Fergus, Visualizing and Understanding Convolutional Networks, ECCV 2014"

    def __init__(self, *, window: Annotated[int, Range(1, 64)] = 1) -> None:
        self.window = window

    def passes(self, reading: Reading) -> int:
        return sum(one.mask.shape[1] for one in reading.inputs.values())

    def __call__(self, reading: Reading) -> list[Attribution]:
        chosen = reading.chosen()
        whole = reading.panel.score(reading.answer()[0], chosen)  # [R, B]
        masks = {name: one.mask for name, one in reading.inputs.items()}
        each = {}
        for name, mask in masks.items():
            without = _windows(mask.shape[1], self.window)  # [V, N] True: taken away
            keep = {n: m[:, None].expand(-1, len(without), -1) for n, m in masks.items()}
            keep[name] = mask[:, None] & ~without
            lost = whole[..., None] - reading.panel.score(reading.under(keep), chosen[:, None])  # [R, B, V]
            taken = (without & mask[:, None]).float()  # [B, V, N]
            share = taken / taken.sum(-1, keepdim=True).clamp_min(1)
            each[name] = torch.einsum("rbv,bvn->rbn", lost, share) / taken.sum(1).clamp_min(1)
        return _gathered(self.name, reading, each, chosen, total=_rise(reading, chosen))


def attribute(reading: Reading, names: Sequence[str] = ("integrated_gradients",)) -> dict[str, list[Attribution]]:
    """Attributions of the B cases by each of these ways. Raises NotFound or Unavailable for a wrong name."""
    return {name: attributors.usable(name)()(reading) for name in names}


def _windows(count: int, size: int) -> Tensor:
    """[V, N] bool, the stretches that are taken away; the last ones end with the last token."""
    size = min(size, count)
    starts = torch.arange(count - size + 1)
    at = torch.arange(count)
    return (at >= starts[:, None]) & (at < starts[:, None] + size)


def _gradients(reading: Reading, chosen: Tensor) -> dict[str, Tensor]:
    """Gradient of each replicate's own score, [R, B, N, C] per input."""
    panel = reading.panel
    parts = {name: one.parts.clone().requires_grad_(True) for name, one in reading.inputs.items()}
    with torch.enable_grad():
        outputs = panel.decide(parts, {name: own.mask for name, own in reading.inputs.items()})
        score = panel.score(outputs, chosen).sum()
        found = torch.autograd.grad(score, list(parts.values()), materialize_grads=True)
    return dict(zip(parts, found, strict=True))


def _rise(reading: Reading, chosen: Tensor) -> np.ndarray:
    """[B] score of each case less that of a case without any input, mean over replicates."""
    none = {name: torch.zeros_like(one.mask)[:, None] for name, one in reading.inputs.items()}
    empty = reading.panel.score(reading.under(none)[:, :, 0], chosen)
    return (reading.panel.score(reading.answer()[0], chosen) - empty).mean(0).numpy()


def _gathered(
    by: str,
    reading: Reading,
    each: Mapping[str, Tensor],
    chosen: Tensor,
    *,
    total: np.ndarray | None = None,
    delta: np.ndarray | None = None,
    sums: bool = True,
) -> list[Attribution]:
    """Values [R, B, N] per input, cut to the tokens each case has. Either `total` or `delta` [B] is known."""
    mean = {name: values.mean(0).numpy().astype(float) for name, values in each.items()}
    spread = {name: values.std(0, correction=0).numpy().astype(float) for name, values in each.items()}
    masks, found = reading.masks, []
    for b in range(len(reading)):
        here = {name: mask[b] for name, mask in masks.items() if mask[b].any()}
        values = {name: mean[name][b, mask] for name, mask in here.items()}
        added = sum(float(v.sum()) for v in values.values())
        missed = float(delta[b]) if delta is not None else added - float(total[b])
        whole = float(total[b]) if total is not None else added - missed
        found.append(
            Attribution(
                by,
                values,
                {name: spread[name][b, mask] for name, mask in here.items()},
                int(chosen[b]),
                whole,
                missed if sums else float("nan"),
            )
        )
    return found
