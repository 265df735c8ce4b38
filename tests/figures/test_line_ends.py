"""Protects names at the ends of lines: each is there, none lies on another, and none leaves the picture."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from mmcore.figures import line_ends


def test_names_that_would_touch_move_apart_and_keep_their_order():
    heights = np.array([0.80, 0.30, 0.81, 0.805])
    places = line_ends.apart(heights, 0.05, 0.0, 1.0)
    assert np.array_equal(np.argsort(places), np.argsort(heights))
    assert np.diff(np.sort(places)).min() >= 0.05 - 1e-9
    assert places[1] == 0.30 and abs(places[[0, 2, 3]].mean() - 0.805) < 1e-9


def test_names_stay_within_the_picture():
    places = line_ends.apart(np.array([0.99, 1.0, 1.0]), 0.1, 0.0, 1.0)
    assert places.max() <= 1.0 + 1e-9 and places.min() >= 0


def test_every_line_with_an_end_is_named_and_shown_as_it_is_written():
    figure = line_ends.name_ends(go.Figure(), {"a<b": 0.2, "none": float("nan"), "c": 0.9}, (0, 1), room=300)
    assert [note.text for note in figure.layout.annotations] == ["a&lt;b", "c"]
