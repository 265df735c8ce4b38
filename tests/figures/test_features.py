"""Figures of tokens draw what they are given: each token where it belongs, the chosen one marked, missing cases left
out."""

import numpy as np
import pandas as pd
import pytest

from mmcore.base.values import Box, Seconds, Signal, Span, Whole
from mmcore.figures import cohort_map, image_tokens, overlays, shaded_text, signal_tokens, token_values
from mmcore.inspect import projection

GRID = [Box(i / 3, j / 3, (i + 1) / 3, (j + 1) / 3) for i in range(3) for j in range(3)]
IMAGE = np.arange(60 * 40, dtype=np.uint8).reshape(60, 40)
TOKENS = np.random.default_rng(0).normal(size=(9, 16))


def test_grid_puts_each_value_into_its_box():
    grid = overlays.grid_of(GRID, np.arange(9))
    assert np.array_equal(grid, np.arange(9).reshape(3, 3))
    assert overlays.grid_of([Whole()], np.ones(1)) is None


@pytest.mark.parametrize(
    "image", [IMAGE, np.stack([IMAGE] * 3, 2), np.zeros((8, 8), np.uint8), np.zeros((1500, 900), np.uint8)]
)
def test_image_keeps_its_proportions_and_carries_the_layers(image):
    figure = image_tokens.patch_heat(image, GRID, projection.norms(TOKENS), name="norm")
    assert figure.layout.yaxis.scaleratio == pytest.approx(image.shape[0] / image.shape[1])
    assert [trace.type for trace in figure.data] == ["image", "image", "heatmap"]
    assert np.allclose(figure.data[2].z, projection.norms(TOKENS).reshape(3, 3)), (
        "hover tells the number, not the shade"
    )
    assert [trace.type for trace in image_tokens.patch_colours(image, GRID, projection.colours(TOKENS)).data] == [
        "image",
        "image",
    ]


def test_the_chosen_patch_is_outlined():
    figure = image_tokens.patch_similarity(IMAGE, GRID, projection.cosine(TOKENS), 5)
    outline = figure.layout.shapes[0]
    assert (outline.x0, outline.y0) == (GRID[5].left, GRID[5].top)


def test_an_encoder_that_says_one_thing_leaves_the_image_bare():
    assert len(image_tokens.patch_heat(IMAGE, [Whole()], np.ones(1), name="norm").data) == 1


def test_signal_and_tokens_share_one_time_axis():
    signal = Signal(np.random.default_rng(0).normal(size=(2, 5000)).astype(np.float32), 500.0, ("I", "II"), "mV")
    figure = signal_tokens.signal_tokens(
        signal,
        [Seconds(0, 4), Seconds(3, 7), Seconds(6, 10)],
        np.ones((2, 3)),
        colour="#3F74C9",
        channel=1,
        row_title="component",
    )
    trace, heat = figure.data
    assert len(trace.x) <= 3000 and trace.x[-1] <= 10
    assert list(heat.x) == [0, 3.5, 6.5, 10], "stretches that overlap meet half way"
    assert figure.layout.yaxis.title.text == "II (mV)"


def test_thinning_keeps_highs_and_lows():
    samples = np.zeros((1, 100_000), np.float32)
    samples[0, 77_777], samples[0, 3] = 9, -7
    at, shown = overlays.trace(Signal(samples, 1000.0), points=500)
    assert shown.max() == 9 and shown.min() == -7 and len(shown) <= 500 and (np.diff(at) >= 0).all()


@pytest.mark.parametrize("count", [4499, 5000, 8999, 100_001])
def test_thinning_reaches_the_end(count):
    """Bins of one width would drop what is left over: of 10 s at 500 Hz, the last second."""
    samples = np.zeros((1, count), np.float32)
    samples[0, -1], samples[0, count // 2] = 3, -2
    at, shown = overlays.trace(Signal(samples, 500.0))
    assert shown[-1] == 3 and at[-1] == (count - 1) / 500 and shown.min() == -2 and len(shown) <= 3000


def test_overlapping_stretches_are_averaged_and_gaps_stay_empty():
    _times, curve = overlays.over_time([Seconds(0, 2), Seconds(1, 3)], np.array([1.0, 3.0]), 4.0, steps=8)
    assert curve[0] == 1 and curve[2] == 2 and curve[4] == 3 and np.isnan(curve[-1])


def test_words_are_escaped_shaded_and_marked():
    text = "<b>no</b> pain"
    html = shaded_text.shaded(
        text,
        [Span(3, 5), Span(10, 14)],
        np.array([0.5, 1.0]),
        "#3F74C9",
        marked=[Span(10, 14)],
        told=np.array([0.25, 0.75]),
    )
    assert "<b>" not in html and "&lt;b&gt;" in html
    assert 'title="0.250"' in html and "underline" in html
    assert "rgba(63, 116, 201, 0.7)" in html and "rgba(63, 116, 201, 0.35)" in html


def test_shades_show_only_what_is_heavier_than_an_even_share():
    assert not overlays.above_even(np.full(10, 0.1)).any()
    nearly = overlays.above_even(np.array([0.26, 0.24, 0.25, 0.25]))
    assert 0 < nearly[0] < 0.1 and nearly[1] == 0, "weights that hardly differ stay pale"
    assert overlays.above_even(np.array([0.9, 0.05, 0.05]))[0] == 1
    assert (
        list(overlays.stretched(np.array([5.0, 7.0, 6.0]))) == [0, 1, 0.5] and not overlays.stretched(np.ones(3)).any()
    )


def test_words_without_weight_or_text_do_no_harm():
    assert "rgba(63, 116, 201, 0)" in shaded_text.shaded("ab", [Span(0, 2)], np.zeros(1), "#3F74C9")
    assert shaded_text.shaded("", [Whole()], np.ones(1), "#3F74C9").endswith("</p>")


def test_map_leaves_missing_cases_out_and_rings_the_present_one():
    points = np.array([[0.0, 1], [np.nan, np.nan], [2, 3]])
    figure = cohort_map.cohort_map(
        points, np.array([0.5, 0.2]), ["a", "b", "c"], pd.Series(["x", "y", "x"], name="target"), case="c"
    )
    ids = [id for trace in figure.data if trace.customdata is not None for id in trace.customdata]
    assert sorted(ids) == ["a", "c"]
    assert tuple(figure.data[-1].x) == (2.0,)
    assert "50%" in figure.layout.xaxis.title.text


def test_map_colours_numbers_on_a_scale_and_words_as_classes():
    points, ids = np.random.default_rng(0).normal(size=(20, 2)), [str(i) for i in range(20)]
    ages = pd.Series([*range(19), None], name="age", dtype=float)
    scaled = cohort_map.cohort_map(points, np.ones(2), ids, ages)
    assert {trace.name for trace in scaled.data} == {"age", "unknown"} and scaled.data[
        1
    ].marker.colorbar.title.text == "age"
    sexes = pd.Series([*["f", "m"] * 9, None, "f"], name="sex")
    classes = cohort_map.cohort_map(points, np.ones(2), ids, sexes, tints={"f": "#123456"})
    assert [trace.name for trace in classes.data] == ["f", "m", "unknown"] and classes.data[0].marker.color == "#123456"


def test_matrices_name_their_rows():
    assert list(token_values.word_similarity(["chest", "pain"], np.eye(2)).layout.xaxis.ticktext) == ["chest", "pain"]
    figure = token_values.column_tokens(
        ["age", "sex"], ["age", "age missing", "sex=f"], np.array([[63.0, 0, 0], [0, 0, 1]])
    )
    assert list(figure.data[0].y) == ["age", "sex"] and figure.data[0].text[0][0] == "63"


def test_a_click_anywhere_finds_the_nearest_patch_and_no_layer_catches_it():
    figure = image_tokens.clickable(
        image_tokens.patch_heat(IMAGE, GRID, projection.norms(TOKENS), name="length"),
        GRID,
        np.arange(9.0),
        name="length",
    )
    points = figure.data[-1]
    assert list(points.customdata) == list(range(9)) and (points.x[0], points.y[0]) == pytest.approx((1 / 6, 1 / 6))
    assert figure.layout.hoverdistance == -1 and "heatmap" not in {trace.type for trace in figure.data}
    assert points.marker.opacity == points.unselected.marker.opacity == 0


def test_feature_maps_are_named_by_their_channel_and_keep_the_image_s_proportions():
    maps = np.random.default_rng(0).random((3, 7, 7)).astype(np.float32)
    for over in (False, True):
        drawn = image_tokens.channels(IMAGE, maps, [4, 20, 7], np.array([0.3, 0.2, 0.1]), over=over)
        assert drawn.count("<img") == 3 and "channel 20" in drawn and 'alt="channel 4: spread 0.3"' in drawn
    assert image_tokens.channels(IMAGE, np.zeros((1, 1, 1), np.float32), [0], np.zeros(1)).count("<img") == 1


def test_slots_of_a_table_token_are_shown_filled_or_empty_and_escaped():
    drawn = token_values.slot_rows(
        ["<sex>"],
        ["<sex>=f", "<sex>=m"],
        np.array([[0.0, 1.0]]),
        np.array([[True, True]]),
        np.array([[False, True]]),
        "#3F74C9",
    )
    assert "<sex>" not in drawn and "&lt;sex&gt;=m" in drawn and "opacity:.6" in drawn


def test_a_measured_zero_is_not_drawn_as_an_empty_slot():
    true = np.array([[True]])
    assert "opacity:.6" not in token_values.slot_rows(["ca"], ["ca"], np.array([[0.0]]), true, true, "#3F74C9")


def test_the_largest_numbers_of_a_vector_come_first_and_zeros_are_left_out():
    figure = token_values.strongest(["a", "b", "c", "d"], np.array([0.1, -5.0, 2.0, 0.0]), "#3F74C9", count=2)
    assert list(figure.data[0].x) == [-5, 2] and list(figure.data[0].customdata) == ["b", "c"]
    assert len(token_values.strongest(["a", "b"], np.array([0.0, 1.0]), "#3F74C9").data[0].x) == 1
    assert list(token_values.strip(np.array([1.0, -3.0])).data[0].z[0]) == [1, -3]


def test_beats_are_marked_on_the_trace():
    samples = np.zeros((1, 500), np.float32)
    samples[0, [100, 300]] = 1
    figure = signal_tokens.with_peaks(Signal(samples, 100.0), [1.0, 3.0], colour="#3F74C9")
    assert list(figure.data[1].x) == [1, 3] and list(figure.data[1].y) == [1, 1]
    assert not len(signal_tokens.with_peaks(Signal(samples, 100.0), [], colour="#3F74C9").data[1].x)


def test_filters_of_a_bank_are_drawn_one_by_one():
    figure = signal_tokens.filter_bank(np.linspace(0, 50, 5), np.eye(3, 5), axis_title="frequency (Hz)")
    assert len(figure.data) == 3 and figure.layout.xaxis.title.text == "frequency (Hz)"
