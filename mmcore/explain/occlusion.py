"""Attribution by taking tokens away.

Legend: R replicates, B cases, V variants, N tokens of an input.
"""

from __future__ import annotations

from typing import Annotated

import torch
from torch import Tensor

from mmcore.base.registry import Range
from mmcore.explain.attribution import Attribution, Attributor, attributors, gather, rise
from mmcore.training.panel import PanelReading


@attributors.register("occlusion")
class Occlusion(Attributor):
    """Occlusion: what the score loses when a token is taken away.

    Asks the model only for answers, so it holds for any method, and it is exact for the question it asks. Two tokens
    that say the same thing both seem useless to it: then take away a window of neighbours.

    window: number of neighbouring tokens of an input that are taken away together
    """

    citation = "Zeiler & Fergus, Visualizing and Understanding Convolutional Networks, ECCV 2014"

    def __init__(self, *, window: Annotated[int, Range(1, 64)] = 1) -> None:
        self.window = window

    def passes(self, reading: PanelReading) -> int:
        return sum(own.mask.shape[1] for own in reading.inputs.values())

    def __call__(self, reading: PanelReading) -> list[Attribution]:
        chosen = reading.chosen()
        whole = reading.panel.score(reading.answer()[0], chosen)  # [R, B]
        masks = {name: own.mask for name, own in reading.inputs.items()}
        each = {}
        for name, mask in masks.items():
            without = _windows(mask.shape[1], self.window)  # [V, N] True: taken away
            keep = {n: m[:, None].expand(-1, len(without), -1) for n, m in masks.items()}
            keep[name] = mask[:, None] & ~without
            lost = whole[..., None] - reading.panel.score(reading.under(keep), chosen[:, None])  # [R, B, V]
            taken = (without & mask[:, None]).float()  # [B, V, N]
            share = taken / taken.sum(-1, keepdim=True).clamp_min(1)
            each[name] = torch.einsum("rbv,bvn->rbn", lost, share) / taken.sum(1).clamp_min(1)
        return gather(self.name, reading, each, chosen, total=rise(reading, chosen))


def _windows(count: int, size: int) -> Tensor:
    """[V, N] bool, the stretches that are taken away; the last ones end with the last token."""
    size = min(size, count)
    starts = torch.arange(count - size + 1)
    at = torch.arange(count)
    return (at >= starts[:, None]) & (at < starts[:, None] + size)
