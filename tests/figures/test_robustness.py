"""Protects the pictures of methods under stress: what is drawn is what was measured."""

import pandas as pd

from mmcore.figures import robustness

COLUMNS = ["method", "name", "input", "kind", "level", "mean", "low", "high", "modality_dropout"]
ROWS = [
    ("gated", "gated", "note", "absent", 1.0, 0.6, 0.5, 0.7, 0.1),
    ("gated", "gated", "note", "absent", 0.0, 0.8, 0.7, 0.9, 0.1),
    ("gated", "gated ab12", "note", "absent", 0.0, 0.7, 0.6, 0.8, 0.0),
    ("gated", "gated ab12", "note", "absent", 1.0, 0.5, 0.4, 0.6, 0.0),
    ("gated", "gated", "ecg", "absent", 0.0, 0.8, 0.7, 0.9, 0.1),
]


def test_a_line_for_each_run_in_the_panel_of_each_input_sorted_by_level():
    figure = robustness.curves(pd.DataFrame(ROWS, columns=COLUMNS), "auroc", {"gated": "#16858F"})
    assert [trace.name for trace in figure.data] == ["gated", "gated ab12", "gated"]
    first, bare, _ecg = figure.data
    assert list(first.x) == [0, 1] and list(first.y) == [0.8, 0.6]
    assert list(first.text) == ["0.800 [0.700, 0.900]", "0.600 [0.500, 0.700]"]
    assert (first.line.dash, bare.line.dash) == ("solid", "dot"), "dotted: trained without modality dropout"
    assert [note.text for note in figure.layout.annotations] == ["note", "ecg"], "the legend names the lines"
    assert [trace.showlegend for trace in figure.data] == [True, True, False]


def test_only_the_band_asked_for_is_drawn_and_has_no_points():
    figure = robustness.curves(pd.DataFrame(ROWS, columns=COLUMNS), "auroc", {"gated": "#16858F"}, band="gated ab12")
    (band,) = [trace for trace in figure.data if trace.fill == "toself"]
    assert list(band.y) == [0.8, 0.6, 0.4, 0.6] and band.mode == "lines"
