"""Softmax: scores become shares."""

from __future__ import annotations

from typing import Annotated

import pandas as pd
import torch

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.figures import plain_charts, theme
from mmcore.fusion.layers import softmax
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

Score = Annotated[float, Range(-4, 6, 0.5)]


@formulas.register("softmax")
class Softmax(Formula):
    """Softmax.

    temperature: above 1 the shares become more even; the nearer to 0, the more the largest takes
    note_missing: a missing input gets no share, whatever its score
    """

    stage, place = Stage.FUSE, 50
    formula = r"\alpha_i = \frac{e^{s_i / T}}{\sum_j e^{s_j / T}}"
    code = "mmcore.fusion.layers.softmax"
    page, page_options = "attention", {}

    def __init__(
        self,
        *,
        image: Score = 1.0,
        note: Score = 2.0,
        signal: Score = 3.0,
        temperature: Annotated[float, Range(0.2, 5, 0.1)] = 1.0,
        note_missing: bool = False,
    ) -> None:
        self.scores = [image, note, signal]
        self.temperature, self.note_missing = temperature, note_missing

    @staticmethod
    def title() -> str:
        return _("Softmax")

    @staticmethod
    def meaning() -> str:
        return _(
            "Scores become shares that sum to 1. Only differences of scores count: adding 1 to each changes nothing. A "
            "missing input is masked, and the others share what it would have had."
        )

    @staticmethod
    def used() -> str:
        return _("Weights of the inputs of this case")

    @staticmethod
    def correction() -> str:
        return _(
            "Check any printed example by its sum. For the scores 1, 2 and 3 the shares are 0.090, 0.245 and 0.665; "
            "they sum to 1, and each is e = 2.718 times the one before."
        )

    def worked(self, case: Case | None = None) -> Worked:
        there = torch.tensor([True, not self.note_missing, True])
        shares = softmax(torch.tensor(self.scores, dtype=torch.float64) / self.temperature, there)
        shown = dict(zip((_("image"), _("note"), _("signal")), shares.tolist(), strict=True))
        figure = plain_charts.bars(shown, _("share"), theme.INPUT_COLOURS[:3], low=0)
        data = pd.DataFrame({"input": list(shown), "score": self.scores, "share": list(shown.values())})
        numbers = {_("share of {input}").format(input=name): own for name, own in shown.items()}
        numbers |= {_("sum"): float(shares.sum())}
        return Worked(numbers, figure, data, _("Bars of the shares"))
