"""Protects the part of a report that tells where a finding lies: the answer first, then every method."""

from mmcore.report.segmentation_sections import located

SCORES = {"mean": 0.61, "low": 0.55, "high": 0.67, "cases": 30}
UNKNOWN = {"mean": 0.0, "low": None, "high": None, "cases": 2}


def row(method):
    return {"method": method, "metrics": {"dice": SCORES, "pointing": SCORES, "clean": UNKNOWN}}


def test_every_method_stands_under_the_answer_in_words():
    document = {"finding": "nodule", "input": "ct", "with_finding": 30, "cases": 32, "folds": 5, "grid": 28}
    document |= {"reachable": 0.86, "text": "Together it is found better.", "methods": [row("alone"), row("together")]}
    (section,) = located([document | {"plain": [row("boosted:together")]}])
    assert section.lines == ("Together it is found better.",) and "'nodule' lie in ct" in section.heading
    assert [cells[0] for cells in section.table.rows][1:] == [
        "With the other inputs", "Plain: boosted trees, with the other inputs",
    ]  # fmt: skip
    assert section.table.rows[0][1:] == ("0.610 [0.550, 0.670]", "0.610 [0.550, 0.670]", "0.000")
    assert "30 of 32 cases" in section.table.note and "0.86" in section.table.note
    assert located([]) == []
