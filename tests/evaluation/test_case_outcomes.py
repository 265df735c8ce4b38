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


def test_of_times_both_an_early_event_and_one_that_did_not_come_can_be_far_off():
    """Deviance residuals: a hazard of 0.05 before an event weighs about as much as one of 2 without any."""
    hazards = np.concatenate([[0.05, 2.0], np.full(18, 0.7)])
    target = np.concatenate([[1.0, -1.0], np.tile([1.0, -1.0], 9)])
    outputs = np.tile((1 - np.exp(-hazards))[:, None], (1, 4))[None]
    frame = case_outcomes("survival", ("1 years", "2 years"), target, {"a": outputs}, "a", [str(i) for i in range(20)])
    early, late = frame["error"].iloc[:2]
    assert early == pytest.approx(np.sqrt(-2 * (0.95 + np.log(0.05)))) and late == pytest.approx(-2.0)
    assert (frame["outcome"].iloc[:2] == "wrong").all() and (frame["outcome"].iloc[2:] != "wrong").all()
