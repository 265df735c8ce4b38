"""Edits give a changed value of the same kind and leave the one they were given as it was."""

import numpy as np
import pytest

from mmcore.base.errors import BadInput
from mmcore.base.values import Box, Seconds, Signal, Span
from mmcore.explain import edits


def test_erasing_paints_the_box_in_the_mean_colour():
    image = np.zeros((10, 20, 3), np.uint8)
    image[:, 10:] = (200, 100, 50)
    before = image.copy()
    edited = edits.erase(image, Box(0.5, 0.5, 1, 1))
    assert (edited[5:, 10:] == (100, 50, 25)).all() and (edited[:5] == before[:5]).all()
    assert (image == before).all() and edited.dtype == np.uint8
    assert (edits.erase(image[..., 0], Box(0.99, 0, 1, 1))[9] == 100).all()
    with pytest.raises(BadInput, match="region"):
        edits.erase(image, Box(0.5, 0.5, 0.5, 1))


def test_seconds_are_flattened_and_shifted():
    signal = Signal(np.arange(20, dtype=np.float32).reshape(2, 10), 5.0)
    flat = edits.mask_seconds(signal, 0.4, 0.8)
    assert (flat.samples[0, 2:4] == 4.5).all() and (flat.samples[1, 2:4] == 14.5).all()
    assert (flat.samples[:, :2] == signal.samples[:, :2]).all() and flat.rate_hz == 5.0
    assert edits.shift(signal, 0.2).samples[0].tolist() == [9, *range(9)]
    assert np.array_equal(edits.shift(edits.shift(signal, 0.6), -0.6).samples, signal.samples)
    with pytest.raises(BadInput, match="stretch"):
        edits.mask_seconds(signal, 3, 4)
    for nowhere in (float("nan"), float("inf")):
        with pytest.raises(BadInput, match="shift"):
            edits.shift(signal, nowhere)


def test_stretches_cover_the_signal_whether_or_not_its_rate_is_known():
    long = edits.stretches(Signal(np.zeros((1, 1250), np.float32), 125.0))
    assert len(long) == 10 and (long[0].start, long[-1].end) == (0, 10)
    assert len(edits.stretches(Signal(np.zeros((1, 90_000), np.float32), 1.0))) == 30
    assert edits.stretches(Signal(np.zeros((1, 50), np.float32)))[-1].end == 50


def test_words_and_sentences_of_a_note():
    note = "No chest pain. BP 120.5 mmHg!  Can't sleep"
    assert [note[s.start : s.end] for s in edits.sentences(note)] == ["No chest pain.", "BP 120.5 mmHg!", "Can't sleep"]
    assert [note[s.start : s.end] for s in edits.words(note)][3:5] == ["BP", "120.5"]
    assert edits.replace_words(note, Span(3, 9)) == "No pain. BP 120.5 mmHg!  Can't sleep"
    assert edits.replace_words(note, Span(0, 2), "Some") == "Some" + note[2:]
    chinese = "患者胸痛。无发热。"
    assert len(edits.sentences(chinese)) == 2 and len(edits.words(chinese)) == 7
    assert edits.sentences("  ") == [] and edits.words("") == []


def test_noise_keeps_kind_shape_and_categories_and_repeats_with_its_seed():
    image = np.full((8, 8), 100, np.uint8)
    image[:4] = 50
    assert edits.noise(image, 0.5).shape == image.shape and not np.array_equal(edits.noise(image, 0.5), image)
    signal = Signal(np.random.default_rng(0).normal(size=(2, 400)).astype(np.float32), 100.0)
    added = edits.noise(signal, 2.0).samples - signal.samples
    assert added.std(1) == pytest.approx(2 * signal.samples.std(1), rel=0.15)
    row = {"age": 60.0, "sex": "male", "bmi": None}
    loud = edits.noise(row, 1.0, spread={"age": 10.0})
    assert loud["sex"] == "male" and loud["bmi"] is None and loud["age"] != 60.0
    assert edits.noise(row, 1.0, 7, {"age": 10.0}) == edits.noise(row, 1.0, 7, {"age": 10.0})
    assert edits.noise("a few words here", 1.0).strip() == "" and edits.noise("as it is", 0.0) == "as it is"
    with pytest.raises(BadInput, match="Noise"):
        edits.noise(row, -1)


def test_a_row_is_set_without_touching_the_old_one():
    row = {"age": 60.0}
    assert edits.set_value(row, "age", None) == {"age": None} and row == {"age": 60.0}


def test_stretches_are_raised_flattened_and_turned_over_in_their_channels_only():
    time = np.arange(100) / 100
    bump = np.exp(-0.5 * ((time - 0.5) / 0.05) ** 2)
    signal = Signal(np.stack([bump, bump]).astype(np.float32), 100.0)
    stretch = [Seconds(0.3, 0.7)]
    flat = edits.reshape(signal, stretch, [1], times=0)
    assert np.abs(flat.samples[1]).max() < 0.01 and np.array_equal(flat.samples[0], signal.samples[0])
    over = edits.reshape(signal, stretch, [0], times=-1)
    assert over.samples[0, 50] == pytest.approx(-1, abs=0.01)
    up = edits.reshape(signal, stretch, [0], by=0.2)
    assert up.samples[0, 50] == pytest.approx(1.2) and up.samples[0, 30] == signal.samples[0, 30], "no step at its ends"
    assert signal.samples[0, 50] == 1 and edits.reshape(signal, [Seconds(0.5, 0.505)], [0], by=1).samples[0, 50] == 1
    with pytest.raises(BadInput, match="change"):
        edits.reshape(signal, stretch, [0], by=float("nan"))
