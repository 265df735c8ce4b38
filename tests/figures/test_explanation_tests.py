"""Protects the pictures of how right explanations are: numbers drawn are those given, against their control."""

import pandas as pd
import pytest

from mmcore.explain.tests.scores import EVEN, EVERYWHERE, RANDOM, WITHIN
from mmcore.figures import explanation_tests

TINTS = {"attention": "#16858F", "occlusion": "#2E9BC6"}


def marks(figure) -> list:
    return [trace for trace in figure.data if trace.mode == "markers" and trace.x[0] is not None]


def test_every_explanation_and_control_has_a_name_and_a_colour_of_its_own():
    names = ["attention", RANDOM, EVEN, *EVERYWHERE, *WITHIN, "shapley"]
    assert set(names) <= set(explanation_tests.EXPLANATION_COLOURS)
    assert len({explanation_tests.explanation_name(name) for name in names}) == len(names)
    assert len({explanation_tests.EXPLANATION_COLOURS[name] for name in names}) == len(names)
    assert set(explanation_tests.CONTROLS) == {RANDOM, EVEN}
    assert explanation_tests.explanation_name("cross_attention") == "cross attention"


def test_pointing_shows_hits_and_chance_in_a_panel_for_each_input():
    columns = ["name", "input", "hit", "low", "high", "chance"]
    rows = [("attention", "xray", 0.4, 0.3, 0.5, 0.2), ("attention", "note", 0.7, 0.6, 0.8, 0.5)]
    figure = explanation_tests.pointing(pd.DataFrame(rows, columns=columns), TINTS)
    assert [trace.x[0] for trace in marks(figure)] == [0.2, 0.4, 0.5, 0.7], "chance, then the hit, panel by panel"
    assert [list(trace.x) for trace in figure.data if trace.mode == "lines"] == [[0.3, 0.5], [0.6, 0.8]]
    assert [note.text for note in figure.layout.annotations] == ["xray", "note"]


def test_curves_run_from_nothing_to_everything_and_controls_are_broken_lines():
    figure = explanation_tests.perturbation(
        {"attention": [0.9, 0.5, 0.1], "even": [0.9, 0.8, 0.1]}, TINTS, title="taken away"
    )
    attention, even = figure.data
    assert list(attention.x) == [0, 0.5, 1] and list(attention.y) == [0.9, 0.5, 0.1]
    assert (attention.line.dash, even.line.dash) == ("solid", "dash")


@pytest.mark.parametrize(
    ("of_number", "axis"), [(True, "how much of the prediction stands"), (False, "probability of what is predicted")]
)
def test_a_number_has_no_probability(of_number, axis):
    figure = explanation_tests.perturbation({"attention": [1.0, 0.5]}, TINTS, title="taken away", of_number=of_number)
    assert figure.layout.yaxis.title.text == axis


def test_gains_against_two_controls_share_a_row():
    columns = ["name", "control", "mean", "low", "high"]
    rows = [("attention", "random", 0.1, 0.05, 0.2), ("attention", "even", -0.02, -0.1, 0.01)]
    figure = explanation_tests.gains(pd.DataFrame(rows, columns=columns), TINTS, title="area")
    drawn = marks(figure)
    assert [trace.x[0] for trace in drawn] == [0.1, -0.02]
    assert [trace.marker.symbol for trace in drawn] == ["circle", "circle-open"]
    assert list(figure.layout.yaxis.ticktext) == ["attention"]
    assert max(abs(trace.y[0]) for trace in drawn) < 0.5, "both lie in their row"
    low, high = figure.layout.xaxis.range
    assert low < -0.1 and high > 0.2
    assert [trace.name for trace in figure.data if trace.showlegend is None] == [
        "against random order",
        "against even weights",
    ]


def test_gains_without_a_control_need_no_legend():
    table = pd.DataFrame([("occlusion", 0.3, 0.2, 0.4)], columns=["name", "mean", "low", "high"])
    figure = explanation_tests.gains(table, TINTS, title="rank correlation")
    assert not figure.layout.showlegend and marks(figure)[0].y[0] == 0
