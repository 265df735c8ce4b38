"""Protects how a report shows answers beside the truth: thirds of risk for times, a plane of values for numbers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mmcore.evaluation import calibration_check_of
from mmcore.report.contents import _plain_name
from mmcore.report.outcome_sections import outcomes


def run_of(task: str, target: np.ndarray, outputs: np.ndarray, classes: tuple[str, ...] = ()) -> Any:
    cases = SimpleNamespace(target=target, outputs=outputs, groups=None)
    spec = SimpleNamespace(task=task, classes=classes, target="gain in metres")
    return SimpleNamespace(spec=spec, method="cross_attention", target=target, outputs=outputs, out_of_fold=cases)


def test_of_times_the_third_with_the_highest_risk_is_told_beside_the_lowest():
    rng = np.random.default_rng(0)
    risk = np.linspace(0.05, 0.9, 120)
    by_first, by_second = 1 - (1 - risk) ** 0.5, risk
    times = rng.exponential(1 / -np.log1p(-risk))
    target = np.where(times < 2, times, -2.0)  # followed for two years
    outputs = np.stack([by_first, by_second, by_first, by_second], 1)[None]
    (section,) = outcomes(run_of("survival", target, outputs, ("1 years", "2 years")))
    seen = [float((target[part] > 0).mean()) for part in (risk > risk[79], risk < risk[40])]
    words = section.lines[0]
    assert f"highest risk, {seen[0]:.0%} had the event by 2 years" in words and f"lowest, {seen[1]:.0%}" in words
    assert "cross attention" in words and section.picture.png.startswith(b"\x89PNG")


def test_of_numbers_the_usual_error_is_told_with_the_name_of_what_is_predicted():
    truth = np.arange(40.0)
    predicted = truth + np.where(truth % 2, 1.5, -1.5)
    predicted[0] = np.nan  # never tested
    (section,) = outcomes(run_of("regression", truth, predicted[None, :, None]))
    assert "off by less than 1.5" in section.lines[0] and "gain in metres" in section.lines[0]


@pytest.mark.parametrize(("power", "answer"), [(1.0, "As far as these cases can tell, yes"), (0.2, "Not as they are")])
def test_of_probabilities_it_is_told_whether_they_can_be_believed(power, answer):
    rng = np.random.default_rng(0)
    likely = rng.uniform(0.02, 0.98, 400)
    stated = likely**power
    run = run_of("binary", (rng.uniform(size=400) < likely).astype(int), np.stack([1 - stated, stated], 1)[None])
    (section,) = outcomes(run)
    cases = run.out_of_fold
    check = calibration_check_of("binary", cases.target, cases.outputs)
    assert section.lines[0].startswith(answer) and f"{check.distance:.3f} off" in section.lines[0]


@pytest.mark.parametrize("run", [None, SimpleNamespace(target=None, outputs=None)])
def test_an_exported_run_has_none(run):
    assert outcomes(run) == []


def test_linear_baselines_are_named_by_what_they_are_for_the_task():
    row = {"method": "logistic", "inputs": ["labs"]}
    names = {task: _plain_name(row, 3, task) for task in ("binary", "regression", "survival")}
    assert list(names.values()) == ["Ridge-penalised regression: labs"] * 2 + ["Ridge-penalised Cox model: labs"]
