"""The optimisers: AdamW, Adam and momentum, on all weights of all replicates at once.

Their numbers are those of torch.optim, which is not used: making one of its optimisers imports torch's compiler, 150 MB
and seconds in every process that trains.

Legend: R replicates, P weights of each.
"""

from __future__ import annotations

import torch
from torch import Tensor

from mmcore.training.training_spec import TrainingSpec

_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-8  # decay of both moments, and what keeps a division finite
_MOMENTUM = 0.9


class Stepper:
    """What an optimiser remembers of a matrix of weights [R, P]; it acts on each number by itself."""

    def __init__(self, spec: TrainingSpec, values: Tensor) -> None:
        self.kind, self.decay = spec.optimiser, spec.weight_decay
        count = 1 if self.kind == "sgd" else 2
        self.memory = [torch.zeros_like(values, requires_grad=False) for _moment in range(count)]
        self.taken = torch.zeros((), device=values.device)

    @torch.no_grad()
    def step(self, values: Tensor, slope: Tensor, rate: float) -> None:
        """Move the weights in place. slope: [R, P], the gradient. rate: learning rate."""
        if self.kind == "sgd":
            self.memory[0].mul_(_MOMENTUM).add_(slope).add_(values, alpha=self.decay)
            values.sub_(self.memory[0], alpha=rate)
            return
        self.taken += 1
        move = torch._fused_adamw_ if self.kind == "adamw" else torch._fused_adam_
        first, second = self.memory
        move(
            [values], [slope.contiguous()], [first], [second], [], [self.taken],
            lr=rate, beta1=_FIRST, beta2=_SECOND, weight_decay=self.decay, eps=_TINY, amsgrad=False, maximize=False,
        )  # fmt: skip

    def keep_only(self, rows: Tensor) -> None:
        """Go on with some of the replicates."""
        self.memory = [moment[rows].clone() for moment in self.memory]
