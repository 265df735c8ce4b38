"""How much of a method's answer is its network's and how much its linear part's.

The answer is (1 - share) linear + share network, in logits (for regression in standardised values). The share is a mean
over a coarse grid, each value weighted by how well it does on cases that neither had been fitted on: the validation
rows of the network, for which the linear logits come from inner folds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from mmcore.training.linear_fit import confidence, mean_losses
from mmcore.training.tasks import Task

GRID = (0.0, 0.25, 0.5, 0.75, 1.0)
_TRUST = 0.25  # validation rows recur from seed to seed and stopped the training: each counts as so much of a case


def network_share(
    task: Task, network: Sequence[Tensor], linear: Sequence[Tensor], labels: Sequence[Tensor], weight: Sequence[Tensor]
) -> float:
    """Share of the network in the answer of a fold, 0 to 1.

    One entry for every replicate of the fold: logits of the network and (out of inner folds) of the linear part on its
    validation rows [n, O], their labels [n] and weights [n].
    """
    ours, theirs, wanted, counts = (torch.cat(list(part)) for part in (network, linear, labels, weight))
    total = counts.sum()
    if len(ours) == 0 or not bool(total > 0):
        return 0.5
    mixed = torch.stack([(1 - share) * theirs + share * ours for share in GRID])
    losses = mean_losses(task, mixed, wanted, counts / total)
    return float(confidence(losses, _TRUST * len(ours)) @ torch.tensor(GRID))


def blended(network: Tensor, linear: Tensor, share: Tensor | float) -> Tensor:
    """Logits of both, weighed."""
    return linear + share * (network - linear)


def rows_apart(fitted: np.ndarray, validation: np.ndarray, groups: np.ndarray | None) -> bool:
    """Whether the validation rows, and their groups [N], were kept from what was fitted: small cohorts and cohorts of
    few groups cannot spare any."""
    if np.isin(validation, fitted).any():
        return False
    return groups is None or not np.isin(groups[validation], groups[fitted]).any()
