"""Protects texts that are longer than can be read: the cut is told, and two that differ below it stay two."""

from __future__ import annotations

import pandas as pd

from mmcore.cohorts import open_cohort
from mmcore.readers import text_remarks


def test_texts_that_differ_after_the_cut_are_two(tmp_path, monkeypatch):
    monkeypatch.setattr(text_remarks, "MAX_CHARACTERS", 200)
    monkeypatch.setattr("mmcore.cohorts.media.MAX_CHARACTERS", 200)
    begun = "no chest pain and no cough " * 8
    notes = [f"{begun}{word}" for word in ("pneumonia", "healthy")] + [f"case {i} breathes well" for i in range(6)]
    frame = pd.DataFrame({"id": range(3, 11), "label": [0, 1] * 4, "note": notes})
    frame.to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path)
    assert cohort.value("3", "note") == cohort.value("4", "note") == begun[:200]
    assert cohort.digest("3", "note") != cohort.digest("4", "note") and cohort.copies is None
    sentences = [problem for problem in cohort.problems if "the first 200 are read" in problem]
    assert len(sentences) == 2
