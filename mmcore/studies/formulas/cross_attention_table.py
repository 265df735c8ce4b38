"""Cross-attention: words look at the regions of an image."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import pandas as pd

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.figures import plain_charts
from mmcore.studies.formulas.attention_layer import attention_of
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

# Width 4: how much of heart, of lung, of fluid and of bone.
WORDS = {"breathless": [0.6, 0.6, 0.7, 0.0], "large heart": [1.0, 0.0, 0.1, 0.0], "old fracture": [0.0, 0.0, 0.0, 1.0]}
REGIONS = {
    "heart shadow": [1.0, 0.1, 0.1, 0.0],
    "lung field": [0.1, 1.0, 0.0, 0.1],
    "costophrenic angle": [0.1, 0.3, 1.0, 0.0],
    "rib": [0.0, 0.2, 0.0, 1.0],
}


@formulas.register("cross_attention")
class CrossAttentionFormula(Formula):
    """Cross-attention.

    sharpness: length of the queries
    fluid: how much fluid the costophrenic angle shows
    """

    stage, place = Stage.FUSE, 60
    formula = (
        r"Z_{\text{note} \leftarrow \text{image}} = \mathrm{softmax}\!\left("
        r"\frac{Q_{\text{note}} K_{\text{image}}^\top}{\sqrt{d}}\right) V_{\text{image}}"
    )
    code = "mmcore.fusion.cross_attention.CrossAttention"
    page, page_options = "train", {"method": "cross_attention"}

    def __init__(
        self,
        *,
        sharpness: Annotated[float, Range(0, 12, 0.5)] = 5.0,
        fluid: Annotated[float, Range(0, 2, 0.1)] = 1.0,
    ) -> None:
        self.sharpness, self.fluid = sharpness, fluid

    @staticmethod
    def title() -> str:
        return _("Cross-attention")

    @staticmethod
    def meaning() -> str:
        return _(
            "The query is of one input, the tokens are of another: each word looks for the regions that fit it. Every "
            "row sums to 1. Here words and regions have vectors made by hand; in training they are learnt."
        )

    @staticmethod
    def used() -> str:
        return _("Train `cross_attention`, then point at a word on the Attention page")

    def worked(self, case: Case | None = None) -> Worked:
        words, regions = np.array(list(WORDS.values())), np.array(list(REGIONS.values()))
        regions[2, 2] = self.fluid
        _answers, weights = attention_of(self.sharpness * words, regions)
        names = _names()
        rows, columns = [names[name] for name in WORDS], [names[name] for name in REGIONS]
        figure = plain_charts.cells(weights, rows, columns, ends=(0, 1), axes=(_("regions of the image"), ""))
        numbers = {_("“breathless” looks at the angle"): float(weights[0, 2])}
        numbers |= {_("“large heart” looks at the heart shadow"): float(weights[1, 0])}
        data = pd.DataFrame(weights, index=rows, columns=columns)
        return Worked(numbers, figure, data, _("Table of shares: words in rows, regions of the image in columns"))


def _names() -> dict[str, str]:
    return {
        "breathless": _("breathless"),
        "large heart": _("large heart"),
        "old fracture": _("old fracture"),
        "heart shadow": _("heart shadow"),
        "lung field": _("lung field"),
        "costophrenic angle": _("costophrenic angle"),
        "rib": _("rib"),
    }
