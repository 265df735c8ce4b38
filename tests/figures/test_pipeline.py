"""Protects the picture of the pipeline: it names every choice, and escapes it."""

from __future__ import annotations

import numpy as np

from mmcore.base.values import Kind, Signal
from mmcore.figures import pipeline


def ecg(**more) -> Signal:
    time = np.arange(1250) / 125
    return Signal(
        np.stack([np.sin(time), np.cos(time), time * 0]).astype(np.float32), 125.0, ("I", "II", "V2"), "mV", **more
    )


def test_the_pipeline_names_every_choice_and_escapes_it():
    lanes = [
        pipeline.InputLane("x<ray", Kind.IMAGE, np.zeros((200, 100), np.uint8), 0.9, "efficientnet"),
        pipeline.InputLane("note", Kind.TEXT, "some words " * 50, 1.0, "minilm"),
        pipeline.InputLane("ecg", Kind.SIGNAL, ecg(), 1.0, "minirocket"),
        pipeline.InputLane("labs", Kind.TABLE, None, 0.5, "columns"),
    ]
    svg = pipeline.pipeline(
        lanes,
        fusion="gated",
        fusion_note="n",
        target="disease",
        task="binary",
        outputs=[pipeline.ShownOutput("no", "#000", 0.4), pipeline.ShownOutput("yes", "#f00", 0.6)],
    )
    assert "x<ray" not in svg and "x&lt;ray" in svg and "missing here" in svg
    assert all(word in svg for word in ("efficientnet", "minilm", "minirocket", "columns", "gated", "60%"))


def test_what_an_input_adds_and_what_would_be_without_stand_in_its_lane():
    lane = pipeline.InputLane("labs", Kind.TABLE, {"age": 3}, 1.0, "columns", adds="+21", without="without: 62%")
    svg = pipeline.pipeline(
        [lane],
        fusion="gated",
        fusion_note="",
        target="disease",
        task="of this case",
        outputs=[pipeline.ShownOutput("yes", "#f00", 0.8, 0.7, 0.9)],
        result="in truth: yes",
    )
    assert "+21" in svg and "without: 62%" in svg and "in truth: yes" in svg
