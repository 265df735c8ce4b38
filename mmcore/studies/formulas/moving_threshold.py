"""Precision, recall, F1 and AUROC, by a threshold that moves."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.evaluation import curves
from mmcore.evaluation.metrics import measure
from mmcore.figures import plain_charts, theme
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

CASES = 200


@formulas.register("moving_threshold")
class MovingThreshold(Formula):
    """Precision, recall, F1, AUROC.

    threshold: probability from which a case is called diseased
    distance: how far the model keeps the two classes apart
    diseased: how many of 200 cases have the disease
    """

    stage, place = Stage.JUDGE, 110
    formula = (
        r"\begin{gathered} \text{precision} = \frac{TP}{TP + FP}, \quad \text{recall} = \frac{TP}{TP + FN} \\[12pt] "
        r"F_1 = \frac{2\,TP}{2\,TP + FP + FN}, \quad \text{AUROC} = P(s_{\text{ill}} > s_{\text{well}}) \end{gathered}"
    )
    code = "mmcore.evaluation.metrics.measure"
    page = "compare"

    def __init__(
        self,
        *,
        threshold: Annotated[float, Range(0, 1, 0.01)] = 0.5,
        distance: Annotated[float, Range(0, 4, 0.1)] = 1.5,
        diseased: Annotated[int, Range(10, 190, 10)] = 60,
    ) -> None:
        self.threshold, self.distance, self.diseased = threshold, distance, diseased

    @staticmethod
    def title() -> str:
        return _("Precision, recall, F1, AUROC")

    @staticmethod
    def meaning() -> str:
        return _(
            "The threshold trades precision (positive predictive value) against recall (sensitivity). "
            "AUROC does not depend on it, since it asks only how often an ill case is ranked above a "
            "healthy one. With a rare disease, precision falls, though AUROC stays the same."
        )

    @staticmethod
    def used() -> str:
        return _("The same curves of the methods on this cohort")

    def worked(self, case: Case | None = None) -> Worked:
        target, probability = drawn(self.distance, self.diseased)
        figure = make_subplots(2, 1, subplot_titles=[_("cases by probability"), _("ROC")], vertical_spacing=0.24)
        for number, name in enumerate((_("healthy"), _("ill"))):
            own = probability[target == number]
            bins = {"start": 0, "end": 1, "size": 0.05}
            trace = go.Histogram(x=own, xbins=bins, name=name, marker_color=theme.TWO_CLASSES[number])
            figure.add_trace(trace, 1, 1)
        figure.add_vline(self.threshold, line={"color": theme.BAD, "width": 2, "dash": "dash"}, row=1, col=1)
        roc = curves.roc("binary", target, np.stack([1 - probability, probability], -1)[None], draws=1)
        line = {"color": theme.ACCENT, "width": 2.5}
        x, y = [0.0, *roc.fpr], [0.0, *roc.tpr]  # a threshold above all calls nobody ill
        figure.add_trace(go.Scatter(x=x, y=y, mode="lines", line=line, showlegend=False), 2, 1)
        alarm = float((probability[target == 0] >= self.threshold).mean())
        numbers = scores_at(target, probability, self.threshold)
        point = {"size": 13, "color": theme.BAD, "line": {"color": "white", "width": 2}}
        recall = float((probability[target == 1] >= self.threshold).mean())
        figure.add_trace(go.Scatter(x=[alarm], y=[recall], mode="markers", marker=point, showlegend=False), 2, 1)
        figure.update_xaxes(title_text=_("stated probability"), row=1, col=1)
        figure.update_xaxes(title_text=_("share of healthy called ill"), range=[-0.02, 1.02], row=2, col=1)
        figure.update_yaxes(title_text=_("cases"), row=1, col=1)
        figure.update_yaxes(title_text=_("recall"), range=[-0.02, 1.04], row=2, col=1)
        theme.style(figure, height=plain_charts.HEIGHT + 180).update_layout(
            barmode="stack", margin={"t": 70}, legend_y=1.08
        )
        data = pd.DataFrame({"ill": target, "probability": probability})
        named = {
            _("precision"): numbers["precision"],
            _("recall"): numbers["recall"],
            "F1": numbers["f1"],
            "AUROC": numbers["auroc"],
        }
        return Worked(
            named, figure, data, _("Cases of both classes by probability with the threshold, and the ROC curve")
        )


def drawn(distance: float, diseased: int) -> tuple[np.ndarray, np.ndarray]:
    """[N] 0 or 1 and [N] probabilities of a model that keeps the classes so far apart."""
    target = np.arange(CASES) < diseased
    noise = np.random.default_rng(0).normal(size=CASES)
    return target.astype(int), 1 / (1 + np.exp(-(distance * (target - 0.5) + noise)))


def scores_at(target: np.ndarray, probability: np.ndarray, threshold: float) -> dict[str, float]:
    """Precision, recall and F1 at a threshold, and AUROC, as methods are scored."""
    ones = np.ones((len(target), 1))
    called = (probability >= threshold).astype(float)
    decided = measure("binary", target, np.stack([1 - called, called], -1), ones, ["precision", "recall", "f1"])
    ranked = measure("binary", target, np.stack([1 - probability, probability], -1), ones, ["auroc"])
    return {name: float(value[0]) for name, value in (decided | ranked).items()}
