"""Protects the pictures of methods under stress and of kinds of information: what is drawn is what was measured."""

import pandas as pd
import pytest

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
    assert first.customdata.tolist() == [[0.7, 0.9], [0.5, 0.7]]
    assert (first.line.dash, bare.line.dash) == ("solid", "dot"), "dotted: trained without modality dropout"
    assert [one.text for one in figure.layout.annotations] == ["note", "ecg"]
    assert [trace.showlegend for trace in figure.data] == [True, True, False]


def test_only_the_band_asked_for_is_drawn_and_has_no_points():
    figure = robustness.curves(pd.DataFrame(ROWS, columns=COLUMNS), "auroc", {"gated": "#16858F"}, band="gated ab12")
    (band,) = [trace for trace in figure.data if trace.fill == "toself"]
    assert list(band.y) == [0.8, 0.6, 0.4, 0.6] and band.mode == "lines"


def test_pairs_show_their_four_parts_side_by_side_with_intervals_and_negative_estimates():
    def bits(mean: float) -> dict[str, float]:
        return {"mean": mean, "low": mean - 0.1, "high": mean + 0.1}

    pair = {"inputs": ["note", "ecg"], "unique": {"note": bits(0.2), "ecg": bits(0.1)}}
    figure = robustness.pairs(
        [pair | {"redundant": bits(0.3), "synergistic": bits(-0.05)}], {"note": "#3F74C9", "ecg": "#CF4B62"}
    )
    assert [trace.x[0] for trace in figure.data] == pytest.approx([0.2, 0.1, 0.3, -0.05])
    assert all([*trace.error_x.array, *trace.error_x.arrayminus] == pytest.approx([0.1, 0.1]) for trace in figure.data)
    assert [trace.offsetgroup for trace in figure.data] == ["0", "1", "2", "3"], "a place of its own in every pair"
    assert figure.data[0].y[0] == "note + ecg"
