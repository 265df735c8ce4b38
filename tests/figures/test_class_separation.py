"""The forest of encoders draws every score that there is, chance as a line, and agreement as numbers in its cells."""

import numpy as np
import pandas as pd
import pytest

from mmcore.evaluation import Interval
from mmcore.evaluation.encoder_score import EncoderScore, Row
from mmcore.figures import class_separation


def row(label, mean, input="ecg"):
    interval = None if mean is None else Interval(mean, mean - 0.05, mean + 0.05, 0.01)
    score = (
        None if interval is None else EncoderScore("auroc", interval, None, np.ones(9, bool))
    )  # figures read the interval
    return Row(input, label, label, {}, 8, 1, 0.01, 4, 9, 0, 0, False, False, score, score, None if score else "raw")


def test_every_score_is_drawn_and_what_has_none_is_left_out():
    figure = class_separation.forest([row("good", 0.9), row("none", None)], "auroc", {"ecg": "#123456"}, chance=0.5)
    points = [trace for trace in figure.data if trace.mode == "markers" and trace.x[0] is not None]
    assert len(points) == 2 and {trace.marker.symbol for trace in points} == {None, "circle-open"}
    assert figure.layout.shapes[0].x0 == 0.5
    low, high = figure.layout.xaxis.range
    assert low < 0.5 and high > 0.95


def test_inputs_are_named_where_there_are_several():
    figure = class_separation.forest([row("a", 0.9), row("b", 0.8, "note")], "auroc", {}, chance=0.5)
    assert list(figure.layout.yaxis.ticktext) == ["ecg · a", "note · b"]


def test_numbers_stay_numbers_in_the_table():
    table = class_separation.table([row("a", 0.9), row("b", None)])
    assert table["probe_low"][0] == pytest.approx(0.85, abs=0.01) and pd.isna(table["knn_mean"][1])
    assert table["note"].tolist() == ["", "raw"]


def test_agreement_shows_numbers_and_gaps():
    cka = np.array([[1.0, -0.001], [-0.001, np.nan]])
    figure = class_separation.agreement(["a", "b"], cka, np.array([[9, 5], [5, 2]]))
    assert [note.text for note in figure.layout.annotations] == ["1.00", "0.00", "0.00", "–"]
    assert np.nanmin(figure.data[0].z) == 0
