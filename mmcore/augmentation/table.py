"""Rows of a table that know a little less."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from mmcore.augmentation.base import Augmentation, augmentations
from mmcore.base.registry import Range
from mmcore.base.values import Kind, Row


@augmentations.register("value_dropout")
class ValueDropout(Augmentation[Row]):
    """Values that go missing, as a laboratory leaves some out.

    One always stays.

    share: how often each value goes missing
    """

    kind = Kind.TABLE

    def __init__(self, *, share: Annotated[float, Range(0, 0.9, 0.05)] = 0.1) -> None:
        self.share = share

    def __call__(self, value: Row, chance: np.random.Generator) -> Row:
        filled = [name for name, cell in value.items() if cell is not None]
        draws = dict(zip(filled, chance.random(len(filled)), strict=True))
        last = max(draws, key=lambda name: draws[name], default=None)
        lost = {name for name, draw in draws.items() if draw < self.share and name != last}
        return {name: None if name in lost else cell for name, cell in value.items()}
