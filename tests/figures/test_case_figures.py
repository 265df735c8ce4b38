"""Protects what a case looks like: escaping, negations, windows, paper, ranges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from mmcore.base.values import Box, Column, ColumnSpec, Evidence, InputSpec, Kind, Seconds, Signal, Span
from mmcore.figures import case, evidence_outlines, overlays, pipeline, signals, table_row, theme

LABS = InputSpec(
    name="labs",
    kind=Kind.TABLE,
    columns=("age", "smoker"),
    table=(ColumnSpec(name="age", unit="years"), ColumnSpec(name="smoker", type="category", categories=("no", "yes"))),
)
COHORT = pd.DataFrame(
    {"age": [30.0, 40, 50, 60, 70, 80, 90, np.nan], "smoker": ["no", "no", "no", "yes", "no", "no", "yes", None]}
)


@pytest.mark.parametrize(
    ("text", "cue", "reach"),
    [
        ("No chest pain, but dyspnoea.", "No", " chest pain"),
        ("Patient denies fever; cough.", "denies", " fever"),
        ("Herz ohne Befund.", "ohne", " Befund"),
        ("患者无发热。", "无", "发热"),
    ],
)
def test_negations_reach_to_the_end_of_their_clause(text, cue, reach):
    (word, scope), *_ = case.negations(text)
    assert (text[word.start : word.end], text[scope.start : scope.end]) == (cue, reach)


def test_words_that_only_begin_like_a_negation_are_left_alone():
    assert case.negations("Normal notes, known nodule.") == []


def test_a_text_is_escaped_and_complete():
    text = 'No <script>alert("x")</script> & pain'
    evidence = [Evidence("<b>pain</b>", (Span(text.index("pain"), len(text)),), effect=1.2)]
    shown = case.marked_text(text, evidence)
    assert "<script" not in shown and "<b>" not in shown
    assert "&lt;script&gt;" in shown and "speaks for the target" in shown
    assert case.marked_text("") != ""


def test_window_and_inversion_change_pixels_not_shape():
    image = np.tile(np.arange(0, 256, 4, dtype=np.uint8), (32, 1))
    plain, narrow, inverted = case.image(image), case.image(image, low=100, high=150), case.image(image, invert=True)
    assert len({figure.data[0].source for figure in (plain, narrow, inverted)}) == 3
    assert plain.layout.xaxis.range == narrow.layout.xaxis.range == (0, 64)


def test_evidence_is_outlined_as_mask_or_box():
    mask = np.zeros((32, 32), bool)
    mask[4:9, 4:9] = True
    proof = [Evidence("mask", (Box(0, 0, 1, 1),), mask=mask), Evidence("box", (Box(0.1, 0.1, 0.5, 0.5),), effect=-1)]
    figure = case.image(np.zeros((32, 32, 3), np.uint8), evidence=proof)
    assert len(figure.data) == 2 and len(figure.layout.shapes) == 1
    assert [one.text for one in figure.layout.annotations] == ["mask", "box"]
    assert figure.layout.shapes[0].x1 == 16 and figure.data[1].dx == 1, "in pixels of the image"
    colours = [figure.data[1].line.color, figure.layout.shapes[0].line.color]
    assert colours == list(evidence_outlines.PROOFS[:2]) == [one.font.color for one in figure.layout.annotations]


def test_names_of_outlines_that_overlap_stand_apart():
    heart, lobe, corner = Box(0.4, 0.3, 0.8, 0.8), Box(0.42, 0.32, 0.7, 0.75), Box(0.0, 0.0, 0.1, 0.1)
    spots = evidence_outlines.label_spots([(heart, 0.5), (lobe, 0.5), (corner, 0.05)])
    assert spots[0][2] == "bottom" and spots[1][2] == "top", "the second below, where the first is above"
    assert spots[2][1] > 0, "not outside of the picture"


def test_small_images_keep_their_pixels():
    tile = np.arange(64, dtype=np.uint8).reshape(8, 8)
    assert overlays.crisp(tile).shape == (256, 256) and set(np.unique(overlays.crisp(tile))) == set(range(64))
    film = np.zeros((200, 100), np.uint8)
    assert overlays.crisp(film) is film


def ecg(**more) -> Signal:
    time = np.arange(1250) / 125
    return Signal(
        np.stack([np.sin(time), np.cos(time), time * 0]).astype(np.float32), 125.0, ("I", "II", "V2"), "mV", **more
    )


def test_an_ecg_lies_on_paper_of_its_squares():
    figure = signals.traces(
        ecg(), [0, 1, 2], colour=theme.ACCENT, paper=True, evidence=[Evidence("ST", (Seconds(1, 2),))]
    )
    assert (figure.layout.xaxis.dtick, figure.layout.xaxis.minor.dtick) == (0.2, 0.04)
    assert (figure.layout.yaxis.dtick, figure.layout.yaxis.minor.dtick) == (0.5, 0.1)
    assert len(figure.data) == 3 and len(figure.layout.shapes) == 1


def test_paper_is_for_ecg_only():
    sound = Signal(np.zeros((1, 8000), np.float32), 8000.0)
    unknown = Signal(np.zeros((12, 100), np.float32))
    assert signals.is_ecg(ecg()) and not signals.is_ecg(sound, "heart sound") and not signals.is_ecg(unknown, "ecg")
    assert "rate unknown" in signals.facts(unknown)


@pytest.mark.parametrize("samples", [1, 7, 100, 20_000])
@pytest.mark.parametrize("rate", [None, 1.0, 8000.0])
def test_signals_of_any_length_and_rate_can_be_drawn(samples, rate):
    signal = Signal(np.zeros((2, samples), np.float32), rate)
    assert isinstance(signals.traces(signal, [0, 1], colour="#16858F"), go.Figure)
    assert isinstance(signals.spectrogram(signal, 1), go.Figure)
    assert np.abs(signals.audible(signal)).max() <= 1


def test_values_stand_on_the_range_of_the_cohort():
    row = {"age": 65.0, "smoker": "yes"}
    shown = table_row.ranges(
        row, COHORT, LABS, colour="#3F74C9", evidence=[Evidence("age", (Column("age"),), effect=0.4)]
    )
    assert "higher than 57%" in shown and "29% of cases" in shown and "age (+0.40)" in shown
    assert list(table_row.frame(row, COHORT, LABS)["share"].round(2)) == [0.57, 0.29]


def test_missing_values_say_so():
    shown = table_row.ranges({"age": None, "smoker": None}, COHORT, LABS, colour="#3F74C9")
    assert shown.count("missing") == 2


def test_the_pipeline_names_every_choice_and_escapes_it():
    lanes = [
        pipeline.Lane("x<ray", Kind.IMAGE, np.zeros((200, 100), np.uint8), 0.9, "efficientnet"),
        pipeline.Lane("note", Kind.TEXT, "some words " * 50, 1.0, "minilm"),
        pipeline.Lane("ecg", Kind.SIGNAL, ecg(), 1.0, "minirocket"),
        pipeline.Lane("labs", Kind.TABLE, None, 0.5, "columns"),
    ]
    svg = pipeline.pipeline(
        lanes,
        fusion="gated",
        fusion_note="n",
        target="disease",
        task="binary",
        outputs=[("no", "#000", 0.4), ("yes", "#f00", 0.6)],
    )
    assert "x<ray" not in svg and "x&lt;ray" in svg and "missing here" in svg
    assert all(word in svg for word in ("efficientnet", "minilm", "minirocket", "columns", "gated", "60%"))


def test_colours_are_fixed_by_order_and_shared_by_baselines():
    assert theme.colour_of_input(["a", "b"])["b"] == theme.colour_of_input(["a", "b", "c"])["b"]
    assert theme.method_colours(["a", "gated"], ["a", "b"])["a"] == theme.colour_of_input(["a", "b"])["a"]
    assert len({*theme.class_colours([str(i) for i in range(10)]).values()}) == 10
