"""Attributions that ask the model for gradients.

Legend: R replicates, B cases, S points on a way, N tokens of an input, C their width as the model reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import numpy as np
import torch
from torch import Tensor

from mmcore.base.registry import Range
from mmcore.explain.attribution import Attribution, Attributor, attributors, gather, rise
from mmcore.training.panel import Panel, PanelReading

_STEPS, _MOST_STEPS = 16, 256  # points on the path of integrated gradients, at first and at most
_HELD = 6  # times the size of the tokens that a method over tokens keeps for its gradient


@attributors.register("integrated_gradients")
class IntegratedGradients(Attributor):
    """Integrated gradients.

    Gradients summed up on the straight way from a case made of average tokens of the training fold to the case itself.
    Its values add up to the change of the score; what is missing from it is the convergence delta. Where more than 1%
    is missing the points on the way are doubled, up to 256.

    steps: steps to start with
    """

    citation = "Sundararajan, Taly & Yan, Axiomatic Attribution for Deep Networks, ICML 2017"
    adds_up = True

    def __init__(self, *, steps: Annotated[int, Range(4, 200)] = _STEPS) -> None:
        self.steps = steps

    def passes(self, reading: PanelReading) -> int:
        return 3 * self.steps

    def __call__(self, reading: PanelReading) -> list[Attribution]:
        chosen, steps = reading.chosen(), self.steps
        attributions = self._along(reading, chosen, steps)
        while steps < _MOST_STEPS:
            rows = [b for b, attribution in enumerate(attributions) if not attribution.complete]
            if not rows:
                break
            steps = min(2 * steps, _MOST_STEPS)
            rest = PanelReading(reading.panel, {name: own.cases(rows) for name, own in reading.inputs.items()})
            for b, attribution in zip(rows, self._along(rest, chosen[rows], steps), strict=True):
                attributions[b] = attribution
        return attributions

    def _along(self, reading: PanelReading, chosen: Tensor, steps: int) -> list[Attribution]:
        """Attributions of all cases with this many points on the way."""
        attributions: list[Attribution] = []
        at_once = min(steps, _STEPS)  # points asked about together, whatever their number: they share the memory
        for rows, part in reading.batches((1 if reading.panel.pooled else _HELD) * at_once):
            each, total = _integrated(part, chosen[rows], *_points(steps), at_once)
            attributions += gather(self.name, part, each, chosen[rows], total=total, steps=steps)
        return attributions


def _points(steps: int) -> tuple[Tensor, Tensor]:
    """Points on the way from 0 to 1 and their weights, by Gauss and Legendre."""
    nodes, weights = np.polynomial.legendre.leggauss(steps)
    return torch.from_numpy((nodes + 1) / 2).float(), torch.from_numpy(weights / 2).float()


def _integrated(
    reading: PanelReading, chosen: Tensor, points: Tensor, weights: Tensor, at_once: int
) -> tuple[dict[str, Tensor], np.ndarray]:
    """Difference to the average token times the gradient summed up on the way, [R, B, N] per input; what the score
    gains on the way, [B]."""
    panel, inputs = reading.panel, reading.inputs
    masks = {name: own.mask for name, own in inputs.items()}
    apart = {name: own.parts - own.base for name, own in inputs.items()}
    sums = {name: torch.zeros_like(values) for name, values in apart.items()}
    for start in range(0, len(points), at_once):
        some, weight = points[start : start + at_once], weights[start : start + at_once]
        there = {
            name: (own.base[:, None] + some[:, None, None, None] * apart[name][:, None]).flatten(1, 2)
            for name, own in inputs.items()
        }  # [R, S * B, N, C]
        repeated = {name: mask.repeat(len(some), 1) for name, mask in masks.items()}
        for name, gradient in _gradients(panel, there, repeated, chosen.repeat(len(some))).items():
            by_point = gradient.unflatten(1, (len(some), -1))  # [R, S, B, N, C]
            sums[name] += torch.einsum("s,rsbnc->rbnc", weight, by_point)
    with torch.no_grad():
        ends = [
            panel.score(panel.decide({name: getattr(own, end) for name, own in inputs.items()}, masks), chosen).mean(0)
            for end in ("parts", "base")
        ]
    each = {name: (sums[name] * apart[name]).sum(-1) for name in inputs}
    return each, (ends[0] - ends[1]).numpy()


@attributors.register("input_x_gradient")
class InputXGradient(Attributor):
    """Input × gradient: what the score would lose if a token became the average one, estimated from its slope here."""

    citation = (
        "Shrikumar, Greenside & Kundaje, Learning Important Features Through Propagating Activation Differences, "
        "ICML 2017"
    )

    def __call__(self, reading: PanelReading) -> list[Attribution]:
        chosen = reading.chosen()
        attributions: list[Attribution] = []
        for rows, part in reading.batches(_HELD):
            gradients = _own_gradients(part, chosen[rows])
            each = {n: (gradients[n] * (own.parts - own.base)).sum(-1) for n, own in part.inputs.items()}
            attributions += gather(self.name, part, each, chosen[rows], total=rise(part, chosen[rows]))
        return attributions


@attributors.register("grad_cam")
class GradCam(Attributor):
    """Grad-CAM on the tokens of each input: for an image, a map over the grid of its encoder's last layer.

    Features are weighted by their gradient, averaged over the tokens of the input; only what speaks for the prediction
    is kept. Meant for grids of an image encoder; the values of two inputs do not compare.
    """

    citation = "Selvaraju et al., Grad-CAM: Visual Explanations from Deep Networks, ICCV 2017"
    signed = False

    def __call__(self, reading: PanelReading) -> list[Attribution]:
        chosen = reading.chosen()
        attributions: list[Attribution] = []
        for rows, part in reading.batches(_HELD):
            gradients, each = _own_gradients(part, chosen[rows]), {}
            for name, own in part.inputs.items():
                count = own.mask.sum(-1).clamp_min(1)[:, None, None]
                weights = (gradients[name] * own.mask.unsqueeze(-1)).sum(-2, keepdim=True) / count
                each[name] = ((own.parts - own.base) * weights).sum(-1).clamp_min(0)
            attributions += gather(self.name, part, each, chosen[rows], total=rise(part, chosen[rows]), sums=False)
        return attributions


def _gradients(
    panel: Panel, parts: Mapping[str, Tensor], masks: Mapping[str, Tensor], chosen: Tensor
) -> dict[str, Tensor]:
    """Gradient of each replicate's own score by the parts of tokens [R, B, N, C] of every input; masks: [B, N]."""
    leaves = {name: values.detach().clone().requires_grad_(True) for name, values in parts.items()}
    with torch.enable_grad():
        score = panel.score(panel.decide(leaves, masks), chosen).sum()
        gradients = torch.autograd.grad(score, list(leaves.values()), materialize_grads=True)
    return dict(zip(leaves, gradients, strict=True))


def _own_gradients(reading: PanelReading, chosen: Tensor) -> dict[str, Tensor]:
    """The same at the cases themselves."""
    inputs = reading.inputs
    parts, masks = {name: own.parts for name, own in inputs.items()}, {name: own.mask for name, own in inputs.items()}
    return _gradients(reading.panel, parts, masks, chosen)
