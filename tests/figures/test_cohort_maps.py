"""Pictures of average attention: one scale for all classes, cases counted, an even share marked."""

import numpy as np
import pytest

from mmcore.figures import cohort_maps

TINTS = {"well": "#7A92AB", "ill": "#DD6B3D"}


def image(top: float, picture=None) -> dict:
    return {"cases": 9, "grid": [[1.0, top], [0.5, 0.8]], "picture": picture, "aspect": 0.5}


def test_heat_is_on_one_scale_and_maps_without_a_peak_stay_pale():
    assert cohort_maps.deepest({"well": image(1.05), "ill": image(1.02)}) == cohort_maps.LEAST
    assert cohort_maps.deepest({"well": image(1.05), "ill": image(2.5)}) == 2.5
    for picture in (None, [[0, 255], [255, 0]]):
        figure = cohort_maps.grid(image(2.5, picture), 2.5)
        assert figure.data[-1].z.tolist() == [[1.0, 2.5], [0.5, 0.8]]
        assert figure.layout.yaxis.scaleratio == pytest.approx(0.5)
    assert len(cohort_maps.grid_frame({"well": image(1.5), "ill": image(2.0)})) == 8


def test_time_has_a_line_a_class_with_its_cases():
    curve = {"cases": 12, "unit": "s", "at": [0.5, 1.5], "mean": [1.1, 0.9], "low": [1.0, 0.8], "high": [1.2, 1.0]}
    figure = cohort_maps.over_time({"well": curve, "ill": curve | {"cases": 7}}, TINTS)
    assert [trace.name for trace in figure.data if trace.name] == ["well (12 cases)", "ill (7 cases)"]
    assert figure.layout.xaxis.title.text == "time (s)" and figure.layout.shapes[0].y0 == 1
    assert figure.layout.shapes[0].layer == "above"  # below, a line of the grid covers it
    assert len(cohort_maps.time_frame({"well": curve, "ill": curve})) == 4
    day = cohort_maps.over_time({"well": curve | {"at": [21600 * (1 + n) for n in range(len(curve["at"]))]}}, TINTS)
    assert day.layout.xaxis.title.text == "time (h)" and day.layout.xaxis.ticktext[0] == "0"


def test_marks_of_a_line_in_steps_stand_on_its_level_stretches():
    at, mean = np.arange(20) / 2 + 0.25, np.repeat([1.2, 0.9, 1.1], [7, 6, 7])
    mean[6] = 1.05  # a window that two tokens share
    curve = {"cases": 12, "unit": "s", "at": at, "mean": mean, "low": mean - 0.1, "high": mean + 0.1}
    figure = cohort_maps.over_time({"well": curve}, TINTS)
    line, marks = figure.data[1], figure.data[2]
    assert list(marks.y) == [1.2, 0.9, 1.1] and len(marks.x) == 3
    assert (line.x[0], line.x[-1]) == (0, 10) and list(figure.layout.xaxis.range) == [0, 10]
    slope = {"well": curve | {"mean": np.linspace(1, 2, 20)}}
    assert 5 <= len(cohort_maps.over_time(slope, TINTS).data[2].x) <= 9


def test_columns_stand_class_beside_class():
    rows = [
        {"column": name, "mean": m, "low": m - 0.1, "high": m + 0.2, "cases": 5}
        for name, m in (("age", 0.8), ("bmi", 1.3))
    ]
    means = {"well": {"cases": 5, "columns": rows}, "ill": {"cases": 5, "columns": rows}}
    figure = cohort_maps.columns(means, TINTS)
    assert list(figure.layout.yaxis.ticktext) == ["age", "bmi"], "the heaviest on top"
    first, second = figure.data
    assert first.y[0] > second.y[0] and list(first.x) == [0.8, 1.3]
    assert list(first.error_x.array) == pytest.approx([0.2, 0.2])
    few = cohort_maps.columns(means, TINTS, 1)
    assert list(few.layout.yaxis.ticktext) == ["bmi"] and list(few.data[1].x) == [1.3], "the greatest of many"


def test_words_are_told_with_how_often_they_occur():
    rows = [{"word": f"<{i}>", "mean": 2 - i / 10, "count": 30 - i, "cases": 20} for i in range(15)]
    figure = cohort_maps.words(rows, TINTS["ill"], 2.0)
    (bar,) = figure.data
    assert len(bar.y) == cohort_maps.WORDS and bar.y[0] == "&lt;0&gt;" and "×30" in figure.layout.annotations[0].text
    assert len(cohort_maps.words_frame({"ill": {"words": rows}})) == 15
    assert cohort_maps.words_frame({"ill": {"words": []}}).empty


def test_a_word_that_is_a_number_keeps_its_row():
    """Taken for a place on the axis, it would press all bars into a corner."""
    rows = [{"word": word, "mean": 1.5, "count": 9, "cases": 8} for word in ("hours", "85", "three")]
    figure = cohort_maps.words(rows, TINTS["ill"], 2.0)
    assert [note.y for note in figure.layout.annotations if "×" in (note.text or "")] == [0, 1, 2]
    assert figure.layout.yaxis.type == "category"
