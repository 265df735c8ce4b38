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
        outputs=[("no", "#000", 0.4), ("yes", "#f00", 0.6)],
    )
    assert "x<ray" not in svg and "x&lt;ray" in svg and "missing here" in svg
    assert all(word in svg for word in ("efficientnet", "minilm", "minirocket", "columns", "gated", "60%"))
