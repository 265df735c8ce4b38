"""What a method falls back to when an input is missing: the same cases, with each input taken away in turn.

Legend: R replicates, B cases, V variants, K classes.
"""

from __future__ import annotations

import numpy as np
import torch

from mmcore.training.panel import PanelReading


def without_each(reading: PanelReading) -> dict[str, np.ndarray]:
    """By input, what is predicted without it: [B, K] probabilities (regression: values [B, 1]), means over replicates.

    They are those of the method as it is delivered, recalibrated where it is. NaN for cases that lack the input, or
    have no other.
    """
    names = list(reading.inputs)
    keep = {
        name: own.mask[:, None] & torch.tensor([name != left for left in names])[None, :, None]
        for name, own in reading.inputs.items()
    }
    answers = reading.panel.activate(reading.under(keep)).mean(0).numpy().astype(float)  # [B, V, K]
    here = np.stack([reading.masks[name].any(1) for name in names], 1)  # [B, V]
    comparable = here & (here.sum(1, keepdims=True) > 1)
    return {name: np.where(comparable[:, i, None], answers[:, i], np.nan) for i, name in enumerate(names)}
