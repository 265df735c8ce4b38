"""Protects the search for settings: what is bad is not chosen, folds hear nothing of one another, budgets hold."""

from __future__ import annotations

import pytest

from mmcore.base.errors import Unavailable
from mmcore.studies import setting_search
from mmcore.studies.setting_search import Budget, SearchRange, best_of, search
from mmcore.training import TrainingSpec

GIVEN = TrainingSpec()
SPACE = {"learning_rate": SearchRange(1e-4, 1e-2, log=True), "epochs": SearchRange(10, 40, step=10)}


def losses_of(*by_fold, seconds=1.0, calls=None):
    """Losses by a function of the setting for each fold."""

    def losses(setting, folds, number):
        if calls is not None:
            calls.append((number, setting, tuple(folds)))
        return [by_fold[fold](setting) for fold in folds], seconds

    return losses


def fewest(setting: TrainingSpec) -> float:
    return setting.epochs


def most(setting: TrainingSpec) -> float:
    return -setting.epochs


def test_each_fold_gets_what_is_best_for_it_and_never_what_is_worse_than_given():
    bad = {"dropout": SearchRange(0.7, 0.9)}
    (first, second), seconds = search(GIVEN, 2, Budget(trials=12), losses_of(fewest, most), SPACE)
    assert (best_of(first).setting.epochs, best_of(second).setting.epochs) == (10, 40)
    assert len(first) == 12 and first[0].setting == GIVEN and seconds >= 12
    (own,), _seconds = search(GIVEN, 1, Budget(trials=6), losses_of(lambda setting: setting.dropout), bad)
    assert best_of(own).setting == GIVEN and all(trial.setting.dropout >= 0.7 for trial in own[1:])


def test_a_fold_hears_nothing_of_the_losses_of_another():
    alone = [search(GIVEN, 2, Budget(trials=14), losses_of(fewest, other), SPACE)[0] for other in (fewest, most)]
    assert alone[0][0] == alone[1][0]
    assert alone[0][1] != alone[1][1]


def test_folds_are_tried_together_while_nothing_is_learnt():
    calls: list = []
    search(GIVEN, 2, Budget(trials=13), losses_of(fewest, most, calls=calls), SPACE)
    numbered = [(number, folds) for number, _setting, folds in calls]
    assert numbered[:11] == [(number, (0, 1)) for number in range(11)]
    assert numbered[11:] == [(11, (0,)), (11, (1,)), (12, (0,)), (12, (1,))]


def test_budgets_and_what_cannot_be_told():
    nothing = losses_of(lambda setting: float("nan"), seconds=2.0)
    (own,), seconds = search(GIVEN, 1, Budget(seconds=5), nothing, SPACE)
    assert len(own) == 3 and seconds == 6 and best_of(own).setting == GIVEN
    for wrong in ({}, {"trials": 3, "seconds": 3}, {"trials": 0}, {"seconds": -1}):
        with pytest.raises(ValueError):
            Budget(**wrong)


def test_without_optuna_one_sentence_says_so(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(setting_search, "import_module", missing)
    with pytest.raises(Unavailable, match="'optuna' is not installed"):
        search(GIVEN, 1, Budget(trials=1), losses_of(fewest), SPACE)
