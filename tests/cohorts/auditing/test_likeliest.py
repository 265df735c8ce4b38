"""Protects: of thousands of columns the telling one is still found, and few of them are tried with a model."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.cohorts import open_cohort
from mmcore.cohorts.auditing import association, audit, likeliest


@pytest.fixture
def widths(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many numbers each model was fitted to."""
    widths: list[int] = []
    whole = association._of_classes

    def counting(features, target, groups):
        widths.append(features.shape[1])
        return whole(features, target, groups)

    monkeypatch.setattr(association, "_of_classes", counting)
    return widths


def test_few_names_are_all_asked():
    names = ["a", "b"]
    assert likeliest.likeliest(names, [np.zeros(4), np.ones(4)], np.array([0, 1, 0, 1.0]), "binary") == names


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_what_goes_with_the_target_is_among_the_likeliest(task):
    rng = np.random.default_rng(0)
    target = rng.integers(0, 2, 100).astype(float) if task == "binary" else rng.normal(size=100)
    target[3] = np.nan
    features = list(rng.normal(size=(600, 100)))
    features[417] = np.exp(5 * np.nan_to_num(target)) + rng.random(100)  # one far value must not hide its order
    chosen = likeliest.likeliest([f"c{i}" for i in range(600)], features, target, task)
    assert len(chosen) == likeliest.TRIED and "c417" in chosen
    assert chosen == sorted(chosen, key=lambda name: int(name[1:]))


@pytest.mark.slow
def test_one_telling_column_of_many_is_found(tmp_path, widths):
    rng = np.random.default_rng(1)
    label = np.repeat([0, 1], 40)
    table = pd.DataFrame(rng.normal(size=(80, 400)).round(3), columns=[f"gene_{i}" for i in range(400)])
    table["gene_123"] = (label + rng.normal(0, 0.24, 80)).round(3)
    table["label"] = np.where(label, "ill", "well")
    table.to_csv(tmp_path / "cases.csv", index=False)
    findings = audit(open_cohort(tmp_path))
    telling = [finding for finding in findings if finding.check == "telling_columns"]
    assert any("gene_123" in finding.summary for finding in telling)
    assert {"columns": 399, "tried": likeliest.TRIED} in [finding.numbers for finding in telling], "the limit is told"
    assert len(widths) < likeliest.TRIED + 20
    (limit,) = [finding for finding in telling if "tried" in finding.numbers]
    assert "calculated from others was not checked" in limit.advice


def test_words_do_not_keep_the_few_numbers_from_being_checked(tmp_path):
    rng = np.random.default_rng(2)
    table = pd.DataFrame(rng.choice([*"abc"], size=(60, likeliest.MOST + 5)))
    table.columns = [f"answer_{i}" for i in table]
    table["age"] = rng.integers(30, 80, 60)
    table["label"] = np.repeat(["ill", "well"], 30)
    table.to_csv(tmp_path / "cases.csv", index=False)
    telling = [finding for finding in audit(open_cohort(tmp_path)) if finding.check == "telling_columns"]
    (limit,) = [finding for finding in telling if "tried" in finding.numbers]
    assert "correlate best" in limit.advice and "calculated" not in limit.advice
