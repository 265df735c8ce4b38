"""Pictures of what inputs add: every gain in the row of its input, the Shapley value over its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.figures import input_contributions, theme

TINTS = theme.colour_of_input(["xray", "note"])
GAINS = pd.DataFrame(
    [("xray", (), 0.1), ("xray", ("note",), 0.05), ("note", (), 0.2), ("note", ("xray",), 0.15)],
    columns=["input", "to", "gain"],
)
SHAPLEY = pd.DataFrame(
    [("xray", 0.075, 0.02, 0.13, 0.3), ("note", 0.175, 0.12, 0.23, 0.7)],
    columns=["input", "mean", "low", "high", "share"],
)


def test_what_each_input_adds_stands_in_its_row_the_most_first():
    figure = input_contributions.contributions(GAINS, SHAPLEY, "auroc", TINTS)
    assert [text.strip("<b>/") for text in figure.layout.yaxis.ticktext] == ["note", "xray"]
    shapley = {t.name: t for t in figure.data if t.marker.symbol == "diamond" and t.name in TINTS}
    assert {name: t.x[0] for name, t in shapley.items()} == {"xray": 0.075, "note": 0.175}
    lines = {tuple(t.x): t.y[0] for t in figure.data if t.mode == "lines"}
    assert lines[(0.02, 0.13)] == shapley["xray"].y[0], "the interval lies under its mark"
    gains = [
        (t.x[0], t.marker.symbol, t.marker.color) for t in figure.data if t.showlegend is False and t.marker.size == 8
    ]
    assert (0.1, "triangle-right-open", TINTS["xray"]) in gains and (0.15, "square-open", TINTS["note"]) in gains
    assert len(gains) == 4 and any("70%" in note.text for note in figure.layout.annotations)


def test_an_undefined_share_is_left_out_and_errors_are_taken_off():
    figure = input_contributions.contributions(GAINS, SHAPLEY.assign(share=np.nan), "brier", TINTS)
    assert not any("%" in note.text for note in figure.layout.annotations)
    assert "lowers" in figure.layout.xaxis.title.text
