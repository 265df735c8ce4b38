"""Protects tuning: no case a fold is tested on decides its settings, trials are tried once, and the run holds them."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from mmcore import studies
from mmcore.studies import tuning
from mmcore.studies.setting_search import Budget
from mmcore.training import TrainingSpec

QUICK = studies.StudySettings(folds=3, seeds=1, training=TrainingSpec(epochs=1, width=4, components=4), plain=False)


@pytest.fixture
def made_up(monkeypatch):
    """Losses by fold, of a made-up trial, instead of training; the list of what was tried."""
    tried: list[tuple[TrainingSpec, tuple[int, ...]]] = []

    def losses(data, plan, folds, progress):
        tried.append((plan.training, tuple(folds)))
        return [float(plan.training.epochs if fold == 0 else -plan.training.epochs) for fold in folds]

    monkeypatch.setattr(tuning, "inner_losses", losses)
    return tried


def test_trials_are_tried_once_and_a_larger_budget_goes_on(made_up):
    cohort = studies.open("breast_cancer", cases=60)
    spec = studies.plan(cohort, "mean", None, QUICK)
    few = tuning.tuned(cohort, spec, Budget(trials=2))
    assert len(made_up) == 2
    again, more = tuning.tuned(cohort, spec, Budget(trials=2)), tuning.tuned(cohort, spec, Budget(trials=3))
    assert len(made_up) == 3 and again.spec.key == few.spec.key
    assert again.trials == few.trials
    assert [own[:2] for own in more.trials] == [list(own) for own in few.trials]
    assert [own[0].loss for own in again.trials] == [1, -1, -1] and again.seconds == few.seconds


def test_a_comparison_holds_what_was_chosen_and_its_folds_are_trained_with_it(made_up):
    cohort = studies.open("breast_cancer", cases=60)
    comparison = studies.compare(cohort, ["mean"], None, QUICK, tune=Budget(trials=2))
    (row,) = comparison.document()["methods"]
    chosen = [own["chosen"]["epochs"] for own in row["tuning"]["folds"]]
    assert chosen[0] == 1 and chosen[1] == chosen[2] >= 10
    run = comparison.by_method["mean"]
    assert run.fitted.history.groupby("fold")["epoch"].nunique().tolist() == chosen
    assert [own.epochs for own in run.spec.training_by_fold] == chosen
    as_given = studies.compare(cohort, ["mean"], None, QUICK).by_method["mean"]
    assert as_given.key != run.key
    first = run.fold_of == 0
    assert np.array_equal(run.fitted.outputs[:, first], as_given.fitted.outputs[:, first])
    assert not np.array_equal(run.fitted.outputs[:, ~first], as_given.fitted.outputs[:, ~first])
    assert len(studies.predict(run, cohort.select(list(cohort.ids[:3])))) == 3
    assert not any("not tuned" in sentence for sentence in comparison.problems)
    assert pickle.loads(pickle.dumps(comparison.tuned["mean"])).document() == row["tuning"]
