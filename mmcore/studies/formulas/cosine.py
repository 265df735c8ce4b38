"""Cosine of two vectors: how nearly they point the same way."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import pandas as pd
import torch

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.encoders.text.likeness import cosines
from mmcore.figures import plain_charts
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

Number = Annotated[float, Range(-6, 6, 0.5)]


@formulas.register("cosine")
class Cosine(Formula):
    """Cosine of two vectors."""

    stage, place = Stage.ENCODE, 20
    formula = r"\cos(a, b) = \frac{\sum_i a_i b_i}{\sqrt{\sum_i a_i^2}\,\sqrt{\sum_i b_i^2}}"
    code = "mmcore.encoders.text.likeness.cosines"
    page, of_value = "features", str

    def __init__(
        self,
        *,
        a_1: Number = 1.0,
        a_2: Number = 2.0,
        a_3: Number = 3.0,
        b_1: Number = 4.0,
        b_2: Number = 5.0,
        b_3: Number = 6.0,
    ) -> None:
        self.a, self.b = np.array([a_1, a_2, a_3]), np.array([b_1, b_2, b_3])

    @staticmethod
    def title() -> str:
        return _("Cosine")

    @staticmethod
    def meaning() -> str:
        return _(
            "1 where two vectors point the same way, 0 where they stand at a right angle, −1 where they are opposed. "
            "Their lengths do not matter. The picture lays both flat, with the true angle between them."
        )

    @staticmethod
    def used() -> str:
        return _("Neighbours of a word of this case's text")

    @staticmethod
    def correction() -> str:
        return _(
            "A published example gives 0.814 for [1, 2, 3] and [4, 5, 6]. The right value is 32 / (√14 · √77) "
            "= 0.975: the two point nearly the same way."
        )

    def worked(self, case: Case | None = None) -> Worked:
        value = float(cosines(torch.from_numpy(self.b)[None], torch.from_numpy(self.a))[0])
        lengths = [float(np.linalg.norm(vector)) for vector in (self.a, self.b)]
        angle = float(np.arccos(np.clip(value, -1, 1)))
        flat = {"a": (lengths[0], 0.0), "b": (lengths[1] * np.cos(angle), lengths[1] * np.sin(angle))}
        numbers = {
            _("cosine"): value,
            _("angle in degrees"): float(np.degrees(angle)),
            _("a · b"): float(self.a @ self.b),
            _("length of a"): lengths[0],
            _("length of b"): lengths[1],
        }
        data = pd.DataFrame({"a": self.a, "b": self.b})
        return Worked(numbers, plain_charts.arrows(flat), data, _("Two arrows with the angle between the vectors"))
