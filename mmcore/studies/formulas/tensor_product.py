"""The tensor product: every product of what two inputs say."""

from __future__ import annotations

from typing import Annotated

import pandas as pd
import torch

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.figures import plain_charts
from mmcore.fusion.tensor import outer, with_one
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

Number = Annotated[float, Range(-3, 3, 0.5)]


@formulas.register("tensor_product")
class TensorProduct(Formula):
    """Tensor product."""

    stage, place = Stage.FUSE, 70
    formula = r"[z_1; 1] \otimes [z_2; 1] = \begin{pmatrix} z_1 z_2^\top & z_1 \\ z_2^\top & 1 \end{pmatrix}"
    code = "mmcore.fusion.tensor.TensorFusion"
    page, page_options = "train", {"method": "tensor"}

    def __init__(
        self, *, image_1: Number = 1.0, image_2: Number = -2.0, note_1: Number = 0.5, note_2: Number = 3.0
    ) -> None:
        self.image, self.note = [image_1, image_2], [note_1, note_2]

    @staticmethod
    def title() -> str:
        return _("Tensor product")

    @staticmethod
    def meaning() -> str:
        return _(
            "A 1 is put behind each vector, then each entry of one is multiplied with each of the other. The "
            "table holds both inputs alone (last row and column) and all their products. It grows "
            "exponentially with the number of inputs."
        )

    @staticmethod
    def used() -> str:
        return _("Train `tensor` on this cohort")

    def worked(self, case: Case | None = None) -> Worked:
        image, note = (with_one(torch.tensor(own, dtype=torch.float64)) for own in (self.image, self.note))
        table = outer(image, note).reshape(3, 3).numpy()
        rows, columns = ["image 1", "image 2", "1"], ["note 1", "note 2", "1"]
        numbers = {_("image 1 × note 2"): float(table[0, 1]), _("entries"): float(table.size)}
        numbers |= {_("entries with four inputs"): float(3**4)}
        figure = plain_charts.cells(table, rows, columns, axes=(_("note"), _("image")))
        data = pd.DataFrame(table, index=rows, columns=columns)
        return Worked(numbers, figure, data, _("Table of all products"))
