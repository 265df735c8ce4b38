"""Concatenation: vectors side by side, then one linear map."""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd
import torch

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case, Tokens
from mmcore.figures import plain_charts, theme
from mmcore.fusion.concat import Concat
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

Number = Annotated[float, Range(-3, 3, 0.5)]
MAP = [[1.0, 0.0], [0.5, -1.0], [1.0, 1.0], [0.0, 0.5]]  # W, [2 inputs x 2, 2]


@formulas.register("concatenation")
class Concatenation(Formula):
    """Concatenation.

    note_missing: the note is missing; a learnt vector (here zeros) stands in for it
    """

    stage, place = Stage.FUSE, 40
    formula = r"h = W\,[x_{\text{image}}; x_{\text{note}}] + b"
    code = "mmcore.fusion.concat.Concat"
    page, page_options = "train", {"method": "concat"}

    def __init__(
        self,
        *,
        image_1: Number = 1.0,
        image_2: Number = 2.0,
        note_1: Number = -1.0,
        note_2: Number = 0.5,
        note_missing: bool = False,
    ) -> None:
        self.image, self.note, self.note_missing = [image_1, image_2], [note_1, note_2], note_missing

    @staticmethod
    def title() -> str:
        return _("Concatenation")

    @staticmethod
    def meaning() -> str:
        return _(
            "The vectors of all inputs stand side by side, and one linear map mixes them: what each input says is "
            "added up. It cannot see that two inputs mean something only together; that is left to the layers behind "
            "it."
        )

    @staticmethod
    def used() -> str:
        return _("Train `concat` on this cohort")

    def worked(self, case: Case | None = None) -> Worked:
        fused = concatenated(self.image, self.note, self.note_missing)
        beside = dict(zip(("image 1", "image 2", "note 1", "note 2"), [*self.image, *self.note], strict=True))
        if self.note_missing:
            beside |= {"note 1": 0.0, "note 2": 0.0}
        shown = beside | {"h 1": fused[0], "h 2": fused[1]}
        tints = [*[theme.INPUT_COLOURS[0]] * 2, *[theme.INPUT_COLOURS[1]] * 2, *[theme.ACCENT] * 2]
        data = pd.DataFrame({"part": list(shown), "value": list(shown.values())})
        numbers = {_("first of h"): fused[0], _("second of h"): fused[1]}
        figure = plain_charts.bars(shown, _("value"), tints)
        return Worked(numbers, figure, data, _("Bars of both inputs, and of the two numbers that come out"))


def concatenated(image: list[float], note: list[float], note_missing: bool) -> list[float]:
    """What the fusion `concat` makes of two inputs of width 2, with the map above and no bias."""
    fusion: Any = Concat(["image", "note"], 2)
    with torch.no_grad():
        fusion.mix.weight[:] = torch.tensor(MAP)
        fusion.mix.bias.zero_()
        for missing in fusion.missing:
            missing.vector.zero_()
        values = {"image": image, "note": note}
        there = {"image": True, "note": not note_missing}
        tokens = {
            name: Tokens(torch.tensor([[own]], dtype=torch.float32), torch.tensor([[there[name]]]))
            for name, own in values.items()
        }
        return [float(x) for x in fusion(tokens).vector[0]]
