"""The interval chart shows every method with its interval, the ceiling, the reference and the right colours."""

import numpy as np
import pandas as pd
import pytest

from mmcore.figures import method_intervals, theme

METHODS = ["xray", "note", "concat", "cross_attention"]

TINTS = theme.method_colours(METHODS, ["xray", "note"])

TABLE = pd.DataFrame(
    {
        "method": METHODS,
        "mean": [0.6, 0.7, 0.8, 0.85],
        "low": [0.55, 0.65, 0.75, 0.8],
        "high": [0.65, 0.75, 0.85, 0.9],
        "parameters": [10, 20, 3000, 40000],
        "seconds": [0.5, 0.6, 2.0, 30.0],
    }
)


def test_forest_shows_points_intervals_ceiling_and_reference():
    figure = method_intervals.forest(TABLE, "auroc", TINTS, ceiling=0.95, reference="note")
    points = {trace.name: trace for trace in figure.data if trace.mode == "markers"}
    assert {name: point.x[0] for name, point in points.items()} == {
        "xray": 0.6,
        "note": 0.7,
        "concat": 0.8,
        "cross attention": 0.85,
    }
    assert points["cross attention"].marker.color == TINTS["cross_attention"]
    bars = [tuple(trace.x) for trace in figure.data if trace.mode == "lines"]
    assert (0.55, 0.65) in bars and len(bars) == 4
    assert [shape.x0 for shape in figure.layout.shapes] == [0.7, 0.95]
    assert any("0.950" in note.text for note in figure.layout.annotations)


@pytest.mark.parametrize("metric", ["auroc", "rmse"])
def test_the_line_of_what_can_be_reached_says_so_whichever_way_is_better(metric):
    words = [note.text for note in method_intervals.forest(TABLE, metric, TINTS, ceiling=0.2).layout.annotations]
    assert "best possible 0.200" in words


def test_forest_without_intervals_ceiling_or_rows():
    bare = TABLE.assign(low=np.nan, high=np.nan)
    assert len(method_intervals.forest(bare, "rmse", TINTS, ceiling=float("nan")).layout.shapes) == 0
    assert len(method_intervals.forest(TABLE[:0], "auroc", TINTS).data) == 0


def test_axes_say_which_way_is_better():
    assert "lower is better" in method_intervals.forest(TABLE, "brier", TINTS).layout.xaxis.title.text
    assert "higher is better" in method_intervals.forest(TABLE, "auroc", TINTS).layout.xaxis.title.text


GAPS = TABLE.assign(
    difference=[np.nan, np.nan, 0.1, 0.15],
    difference_low=[np.nan, np.nan, 0.02, 0.1],
    difference_high=[np.nan, np.nan, 0.18, 0.2],
)


def test_differences_stand_in_the_rows_of_their_methods_and_the_zero_line_is_named():
    figure = method_intervals.forest(GAPS, "auroc", TINTS, reference="note")
    points = [trace for trace in figure.data if trace.mode == "markers"]
    left, right = ({t.name: t.x[0] for t in points if t.xaxis == axis} for axis in ("x", "x2"))
    assert list(left) == ["xray", "note", "concat", "cross attention"] and right == {
        "concat": 0.1,
        "cross attention": 0.15,
    }
    assert figure.layout.yaxis2.matches == "y", "one row for both"
    words = [note.text for note in figure.layout.annotations]
    assert {"<b>+0.100</b> ✓", "as good as note", "best single input"} <= set(words)
    low, high = figure.layout.xaxis2.range
    assert low < 0 < high


def test_words_on_lines_close_together_part_to_the_sides_of_their_lines():
    notes = method_intervals.forest(TABLE, "auroc", TINTS, ceiling=0.71, reference="note").layout.annotations
    left, right = [note for note in notes if note.yshift]
    assert all(note.y == 1 and note.yanchor == "bottom" for note in (left, right)) and left.yshift == right.yshift
    assert (left.x, left.xanchor, right.x, right.xanchor) == (0.7, "right", 0.71, "left"), "no name over the other line"


def test_words_on_lines_stand_on_each_other_where_the_second_has_no_room_beside_the_first():
    notes = method_intervals.forest(TABLE, "auroc", TINTS, ceiling=0.95, reference="cross_attention").layout.annotations
    above = [note for note in notes if note.yshift]
    assert len(above) == 2 and len({note.yshift for note in above}) == 2


@pytest.mark.parametrize("ceiling", [0.71, 0.8, 0.85, 0.9, 0.95, 1.1])
def test_words_on_lines_do_not_touch_wherever_the_lines_are(ceiling):
    figure = method_intervals.forest(TABLE, "auroc", TINTS, ceiling=ceiling, reference="note")
    low, high = figure.layout.xaxis.range
    spans = []
    for note in (note for note in figure.layout.annotations if note.yshift):
        wide = 0.026 * len(note.text)  # of a panel of 240 pixels
        start = (note.x - low) / (high - low) - {"left": 0, "center": wide / 2, "right": wide}[note.xanchor]
        spans.append((note.yshift, start, start + wide))
    (first, _start, end), (second, start, _end) = spans
    assert first != second or end < start


def test_a_method_far_off_does_not_press_the_others_together():
    means = [0.996, 0.995, 0.994, 0.993, 0.99, 0.89]
    names = list("abcdef")
    far = pd.DataFrame({"method": names, "mean": means, "low": np.subtract(means, 0.002), "high": np.add(means, 0.002)})
    low, high = method_intervals.shown_range(far, "auroc")
    assert 0.96 < low < 0.988 and high > 0.998
    figure = method_intervals.forest(far, "auroc", {}, reference="e")
    point = next(trace for trace in figure.data if trace.name == "f")
    assert point.marker.symbol == "triangle-left" and "0.890" in point.hovertemplate
    same = far.assign(mean=0.9, low=0.8999, high=0.9001)
    low, high = method_intervals.shown_range(same, "auroc")
    assert high - low > 0.015, "noise is not blown up to a difference"
    low, high = method_intervals.shown_range(far.assign(mean=np.subtract(1, means), low=np.nan, high=np.nan), "brier")
    assert high < 0.05, "of an error the small values are the good ones"


def test_the_ceiling_lies_within_the_axis():
    low, high = method_intervals.forest(TABLE, "auroc", TINTS, ceiling=0.99).layout.xaxis.range
    assert low < 0.55 and high > 0.99


KINDS = TABLE.assign(
    method=["xray", "note", "concat", "logistic"],
    kind=["single", "single", "fusion", "plain"],
    seeds=[[], [], [0.79, 0.795], None],
)


def test_each_kind_stands_under_its_heading_with_a_mark_of_its_own():
    figure = method_intervals.forest(KINDS[::-1], "auroc", TINTS)
    marks = {t.name: t.marker.symbol for t in figure.data if t.mode == "markers" and "seeds" not in t.name}
    assert marks == {"xray": "square", "note": "square", "concat": "circle", "logistic": "diamond-open"}
    beside = [text for _y, text in sorted(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True))]
    assert beside == ["<i>Single inputs</i>", "note", "xray", "<i>Fusion</i>", "concat", "<i>Plain baselines</i>",
                      "logistic"]  # fmt: skip
    names = dict(zip(figure.layout.yaxis.ticktext, figure.layout.yaxis.tickvals, strict=True))
    assert all(t.y[0] == names[t.name] for t in figure.data if t.name in names), "each mark in the row of its name"


def test_single_seeds_are_thin_ticks_beside_the_mark_of_all():
    figure = method_intervals.forest(KINDS, "auroc", TINTS)
    ticks = [t for t in figure.data if t.name and t.name.endswith("single seeds")]
    assert [list(t.x) for t in ticks] == [[0.79, 0.795]] and ticks[0].marker.symbol == "line-ns"


def test_a_difference_is_marked_only_where_its_interval_leaves_out_zero_and_by_the_sense_of_the_metric():
    gaps = pd.DataFrame(
        {
            "method": ["note", "a", "b", "c"],
            "mean": [0.2, 0.1, 0.2, 0.3],
            "low": np.nan,
            "high": np.nan,
            "difference": [np.nan, -0.1, 0.0, 0.1],
            "difference_low": [np.nan, -0.2, -0.1, 0.05],
            "difference_high": [np.nan, -0.05, 0.1, 0.2],
        }
    )
    words = {m: [n.text for n in method_intervals.forest(gaps, m, {}, reference="note").layout.annotations] for m in
             ("brier", "auroc")}  # fmt: skip
    assert {"<b>−0.100</b> ✓", "0.000", "<b>+0.100</b> ✗"} <= set(words["brier"])
    assert {"<b>−0.100</b> ✗", "0.000", "<b>+0.100</b> ✓"} <= set(words["auroc"])


def test_questions_are_answered_row_by_row_and_the_least_gain_is_a_line():
    table = pd.DataFrame({"method": ["<all> against one", "all against the average"], "mean": [0.1, 0.01],
                          "low": [0.05, -0.02], "high": [0.15, 0.04]})  # fmt: skip
    figure = method_intervals.differences(table, "auroc", margin=0.02)
    assert list(figure.layout.yaxis.ticktext) == ["&lt;all&gt; against one", "all against the average"]
    assert {shape.x0 for shape in figure.layout.shapes} == {0.0, 0.02}
    words = [note.text for note in figure.layout.annotations]
    assert {"<b>+0.100</b> ✓", "+0.010", "no difference", "counts as a gain: 0.02"} == set(words)
    assert {shape.x0 for shape in method_intervals.differences(table, "brier", margin=0.02).layout.shapes} == {0, -0.02}
