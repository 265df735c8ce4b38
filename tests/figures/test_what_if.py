"""Protects the pictures of what-if: before and now, and the changes with their effects, as they were computed."""

import numpy as np
import pytest

from mmcore.figures import what_if

TINTS = {"well": "#7A92AB", "ill": "#DD6B3D", "note": "#3F74C9"}


def test_before_and_now_stand_in_one_row_with_the_interval_of_now():
    before, after = np.array([0.7, 0.3]), np.array([0.7, 0.55])
    figure = what_if.before_after(["well", "ill"], before, after, after - 0.1, after + 0.1, TINTS, title="probability")
    interval, way = figure.data[2:]
    assert list(interval.x) == pytest.approx([0.45, 0.65])
    assert list(way.x) == [0.3, 0.55] and list(way.y) == ["ill", "ill"]
    text = [note.text for note in figure.layout.annotations]
    assert "70%" in text[0] and "unchanged" in text[0]
    assert "55%" in text[1] and "+25 points" in text[1]
    assert way.marker.opacity == 1, "marks are in the colour of their class"


def test_a_case_as_it_came_has_neither_rings_nor_changes():
    now = np.array([0.7, 0.3])
    figure = what_if.before_after(["well", "ill"], None, now, now - 0.1, now + 0.1, TINTS, title="probability")
    assert [note.text for note in figure.layout.annotations] == ["<b>70%</b>", "<b>30%</b>"]
    assert list(figure.data[1].x) == [0.7, 0.7] and figure.data[1].marker.size[0] == 0


def test_points_are_those_between_the_percentages_that_stand_there():
    before, after = np.array([0.1964, 0.8036]), np.array([0.1846, 0.8154])
    figure = what_if.before_after(["well", "ill"], before, after, after, after, TINTS, title="probability")
    assert [note.text for note in figure.layout.annotations] == ["<b>18%</b>  −2 points", "<b>82%</b>  +2 points"]
    after = np.array([0.79])
    figure = what_if.before_after(["well"], np.array([0.8]), after, after, after, TINTS, title="probability")
    assert figure.layout.annotations[0].text.endswith("−1 point")


def test_changes_keep_their_order_and_mark_those_that_flip():
    labels = ["note taken away", "age = 40, and a very long account of what else was changed here"]
    figure = what_if.changes(labels, np.array([-0.4, 0.02]), [True, False], ["note", "note"], TINTS)
    (bars,) = figure.data
    assert list(bars.x) == pytest.approx([-40, 2]) and list(bars.text) == ["−40", "+2"]
    shown = figure.layout.yaxis.ticktext
    assert shown[0] == "● note taken away" and shown[1].endswith("…")
    assert bars.customdata[1][0] == labels[1], "the whole text is told on hover"
    assert "percentage points" in figure.layout.xaxis.title.text


def test_effects_on_a_value_stay_in_its_own_unit():
    figure = what_if.changes(["note taken away"], np.array([-12.5]), [False], ["note"], TINTS, target="age")
    assert list(figure.data[0].x) == [-12.5] and "age" in figure.layout.xaxis.title.text
    effects = np.array([22.8, -13.04, 9.54])
    figure = what_if.changes(["a", "b", "c"], effects, [False] * 3, ["note"] * 3, TINTS, target="age")
    assert list(figure.data[0].text) == ["+22.8", "−13.0", "+9.5"], "all as exact as the greatest"
    assert list(figure.data[0].marker.opacity) == [1.0] * 3, "none is paled where none flips"


def test_effects_on_a_time_to_an_event_are_points_of_its_probability():
    figure = what_if.changes(["note taken away"], np.array([-0.125]), [False], ["note"], TINTS, horizon="5 years")
    title = figure.layout.xaxis.title.text
    assert list(figure.data[0].x) == [-12.5] and "event by 5 years" in title and "percentage points" in title


def test_of_several_labels_the_one_that_is_told_of_is_named():
    figure = what_if.changes(["note taken away"], np.array([-0.19]), [True], ["note"], TINTS, label="fluids")
    assert "probability of fluids" in figure.layout.xaxis.title.text


def test_no_change_at_all_is_an_empty_figure():
    assert not len(what_if.changes([], np.zeros(0), [], [], TINTS).data[0].x)


@pytest.mark.parametrize(
    ("points", "minus", "words"),
    [(1, "−", "+1 point"), (5, "−", "+5 points"), (-1, "−", "−1 point"), (-2, "-", "-2 points"), (0, "−", "0 points")],
)
def test_points_have_their_sign_and_one_of_them_is_a_point(points, minus, words):
    assert what_if.points_in_words(points, minus) == words
