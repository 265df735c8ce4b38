"""Protects table encoders: closed forms, leaves of scikit-learn's own trees, missing values, what is learnt where."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import load, save

from mmcore.base.errors import BadInput
from mmcore.base.values import ColumnSpec, InputSpec, Kind, Tokens, Whole
from mmcore.encoders import make
from mmcore.encoders.fitting import fold_parts

TABLE = (
    ColumnSpec(name="age"),
    ColumnSpec(name="sex", type="category", categories=("f", "m")),
    ColumnSpec(name="troponin"),
)
SPEC = InputSpec(name="labs", kind=Kind.TABLE, columns=tuple(c.name for c in TABLE), table=TABLE)


class Kept:
    """What an encoder said, held in memory."""

    def __init__(self, tokens: Tokens) -> None:
        self.all, self.dims, self.counts = tokens, tokens.values.shape[2], tokens.mask.sum(1).numpy()

    def tokens(self, rows=None) -> Tokens:
        rows = slice(None) if rows is None else torch.as_tensor(np.asarray(rows))
        return Tokens(self.all.values[rows], self.all.mask[rows])


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


def encoded(name: str, rows, **options):
    encoder = make(name, SPEC, **options)
    return encoder, Kept(encoder.prepare(rows))


def test_standardised_in_closed_form():
    rows = [{"age": 60.0, "sex": "m", "troponin": 4.0}, {"age": None, "sex": "f", "troponin": 8.0}, {"age": 50.0}]
    encoder, features = encoded("standardised", rows)
    assert features.all.values[:, 0].tolist() == [
        [60, 0, 0, 1, 0, 4, 0],
        [0, 1, 1, 0, 0, 8, 0],
        [50, 0, 0, 0, 1, 0, 1],
    ]
    assert encoder.places(rows[0]) == [Whole()] and len(encoder.slots()) == 7
    part = encoder.fit(features, np.array([0, 1]), None)
    filled = part(features.tokens()).values[:, 0]
    assert filled[1].tolist() == [60, 1, 1, 0, 0, 8, 0], "the mean of the training rows alone"
    assert filled[2].tolist() == [50, 0, 0, 0, 1, 6, 1]


def test_a_true_zero_is_not_taken_for_missing():
    encoder, features = encoded("standardised", [{"age": 0.0, "sex": "f", "troponin": 1.0}, {"age": 50.0, "sex": "f"}])
    part = encoder.fit(features, np.array([0, 1]), None)
    assert part(features.tokens()).values[0, 0, 0] == 0


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
    known = np.arange(200)
    part = encoder.fit(features, known, np.asarray(target, float if kind == "value" else int))
    expected = grown["forest"].apply(grown["values"]).reshape(200, -1)
    np.testing.assert_array_equal(part.nodes(features.tokens().values[:, 0]).numpy(), expected)
    said = part(features.tokens()).values[:, 0].unflatten(-1, (-1, 4))
    assert (said.sum(-1) == 1).all(), "one leaf a tree"
    for tree in range(expected.shape[1]):
        same = expected[:, tree][:, None] == expected[:, tree][None]
        assert (same == (said[:, tree] @ said[:, tree].T).bool().numpy()).all(), "same leaf, same place"


def test_missing_numbers_go_their_own_way():
    rows = [{"age": 50.0, "sex": "f", "troponin": None if i % 3 == 0 else float(i)} for i in range(120)]
    target = np.array([i % 3 == 0 for i in range(120)], int)
    encoder, features = encoded("boosted_leaves", rows, trees=4, depth=1)
    said = encoder.fit(features, np.arange(120), target)(features.tokens()).values[:, 0]
    unknown, known = said[target == 1], said[target == 0]
    assert (unknown == unknown[0]).all() and (known == known[0]).all() and not torch.equal(unknown[0], known[0])


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
    said = encoder.fit(features, np.arange(300), target)(features.tokens()).values[:, 0].numpy()
    head = LogisticRegression(C=0.05, max_iter=500).fit(said[:300], target[:300])
    assert head.score(said[300:], target[300:]) > 0.9
