"""Words in lower case: save as mmcore/augmentation/lower_case.py."""

from __future__ import annotations

import re
from typing import Annotated

import numpy as np

from mmcore.augmentation.base import Augmentation, augmentations
from mmcore.base.registry import Range
from mmcore.base.values import Kind


@augmentations.register("lower_case")
class LowerCase(Augmentation[str]):
    """Words in lower case, as typed in a hurry.

    share: how often each word is
    """

    kind = Kind.TEXT

    def __init__(self, *, share: Annotated[float, Range(0, 1, 0.05)] = 0.5) -> None:
        self.share = share

    def __call__(self, value: str, chance: np.random.Generator) -> str:
        words = re.split(r"(\s+)", value)
        lowered = chance.random(len(words)) < self.share
        return "".join(word.lower() if lower else word for word, lower in zip(words, lowered, strict=True))
