"""GloVe's loss: what the vectors of two words that meet so often are trained for."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import pandas as pd

from mmcore.base.registry import Range
from mmcore.base.settings import _, counted
from mmcore.base.values import Case
from mmcore.figures import plain_charts
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

MOST, POWER = 100.0, 0.75  # of the paper


@formulas.register("glove_loss")
class GloveLoss(Formula):
    """GloVe's loss.

    meetings: how often the two words stand near each other
    product: scalar product of their vectors
    biases: sum of their biases
    """

    stage, place = Stage.ENCODE, 25
    formula = (
        r"J_{ij} = f(X_{ij}) \left(w_i^\top \tilde{w}_j + b_i + \tilde{b}_j - \log X_{ij}\right)^2, \quad "
        r"f(x) = \min\!\left(1, (x / 100)^{3/4}\right)"
    )
    code = "mmcore.studies.formulas.glove_loss.loss"
    page, of_value = "features", str

    def __init__(
        self,
        *,
        meetings: Annotated[int, Range(1, 200)] = 20,
        product: Annotated[float, Range(-4, 8, 0.1)] = 2.0,
        biases: Annotated[float, Range(-2, 2, 0.1)] = 0.0,
    ) -> None:
        self.meetings, self.product, self.biases = meetings, product, biases

    @staticmethod
    def title() -> str:
        return _("GloVe's loss")

    @staticmethod
    def meaning() -> str:
        return _(
            "The scalar product of two words and their biases should add up to the logarithm of how "
            "often they meet; pairs that meet seldom count for less. The vectors used here come trained; "
            "`word2vec` learns such vectors from the texts of a cohort."
        )

    @staticmethod
    def used() -> str:
        return _("Word vectors on this case's text")

    def worked(self, case: Case | None = None) -> Worked:
        x = np.linspace(-4, 8, 241)
        lines = {
            counted(count, "meet {count} time", "meet {count} times"): loss(count, x, self.biases)
            for count in dict.fromkeys((self.meetings, 2, 100))
        }
        value = float(loss(self.meetings, self.product, self.biases))
        numbers = {
            _("loss"): value,
            _("weight f(X)"): float(weight(self.meetings)),
            _("best scalar product"): float(np.log(self.meetings) - self.biases),
        }
        figure = plain_charts.curves(x, lines, (_("scalar product"), _("loss")))
        figure.update_yaxes(range=[0, max(12.0, 1.2 * value)])
        data = pd.DataFrame({"product": x, **lines})
        return Worked(
            numbers, plain_charts.marked(figure, self.product, value, _("here")), data, _("Loss over the product")
        )


def weight(meetings: float | np.ndarray) -> np.ndarray:
    """f(X): how much a pair counts that meets so often."""
    return np.minimum(1, (np.asarray(meetings, float) / MOST) ** POWER)


def loss(meetings: float, product: float | np.ndarray, biases: float = 0.0) -> np.ndarray:
    """Pennington, Socher & Manning, EMNLP 2014, equation 8, for one pair of words."""
    return weight(meetings) * (np.asarray(product) + biases - np.log(meetings)) ** 2
