"""Protects the pictures of a changed case: what was erased, flattened or rewritten is marked, and names are escaped."""

from __future__ import annotations

import numpy as np

from mmcore.base.values import Box, Signal
from mmcore.explain import edits
from mmcore.figures import edited_case as drawn


def test_a_film_outlines_what_is_erased_and_can_be_dragged_over():
    image = np.arange(400, dtype=np.uint8).reshape(20, 20)
    assert not drawn.film(image, None).layout.shapes
    figure = drawn.film(edits.erase(image, Box(0.1, 0.2, 0.5, 0.6)), Box(0.1, 0.2, 0.5, 0.6))
    shape = figure.layout.shapes[0]
    assert (shape.x0, shape.x1, shape.y0, shape.y1) == (0.2, 0.6, 0.1, 0.5) and figure.layout.dragmode == "select"
    assert figure.data[-1].mode == "markers", "a drag is told of only where there are points"


def test_a_trace_shows_what_it_was_and_the_stretch():
    before = Signal(np.sin(np.arange(300, dtype=np.float32))[None], 100.0, ("I",), "mV")
    same = drawn.trace(before, before, channel=0, colour="#123456", flattened=None)
    after = drawn.trace(before, edits.mask_seconds(before, 1, 2), channel=0, colour="#123456", flattened=(1, 2))
    assert len(after.data) == len(same.data) + 1 and (after.layout.shapes[0].x0, after.layout.shapes[0].x1) == (1, 2)


def test_a_rewritten_note_strikes_out_underlines_and_escapes():
    html = drawn.rewritten("No <b>pain</b> today", "Some <b>pain</b> now")
    assert "<del" in html and "<ins" in html and "<b>" not in html
    assert drawn.rewritten("same", "same").count("<") == 2


def test_each_input_has_its_interval():
    figure = drawn.worth([("ecg", False, 0.05, 0.02, 0.08), ("<i>", True, -0.01, -0.03, 0.01)], title="x", percent=True)
    assert list(figure.layout.yaxis.ticktext) == ["<b>ecg</b>", "&lt;i&gt;"]
    assert figure.data[1].x[0] == 5 and list(figure.data[0].x) == [2, 8]
    left, right = figure.layout.xaxis.range
    assert left < -3 and right > 8, "no interval ends at the edge, where it would look cut"
