"""Before and after: what augmentation changed is marked, and nothing else."""

import numpy as np

from mmcore.base.values import Signal
from mmcore.figures import augmentation


def test_words_that_went_and_came_are_marked_and_the_rest_is_plain():
    drawn = augmentation.text("no <chest> pain", "no pain today")
    assert "line-through" in drawn and "underline" in drawn and "&lt;" in drawn and "<chest>" not in drawn
    assert "span" not in augmentation.text("same", "same")


def test_copies_of_a_signal_are_drawn_over_it():
    signal = Signal(np.random.default_rng(0).normal(size=(2, 200)).astype(np.float32), 100.0, ("I", "II"))
    figure = augmentation.signal(signal, [signal, signal], "#3F74C9", channel=1)
    assert len(figure.data) == 4 and sum(bool(trace.showlegend) for trace in figure.data) == 2
    assert list(augmentation.signal_frame(signal, [signal])) == ["as_it_is", "copy_1"]


def test_changed_cells_are_bold_and_missing_ones_said():
    frame = augmentation.table_frame({"age": 63.0, "sex": "f"}, [{"age": None, "sex": "f"}])
    assert frame.loc["age"].tolist() == ["63", "missing"]
    drawn = augmentation.marked(frame).to_html()
    assert drawn.count("font-weight: 700") == 1


def test_an_image_is_shown_bare():
    assert len(augmentation.image(np.zeros((8, 6), np.uint8)).data) == 1
