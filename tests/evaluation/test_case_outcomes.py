"""Protects which cases are called wrong, unsure and disputed."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.base.errors import NotFound
from mmcore.evaluation.case_outcomes import case_outcomes


def probabilities(*of_second: float) -> np.ndarray:
    return np.array([[[1 - p, p] for p in of_second]])


def test_classes_are_wrong_unsure_right_and_disputed():
    target = np.array([1, 1, 1, 0, -1, 1])
    outputs = {
        "a": probabilities(0.9, 0.55, 0.2, 0.1, 0.5, np.nan),
        "b": probabilities(0.8, 0.3, 0.4, np.nan, 0.5, 0.9),
    }
    frame = case_outcomes("binary", ("no", "yes"), target, outputs, "a", list("uvwxyz"))
    assert frame.index.tolist() == ["u", "v", "w", "x"], "without a target or an answer a case is neither"
    assert frame["outcome"].tolist() == ["right", "unsure", "wrong", "right"]
    assert frame["disputed"].tolist() == [False, True, False, False]
    assert frame["wrong_by"].tolist() == [0, 1, 2, 0] and frame["answered_by"].tolist() == [2, 2, 2, 1]
    assert frame.loc["w", "probability"] == pytest.approx(0.2) and frame.loc["w", "predicted"] == "no"
    with pytest.raises(NotFound):
        case_outcomes("binary", ("no", "yes"), target, outputs, "c", list("uvwxyz"))


def test_numbers_are_far_off_in_the_worst_tenth():
    target = np.zeros(20)
    errors = np.linspace(0, 1, 20)
    outputs = {"a": errors[None, :, None].repeat(2, 0), "b": np.zeros((1, 20, 1))}
    frame = case_outcomes("regression", (), target, outputs, "a", [f"c{i}" for i in range(20)])
    assert frame["outcome"].tolist() == ["right"] * 18 + ["wrong"] * 2
    assert frame["disputed"].tolist() == (errors > np.median(errors)).tolist()
    assert frame["error"].tolist() == pytest.approx(errors.tolist())
