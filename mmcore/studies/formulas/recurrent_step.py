"""A recurrent network: what it holds after each step of a signal."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import pandas as pd
import torch

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case, Signal
from mmcore.encoders.recurrent import Recurrent
from mmcore.figures import plain_charts
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

STEPS = 24


@formulas.register("recurrent_step")
class RecurrentStep(Formula):
    """Recurrent step.

    from_input: weight of the input, W
    from_before: weight of the previous state, U
    bias: added at each step
    signal: the signal that comes in
    """

    stage, place = Stage.ENCODE, 30
    formula = r"h_t = \tanh(W x_t + U h_{t-1} + b)"
    code = "mmcore.encoders.recurrent.Recurrent"
    page, of_value = "features", Signal

    def __init__(
        self,
        *,
        from_input: Annotated[float, Range(-2, 2, 0.1)] = 1.0,
        from_before: Annotated[float, Range(-1.5, 1.5, 0.05)] = 0.8,
        bias: Annotated[float, Range(-1, 1, 0.1)] = 0.0,
        signal: Literal["pulse", "step", "beats"] = "pulse",
    ) -> None:
        self.weights, self.signal = (from_input, from_before, bias), signal

    @staticmethod
    def title() -> str:
        return _("Recurrent step")

    @staticmethod
    def meaning() -> str:
        return _(
            "The new state is made from the input and the previous state. With the second weight near 1, "
            "a pulse lasts long; below 0, the state swings."
        )

    @staticmethod
    def used() -> str:
        return _("Signal encoders `rnn`, `gru`, `lstm` on this case")

    def worked(self, case: Case | None = None) -> Worked:
        time = np.arange(STEPS)
        came = {"pulse": time == 2, "step": time >= 4, "beats": time % 8 == 2}[self.signal].astype(float)
        held = states(came, *self.weights)
        lines = {_("input, x"): came, _("state, h"): held}
        numbers = {_("largest |h|"): float(np.abs(held).max()), _("h at the end"): float(held[-1])}
        figure = plain_charts.curves(time, lines, (_("step t"), ""))
        figure.update_traces(mode="lines+markers")
        return Worked(numbers, figure, pd.DataFrame(lines), _("Input and state, step by step"))


def states(came: np.ndarray, from_input: float, from_before: float, bias: float) -> np.ndarray:
    """[T] inputs -> [T] states of the recurrent network that signal encoders train, with a single cell."""
    network = Recurrent(1, 1, "rnn")
    with torch.no_grad():
        for name, value in (("weight_ih_l0", from_input), ("weight_hh_l0", from_before), ("bias_ih_l0", bias)):
            getattr(network.cells, name).fill_(value)
        network.cells.bias_hh_l0.fill_(0)
    return network.states(torch.tensor(came, dtype=torch.float32)[:, None])[:, 0].numpy()
