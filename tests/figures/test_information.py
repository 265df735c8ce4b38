"""Pictures of kinds of information: four parts of every pair, with their intervals, bounds and numbers."""

import pytest

from mmcore.figures import information

TINTS = {"note": "#3F74C9", "ecg": "#CF4B62", "labs": "#7C60B8"}


def bits(mean: float, **more: float) -> dict[str, float]:
    return {"mean": mean, "low": mean - 0.1, "high": mean + 0.1, **more}


def pair(first: str, second: str, **redundant: float) -> dict:
    return {
        "inputs": [first, second],
        "unique": {first: bits(0.2), second: bits(0.1)},
        "redundant": bits(0.3, **redundant),
        "synergistic": bits(-0.05),
    }


def test_pairs_show_their_four_parts_with_intervals_and_negative_estimates():
    bars = [trace for trace in information.pairs([pair("note", "ecg")], TINTS).data if trace.type == "bar"]
    assert [bar.x[0] for bar in bars] == pytest.approx([0.2, 0.1, 0.3, -0.05])
    assert all([*bar.error_x.array, *bar.error_x.arrayminus] == pytest.approx([0.1, 0.1]) for bar in bars)


def test_every_part_is_named_beside_its_bar_under_the_heading_of_its_pair():
    figure = information.pairs([pair("note", "ecg"), pair("note", "labs")], TINTS)
    beside = dict(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True))
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert [beside[bar.y[0]] for bar in bars] == [bar.name for bar in bars] and len(bars) == 8
    headings = {at: text for at, text in beside.items() if text.startswith("<i>")}
    assert list(headings.values()) == ["<i>note + ecg</i>", "<i>note + labs</i>"]
    assert bars[3].y[0] < list(headings)[1] < bars[4].y[0]
    numbers = {note.y: note.text for note in figure.layout.annotations}
    assert [numbers[bar.y[0]] for bar in bars[:4]] == ["0.200", "0.100", "0.300", "-0.050"]


def test_bounds_of_redundancy_are_marked_where_there_are_any():
    marks = [
        t for t in information.pairs([pair("note", "ecg", least=0.1, most=0.4)], TINTS).data if t.type == "scatter"
    ]
    assert [list(mark.x) for mark in marks] == [[0.1, 0.4]] and "0.100 to 0.400" in marks[0].hovertemplate
    assert not [t for t in information.pairs([pair("note", "ecg")], TINTS).data if t.type == "scatter"]
