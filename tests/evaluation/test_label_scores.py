"""Protects scores of several labels: macro averages as scikit-learn has them, each label by itself, and intervals."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score, roc_auc_score

from mmcore.base.label_sets import codes_of
from mmcore.evaluation import ceiling, roc, scores
from mmcore.evaluation.curves import statements
from mmcore.evaluation.label_scores import scores_by_label
from mmcore.evaluation.scored_cases import ScoredCases
from mmcore.training.thresholds import with_thresholds


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(0)
    true = np.clip(rng.beta(1, 2, (240, 3)), 0.02, 0.98)
    held = rng.random((240, 3)) < true
    return held, np.clip(true + 0.1 * rng.normal(size=true.shape), 0, 1), true


def test_macro_averages_are_those_of_scikit_learn(drawn):
    held, stated, _true = drawn
    at = np.array([0.3, 0.4, 0.5])
    outputs = with_thresholds(stated, at)[None]
    stated = outputs[0, :, :3]
    called = stated >= outputs[0, :, 3:]
    mine = scores("multilabel", codes_of(held), outputs)
    theirs = {
        "auroc": roc_auc_score(held, stated), "auprc": average_precision_score(held, stated),
        "f1": f1_score(held, called, average="macro"), "recall": recall_score(held, called, average="macro"),
        "precision": precision_score(held, called, average="macro"), "brier": ((stated - held) ** 2).mean(),
    }  # fmt: skip
    for name, value in theirs.items():
        assert mine[name].mean == pytest.approx(value, abs=1e-5), name
        assert mine[name].low < mine[name].mean < mine[name].high, name


def test_each_label_by_itself_and_their_mean(drawn):
    held, stated, _true = drawn
    outputs, target = with_thresholds(stated, np.full(3, 0.4))[None], codes_of(held)
    target[:4] = -1  # not known: scored nowhere
    by_label = scores_by_label(target, outputs, ["a", "b", "c"])
    assert by_label["b"]["auroc"].mean == pytest.approx(roc_auc_score(held[4:, 1], outputs[0, 4:, 1]), abs=1e-6)
    whole = scores("multilabel", target, outputs)
    for metric in ("auroc", "f1"):
        each = [row[metric] for row in by_label.values()]
        assert whole[metric].mean == pytest.approx(np.mean([row.mean for row in each]), abs=1e-6)
        assert whole[metric].high - whole[metric].low < max(row.high - row.low for row in each)


def test_the_ceiling_is_above_what_noise_leaves(drawn):
    held, stated, true = drawn
    outputs = with_thresholds(stated, np.full(3, 0.4))[None]
    best, seen = ceiling("multilabel", codes_of(held), true), scores("multilabel", codes_of(held), outputs)
    assert best["auroc"] > seen["auroc"].mean and best["log_loss"] < seen["log_loss"].mean


def test_curves_speak_of_every_label(drawn):
    held, stated, _true = drawn
    outputs, target = with_thresholds(stated, np.full(3, 0.4))[None], codes_of(held)
    curve = roc("multilabel", target, outputs, draws=20)
    assert np.trapezoid(curve.tpr, curve.fpr) == pytest.approx(roc_auc_score(held, stated), abs=0.01)
    true, each = statements(ScoredCases.of("multilabel", target, outputs))
    assert len(true) == held.size and each.shape == (held.size, 2) and true.sum() == held.sum()
