"""All weights of all replicates in one matrix, so that an optimiser's step is one operation."""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor, nn

from mmcore.training.stepper import Stepper
from mmcore.training.training_spec import TrainingSpec

WARM_UP = 0.1  # share of the steps over which the learning rate rises


class Flat:
    """The parameters of a model as views of `values` [R, P] (R = 1 and no leading R in the views if not stacked).

    shares: [P] learning rate of each number as a share of the run's, or None where all learn alike; a module
    with an attribute `learning_rate_scale` sets it for its own parameters.
    """

    def __init__(self, model: nn.Module, replicates: int, stacked: bool) -> None:
        self.model, self.stacked = model, stacked
        named = list(model.named_parameters())
        self.names = [name for name, _ in named]
        self.shapes = [p.shape[1:] if stacked else p.shape for _, p in named]
        values = torch.cat([p.detach().reshape(replicates, -1) for _, p in named], 1)
        self.shares = self._shares()
        self.hold(values)

    def _shares(self) -> Tensor | None:
        modules = self.model.named_modules()
        scales = {
            name: scale for name, module in modules if (scale := getattr(module, "learning_rate_scale", 1.0)) != 1.0
        }
        if not scales:
            return None
        shares = [
            next((share for prefix, share in scales.items() if name.startswith(f"{prefix}.")), 1.0)
            for name in self.names
        ]
        return torch.cat(
            [torch.full((shape.numel(),), share) for shape, share in zip(self.shapes, shares, strict=True)]
        ).to(next(self.model.parameters()).device)

    def step(self, stepper: Stepper, rate: float) -> None:
        """One step of the optimiser at this learning rate. Its moves are linear in the rate, so a share of the move is
        a share of the rate."""
        values, slope = self.values.detach(), cast(Tensor, self.values.grad)
        if self.shares is None:
            stepper.step(values, slope, rate)
            return
        before = values.clone()
        stepper.step(values, slope, rate)
        values.copy_(torch.lerp(before, values, self.shares))

    def hold(self, values: Tensor) -> None:
        """Take these values [R, P]: the model's parameters become views of them."""
        self.values = nn.Parameter(values)
        self.values.grad = torch.zeros_like(values)
        self.parameters = [nn.Parameter(view) for view in self.views(self.values.detach())]
        owners = dict(self.model.named_modules())
        for name, parameter in zip(self.names, self.parameters, strict=True):
            path, _, leaf = name.rpartition(".")
            owners[path]._parameters[leaf] = parameter

    def backward(self, loss: Tensor) -> None:
        """Gradients of a loss into `values.grad`; zero for what the loss does not depend on."""
        grads = torch.autograd.grad(loss, self.parameters, materialize_grads=True)
        lead = self.values.shape[0]
        torch.cat([grad.reshape(lead, -1) for grad in grads], 1, out=self.values.grad)

    def views(self, values: Tensor) -> list[Tensor]:
        """[R, P] -> one tensor per parameter, [R, ...] or without R if not stacked."""
        parts = values.split([shape.numel() for shape in self.shapes], 1)
        lead = values.shape[:1] if self.stacked else ()
        return [
            (part if self.stacked else part[0]).view(*lead, *shape)  # `shape` of a lone number is empty
            for part, shape in zip(parts, self.shapes, strict=True)
        ]

    def named(self, values: Tensor) -> dict[str, Tensor]:
        """[R, P] -> parameters by name, always with a leading R."""
        parts = values.split([shape.numel() for shape in self.shapes], 1)
        return {
            name: part.reshape(values.shape[0], *shape)
            for name, part, shape in zip(self.names, parts, self.shapes, strict=True)
        }

    def keep_only(self, rows: Tensor, stepper: Stepper) -> None:
        """Go on with some replicates; the optimiser's memory goes with them."""
        self.hold(self.values.detach()[rows].clone())
        stepper.keep_only(rows)


def learning_rate(spec: TrainingSpec, step: int, steps: int) -> float:
    """Of the step-th of so many: up over the first tenth of them, then down to 0 along half a cosine."""
    warm = max(1, round(WARM_UP * steps))
    if step < warm:
        return spec.learning_rate * (step + 1) / warm
    return spec.learning_rate * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))
