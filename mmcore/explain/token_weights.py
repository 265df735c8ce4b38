"""Where a method looks, as one weight per token: what its attention comes to when all inputs are laid side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mmcore.training.panel import PanelReading


@dataclass(frozen=True, eq=False)
class TokenWeights:
    """level: "tokens" if the method weighs tokens, "inputs" if only inputs.

    values: input -> [N] weight of each valid token, mean over replicates: weight within its input times weight of the
    input where both are known; they sum to 1 over all inputs. Of a method that weighs only inputs, the tokens of an
    input share its weight evenly. inputs: input -> weight, for present inputs.
    """

    level: Literal["tokens", "inputs"]
    values: dict[str, np.ndarray]
    inputs: dict[str, float]


def token_weights(reading: PanelReading) -> list[TokenWeights] | None:
    """Attention of each of the B cases; None for a method that shows no weights."""
    _outputs, maps = reading.answer()
    masks = reading.masks
    names = list(masks)
    by_token = maps.tokens  # [R, B, N]
    if maps.inputs is None and not by_token:
        return None
    present = np.stack([masks[name].any(-1) for name in names], -1)  # [B, M]
    even = present / np.maximum(present.sum(-1, keepdims=True), 1)
    by_input = even[None] if maps.inputs is None else maps.inputs  # [R, B, M]
    weights = []
    for b in range(len(reading)):
        values = {}
        for i, name in enumerate(names):
            mask = masks[name][b]
            if not mask.any():
                continue
            within = by_token[name][:, b, mask] if name in by_token else np.full((1, mask.sum()), 1 / mask.sum())
            values[name] = (by_input[:, b, i, None] * within).mean(0).astype(float)
        inputs = {name: float(value.sum()) for name, value in values.items()}
        weights.append(TokenWeights("tokens" if by_token else "inputs", values, inputs))
    return weights
