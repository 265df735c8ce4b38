"""Protects two columns of the same text: one is offered, its edition left out, a part of a longer text told."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.cohorts import open_cohort
from mmcore.cohorts.text_copies import Likeness, likeness

WORDS = [f"word{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(200)]


def texts(seed: int, words: int = 12) -> list[str]:
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, words)) for _case in range(30)]


def test_texts_that_repeat_one_another_are_known():
    report, verdict = texts(0), texts(1, 6)
    frame = pd.DataFrame({"report": report, "other": texts(2), "copy": [f"{text}." for text in report]})
    frame["report_raw"] = frame["whole"] = [f"{a} {b}" for a, b in zip(report, verdict, strict=True)]
    assert likeness(frame, "copy", "report") is Likeness.SAME
    assert likeness(frame, "report_raw", "report") is Likeness.EDITION
    assert likeness(frame, "whole", "report") is Likeness.PART
    assert likeness(frame, "other", "report") is None


def test_stock_phrases_are_no_copies():
    frame = pd.DataFrame({"a": ["normal heart and lungs"] * 30, "b": ["normal heart and lungs"] * 30})
    assert likeness(frame, "a", "b") is None


def test_the_edition_as_published_is_left_out_and_told(tmp_path):
    report, verdict = texts(0), texts(1, 6)
    frame = pd.DataFrame({"id": range(7, 37), "label": [0, 1] * 15, "age": range(40, 70)})
    frame["text_raw"] = [f"{a} {b}" for a, b in zip(report, verdict, strict=True)]
    frame["text"] = report
    frame.to_csv(tmp_path / "cases.csv", index=False)
    cohort = open_cohort(tmp_path)
    assert "text" in cohort.inputs and "text_raw" not in cohort.inputs
    assert "an edited version" in cohort.schema.ignored["text_raw"]
    assert any("'text_raw' is left out" in problem for problem in cohort.problems)
