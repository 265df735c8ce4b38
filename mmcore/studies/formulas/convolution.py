"""Convolution: a small pattern moved over an image."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from plotly.subplots import make_subplots

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case, InputSpec, Kind
from mmcore.encoders import make
from mmcore.figures import theme
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

KERNELS = {
    "edge": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "blur": [[1 / 9] * 3] * 3,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "outline": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
}


@formulas.register("convolution")
class Convolution(Formula):
    """Convolution.

    kernel: the pattern of 3 x 3 that is moved over the image
    turn: quarter turns of the pattern
    stride: pixels it moves at a time
    """

    stage, place = Stage.ENCODE, 10
    formula = r"y_{i,j} = \sum_{u=-1}^{1} \sum_{v=-1}^{1} k_{u,v}\; x_{si+u,\; sj+v}"
    code = "mmcore.encoders.image.small_cnn.SmallCNN"
    page, of_value = "features", np.ndarray

    def __init__(
        self,
        *,
        kernel: Literal["edge", "blur", "sharpen", "outline"] = "edge",
        turn: Annotated[int, Range(0, 3)] = 0,
        stride: Annotated[int, Range(1, 4)] = 1,
    ) -> None:
        self.kernel, self.turn, self.stride = kernel, turn, stride

    @staticmethod
    def title() -> str:
        return _("Convolution")

    @staticmethod
    def meaning() -> str:
        return _(
            "A small pattern moves over the image; each pixel of the result says how well the pattern "
            "fits there. A network learns its patterns; here, one is chosen by hand."
        )

    @staticmethod
    def used() -> str:
        return _("Feature maps of this case's image, layer by layer")

    def worked(self, case: Case | None = None) -> Worked:
        image = image_of(case)
        result = convolved(image, np.rot90(np.array(KERNELS[self.kernel], np.float32), self.turn), self.stride)
        middle = result.shape[0] // 2, result.shape[1] // 2
        figure = make_subplots(1, 2, subplot_titles=[_("image"), _("result")], horizontal_spacing=0.04)
        reach = float(np.abs(result).max()) or 1.0
        figure.add_trace(go.Heatmap(z=image, colorscale="gray", showscale=False, hoverinfo="z"), 1, 1)
        shades = {"colorscale": list(theme.DIVERGING_OPEN), "zmin": -reach, "zmax": reach}
        figure.add_trace(go.Heatmap(z=result, showscale=False, hoverinfo="z", **shades), 1, 2)
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False, autorange="reversed")
        figure.update_yaxes(scaleanchor="x", col=1).update_yaxes(scaleanchor="x2", col=2)
        figure.update_yaxes(constrain="domain", constraintoward="top").update_xaxes(constrain="domain")
        numbers = {
            _("middle pixel of the result"): float(result[middle]),
            _("rows of the result"): float(result.shape[0]),
            _("columns of the result"): float(result.shape[1]),
        }
        theme.style(figure, height=300, legend=False).update_layout(margin={"t": 30})
        return Worked(
            numbers,
            figure,
            pd.DataFrame(result),
            _("The image, and beside it how well the pattern fits: brown where it does, blue where its opposite does"),
        )


def image_of(case: Case | None) -> np.ndarray:
    """[H, W] from 0 to 1: the first image of the case, a bright disc where it has none; at most 128 pixels a side."""
    for value in case.values.values() if case else ():
        if isinstance(value, np.ndarray):
            grey = value.mean(-1) if value.ndim == 3 else value
            step = max(1, max(grey.shape) // 128)
            return grey[::step, ::step].astype(np.float32) / 255
    line = np.linspace(-1, 1, 64, dtype=np.float32)
    return np.clip(1.4 - 3 * np.hypot(*np.meshgrid(line, line)), 0, 1)


def convolved(image: np.ndarray, kernel: np.ndarray, stride: int = 1) -> np.ndarray:
    """[H, W] through the first layer of the encoder `small_cnn`, its weights set to the kernel [3, 3]."""
    spec = InputSpec(name="image", kind=Kind.IMAGE, columns=("image",))
    module: Any = make("small_cnn", spec, filters=8).module()
    layer: Any = module.get_submodule("maps.layer1.0")
    layer.stride = (stride, stride)
    with torch.no_grad():
        layer.weight[:] = torch.from_numpy(np.ascontiguousarray(kernel)) / layer.weight.shape[1]
        return layer(torch.from_numpy(image).expand(1, 3, *image.shape))[0, 0].numpy()
