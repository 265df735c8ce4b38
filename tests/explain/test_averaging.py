"""Averages of attention: known weights give known means, on one scale for all classes, without a person's image."""

import numpy as np
import pytest

from mmcore.base.values import Box, Column, Seconds, Segment, Signal, Span, Whole
from mmcore.explain.averaging import Averages, ImageAverage, RowAverage, SignalAverage, TextAverage

HALVES = [Box(0, 0, 1, 0.5), Box(0, 0.5, 1, 1)]


def film(shade: int) -> np.ndarray:
    return np.full((20, 40), shade, np.uint8)


def test_of_images_the_mean_lies_on_the_grid_beside_the_mean_image():
    result = Averages(ImageAverage)
    for i in range(6):
        result.add("ill", film(10 * i), HALVES, np.array([0.75, 0.25]) if i % 2 else np.array([0.25, 0.75]))
    result.add("well", film(0), HALVES, np.array([0.9, 0.1]))
    sentence = result.document()
    assert sentence["ill"]["grid"] == pytest.approx(np.array([[1.0, 1.0]])) and sentence["ill"]["cases"] == 6
    assert sentence["ill"]["picture"].shape == (96, 96) and (sentence["ill"]["picture"] == 25).all()
    assert sentence["ill"]["aspect"] == 0.5
    assert sentence["well"]["grid"] == pytest.approx(np.array([[1.8, 0.2]]))
    assert sentence["well"]["picture"] is None, "of so few cases the image would show a person"


def test_of_signals_windows_keep_their_length_and_lonely_ends_are_cut():
    result = Averages(SignalAverage)
    short, long = (Signal(np.zeros((1, n), np.float32), 10.0) for n in (100, 200))
    for _ in range(20):
        result.add("ill", short, [Seconds(0, 5), Seconds(5, 10)], np.array([0.8, 0.2]))
    result.add("ill", long, [Seconds(0, 20)], np.array([1.0]))
    sentence = result.document()["ill"]
    assert len(sentence["at"]) == 50 and sentence["unit"] == "s" and sentence["cases"] == 21
    assert sentence["mean"][0] == pytest.approx((20 * 1.6 + 1) / 21) and sentence["mean"][-1] == pytest.approx(9 / 21)
    assert (sentence["low"] < sentence["mean"]).all() and (sentence["mean"] < sentence["high"]).all()


def test_of_segments_every_name_has_its_interval_and_seconds_stay():
    result, beat = Averages(SignalAverage), Signal(np.zeros((1, 100), np.float32), 10.0)
    for weight in (0.5, 0.7):
        places = [Segment(2, 3, "ST segment in V2", "ST", 0), Segment(0, 10, "Rhythm")]
        result.add("ill", beat, places, np.array([weight, 1 - weight]))
    sentence = result.document()["ill"]
    assert {row["column"]: row["mean"] for row in sentence["columns"]} == {
        "ST segment in V2": pytest.approx(1.2), "Rhythm": pytest.approx(0.8)
    }  # fmt: skip
    assert len(sentence["at"]) and sentence["cases"] == 2


def test_of_rows_every_column_has_its_interval():
    result = Averages(RowAverage)
    for weight in (0.5, 0.7):
        result.add("ill", {"age": 60.0, "sex": "f"}, [Column("age"), Column("sex")], np.array([weight, 1 - weight]))
    age, sex = result.document()["ill"]["columns"]
    assert age["mean"] == pytest.approx(1.2) and sex["mean"] == pytest.approx(0.8)
    assert age["low"] < 1.2 < age["high"] and age["cases"] == 2


def test_of_texts_pieces_make_a_word_and_rare_words_are_left_out():
    text, spans = "Dyspnoea, no pain", [Span(0, 4), Span(4, 8), Span(8, 9), Span(10, 12), Span(13, 17)]
    result = Averages(TextAverage)
    for _ in range(3):
        result.add("ill", text, spans, np.array([0.4, 0.2, 0.2, 0.1, 0.1]))
    result.add("ill", "Fever", [Span(0, 5)], np.array([1.0]))
    sentence = result.document()["ill"]
    assert [row["word"] for row in sentence["words"]] == ["dyspnoea", "no", "pain"] and sentence["least"] == 3
    assert sentence["words"][0]["mean"] == pytest.approx(1.5) and sentence["words"][0]["count"] == 3


def test_words_of_a_language_without_spaces_stay_as_the_encoder_cuts_them():
    result = Averages(TextAverage)
    for _ in range(3):
        result.add("ill", "胸痛。", [Span(0, 2), Span(2, 3)], np.array([0.8, 0.2]))
    assert [row["word"] for row in result.document()["ill"]["words"]] == ["胸痛"]


def test_a_token_for_the_whole_value_has_no_place_to_average():
    for part, value in (
        (ImageAverage, film(0)),
        (SignalAverage, Signal(np.zeros((1, 9), np.float32))),
        (TextAverage, "a"),
        (RowAverage, {}),
    ):
        result = Averages(part)
        result.add("ill", value, [Whole()], np.array([1.0]))
        assert result.document() == {}
