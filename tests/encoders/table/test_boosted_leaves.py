"""Protects boosted leaves against scikit-learn, with missing numbers, alike in width over folds."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import load, save

from mmcore.base.errors import BadInput
from mmcore.encoders.fitting import fold_parts
from tests.encoders.table.shared import encoded


def cohort(count: int = 200, missing: float = 0.2):
    """Rows, and a target that age, troponin and a missing troponin decide together."""
    chance = np.random.default_rng(0)
    age, troponin = chance.normal(60, 12, count), chance.exponential(20, count)
    unknown = chance.random(count) < missing
    rows = [
        {"age": a, "sex": s, "troponin": None if u else t}
        for a, s, t, u in zip(age, chance.choice(["f", "m"], count), troponin, unknown, strict=True)
    ]
    strength = (age > 60) * np.where(unknown, 1.0, troponin > 15) + 0.3 * chance.normal(size=count)
    return rows, strength


@pytest.mark.parametrize("kind", ["two classes", "three classes", "value"])
def test_leaves_are_those_of_scikit_learn(kind, monkeypatch):
    rows, strength = cohort()
    target = {"two classes": strength > 0.5, "three classes": np.digitize(strength, [0.2, 0.8]), "value": strength}[
        kind
    ]
    encoder, features = encoded("boosted_leaves", rows, trees=12)
    grown = {}

    def remembered(cls):
        def fit(self, values, target):
            grown["forest"], grown["values"] = self, values
            return cls.fit(self, values, target)

        return type(cls.__name__, (cls,), {"fit": fit})

    import sklearn.ensemble

    for name in ("GradientBoostingClassifier", "GradientBoostingRegressor"):
        monkeypatch.setattr(sklearn.ensemble, name, remembered(getattr(sklearn.ensemble, name)))
    reference = np.arange(200)
    part = encoder.fit(features, reference, np.asarray(target, float if kind == "value" else int))
    expected = grown["forest"].apply(grown["values"]).reshape(200, -1)
    np.testing.assert_array_equal(part.nodes(features.tokens().values[:, 0]).numpy(), expected)
    output = part(features.tokens()).values[:, 0].unflatten(-1, (-1, 4))
    assert (output.sum(-1) == 1).all(), "one leaf a tree"
    for tree in range(expected.shape[1]):
        same = expected[:, tree][:, None] == expected[:, tree][None]
        assert (same == (output[:, tree] @ output[:, tree].T).bool().numpy()).all(), "same leaf, same place"


def test_missing_numbers_go_their_own_way():
    rows = [{"age": 50.0, "sex": "f", "troponin": None if i % 3 == 0 else float(i)} for i in range(120)]
    target = np.array([i % 3 == 0 for i in range(120)], int)
    encoder, features = encoded("boosted_leaves", rows, trees=4, depth=1)
    output = encoder.fit(features, np.arange(120), target)(features.tokens()).values[:, 0]
    unknown, reference = output[target == 1], output[target == 0]
    assert (
        (unknown == unknown[0]).all()
        and (reference == reference[0]).all()
        and not torch.equal(unknown[0], reference[0])
    )


def test_same_numbers_after_a_restore():
    rows, strength = cohort()
    for name in ("standardised", "boosted_leaves"):
        encoder, features = encoded(name, rows)
        part = encoder.fit(features, np.arange(150), (strength > 0.5).astype(int))
        again = fold_parts[part.name].restore(load(save(part.state())))
        assert torch.equal(part(features.tokens()).values, again(features.tokens()).values) and part.dims == again.dims


def test_folds_are_as_wide_whatever_they_hold():
    rows, strength = cohort()
    target = np.digitize(strength, [0.2, 0.8])
    target[:5] = -1
    encoder, features = encoded("boosted_leaves", rows)
    full = encoder.fit(features, np.arange(200), target)
    for own in (np.flatnonzero(target < 2), np.flatnonzero(target == 1), np.array([0, 1]), np.array([], int)):
        part = encoder.fit(features, own, target)
        assert part.dims == full.dims
        assert torch.isfinite(part(features.tokens()).values).all()


def test_unlabelled_rows_are_not_learnt_from():
    rows, strength = cohort()
    target = (strength > 0.5).astype(int)
    encoder, features = encoded("boosted_leaves", rows)
    some = np.arange(100)
    expected = encoder.fit(features, some, target)(features.tokens()).values
    masked = target.copy()
    masked[100:] = -1
    assert torch.equal(encoder.fit(features, np.arange(200), masked)(features.tokens()).values, expected)
    with pytest.raises(BadInput, match="target"):
        encoder.fit(features, some, None)


def test_leaves_carry_what_single_columns_do_not():
    """An interaction that no sum of columns can say is found in new cases."""
    from sklearn.linear_model import LogisticRegression

    rows, strength = cohort(400, missing=0)
    target = (strength > 0.5).astype(int)
    encoder, features = encoded("boosted_leaves", rows)
    output = encoder.fit(features, np.arange(300), target)(features.tokens()).values[:, 0].numpy()
    head = LogisticRegression(C=0.05, max_iter=500).fit(output[:300], target[:300])
    assert head.score(output[300:], target[300:]) > 0.9
