"""Protects the linked view's data: tokens lie where they belong, links fit the panels, nothing is counted wrongly."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mmcore.base.values import Box, Column, InputSpec, Seconds, Signal, Span, Whole
from mmcore.figures import linked_inputs

NOTE = InputSpec(name="note", kind="text", columns=("note",))
ECG = InputSpec(name="ecg", kind="signal", columns=("ecg",))


def test_characters_are_counted_as_the_browser_counts_them():
    text = "🫀 no pain"
    panel = linked_inputs.panel(NOTE, text, [Span(0, 1), Span(2, 4), Span(5, 9)], np.full(3, 1 / 3), colour="#000000")
    units = text.encode("utf-16-le")
    cut = [units[2 * start : 2 * end].decode("utf-16-le") for start, end in panel["places"]]
    assert cut == ["🫀", "no", "pain"]


def test_a_trace_and_its_stretches_share_one_scale():
    value = Signal(np.array([[0.0, 1.0, 0.0, -1.0]], np.float32), rate_hz=2.0)
    panel = linked_inputs.panel(ECG, value, [Seconds(0, 1), Seconds(1, 2)], np.array([0.25, 0.75]), colour="#000000")
    assert panel["places"] == [[0, 0.5], [0.5, 1]]
    points = [tuple(map(float, point.split(","))) for point in panel["path"][1:].split("L")]
    assert [x for x, _y in points] == [0, 0.25, 0.5, 0.75]
    assert all(0 < y < 1 for _x, y in points) and points[1][1] < points[0][1] < points[3][1]


def test_images_and_tables_and_values_that_are_told():
    image = InputSpec(name="xray", kind="image", columns=("xray",))
    panel = linked_inputs.panel(
        image,
        np.zeros((4, 4), np.uint8),
        [Box(0, 0, 0.5, 1), Box(0.5, 0, 1, 1)],
        np.array([0.5, 0.5]),
        colour="#000000",
    )
    assert panel["picture"].startswith("data:image/png;base64,") and panel["places"][1] == [0.5, 0, 1, 1]
    labs = InputSpec(name="labs", kind="table", columns=("age",))
    panel = linked_inputs.panel(labs, {"age": None}, [Column("age")], np.array([1.0]), colour="#000000")
    assert panel["places"] == [["age", "missing"]]


def test_an_encoder_that_says_one_thing_of_all_has_no_panel():
    assert linked_inputs.panel(NOTE, "no pain", [Whole()], np.array([1.0]), colour="#000000") is None


def test_links_to_what_is_not_shown_are_left_out_and_all_of_it_is_json():
    panel = linked_inputs.panel(
        NOTE, "no pain", [Span(0, 2), Span(3, 7)], np.array([0.5, 0.5]), colour="#000000", tokens=np.array([1, 3])
    )
    assert panel["tokens"] == [1, 3], "words are shaded by their weight a piece"
    links = {("note", "note"): np.eye(2), ("note", "ecg"): np.ones((2, 1))}
    data = json.loads(json.dumps(linked_inputs.view([panel], links)))
    assert data["links"] == {"note\0note": [[1, 0], [0, 1]]}
    assert data["panels"][0]["weights"] == pytest.approx([0.5, 0.5])


def test_the_numbers_of_the_view_name_both_tokens():
    note = linked_inputs.panel(NOTE, "no pain", [Span(0, 2), Span(3, 7)], np.array([0.5, 0.5]), colour="#000000")
    beat = Signal(np.zeros((1, 4), np.float32), rate_hz=2.0)
    ecg = linked_inputs.panel(ECG, beat, [Seconds(0, 1), Seconds(1, 2)], np.array([0.5, 0.5]), colour="#000000")
    weights = np.array([[0.9, 0.1], [0.3, 0.7]])
    frame = linked_inputs.frame(
        [note, ecg], {("note", "ecg"): weights, ("note", "note"): weights, ("labs", "ecg"): weights}
    )
    assert len(frame) == 4 and set(frame["input"]) == {"note"} and set(frame["looks_at"]) == {"ecg"}
    row = frame[(frame["token"] == 2) & (frame["its_token"] == 1)].iloc[0]
    assert (row["label"], row["its_label"], row["share"]) == ("“pain”", "0–1 s", 0.3)
    assert linked_inputs.frame([note], {}).empty
