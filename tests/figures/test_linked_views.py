"""Protects linked charts of cases: maps with meaning have axes, a click names a case, and odd cells have a name."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.figures import linked_views as views


def test_a_click_on_a_point_names_its_case():
    assert views.opened({views.OPEN: [{"id": "c03"}]}) == "c03"
    assert views.opened({}) is None and views.opened({views.OPEN: []}) is None


def test_a_map_whose_places_mean_something_has_axes():
    frame = pd.DataFrame({"id": ["a", "b"], "place_x": [0.1, 0.9], "place_y": [0.0, 0.2]})
    frame = frame.assign(**{views.COLOUR: ["right", "wrong"], views.CHOSEN: True})
    chart = views.LinkedChart(views.ChartKind.MAP, "place", "Answers", axes=("probability", "spread"))
    spec = views.linked_views(frame, [chart], {"right": "#000000", "wrong": "#ff0000"}).to_dict()
    encoding = spec["concat"][0]["layer"][0]["encoding"]
    assert (encoding["x"]["title"], encoding["y"]["title"]) == ("probability", "spread")


def test_cells_that_are_unknown_or_rare_have_a_name():
    cells = pd.Series(["a", "a", None, np.nan, 3.0])
    chart = views.chart_of("c0", "ward", cells)
    assert chart.order == ("a", "not known", "3") and views.named(cells, ["a"])[2:] == ["others"] * 3
