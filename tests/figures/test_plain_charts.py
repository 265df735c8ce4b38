"""Protects the small pictures of numbers: what is given is what is drawn."""

from __future__ import annotations

import numpy as np

from mmcore.figures import plain_charts


def test_bars_curves_and_points():
    figure = plain_charts.bars({"a": 1.0, "b": 3.0}, "share", low=0)
    assert list(figure.data[0].y) == [1, 3] and 3.3 < figure.layout.yaxis.range[1] < 3.6
    assert not figure.layout.yaxis.showgrid, "a line may strike the value on a bar"
    assert plain_charts.bars({"a": -0.5}, "share").data[0].text == ("−0.5",)
    x = np.arange(4.0)
    figure = plain_charts.marked(plain_charts.curves(x, {"up": x, "down": -x}, ("x", "y")), 1.0, 2.0, "here")
    assert [trace.name for trace in figure.data[:2]] == ["up", "down"] and figure.data[2].text == ("here",)


def test_cells_around_zero_are_shaded_both_ways():
    figure = plain_charts.cells(np.array([[-1.0, 0.5]]), ["row"], ["left", "right"])
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-1, 1) and list(figure.data[1].text) == ["−1.00", "0.50"]


def test_arrows_reach_their_ends():
    figure = plain_charts.arrows({"a": (3.0, 4.0)})
    assert (figure.layout.annotations[0].x, figure.layout.annotations[0].y) == (3, 4)
    assert figure.layout.xaxis.range[1] > 3 and figure.layout.yaxis.range[1] > 4
