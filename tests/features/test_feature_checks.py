"""Protects the check of features: it is said when an encoder tells no cases apart, fails on most, or is cut off."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.features import CheckKind, Features, check_features
from mmcore.features.feature_checks import CheckResult, all_same, check_vectors


def check(vectors, failed=0):
    class Given(Features):
        def pooled(self):
            return np.asarray(vectors, np.float32), np.ones(len(vectors), bool)

    return check_features(
        Given("note", "given", 2, [True] * len(vectors), failed={str(i): "No." for i in range(failed)})
    )


CHANCE = np.random.default_rng(0).standard_normal((40, 2))


@pytest.mark.parametrize(
    ("vectors", "failed", "kind", "sentence"),
    [
        (CHANCE * 1e-5 + 3, 0, CheckKind.ALL_SAME, "gives the same numbers for each of the 40 cases"),
        (np.zeros((5, 2)), 0, CheckKind.ALL_ZERO, "nothing but zeros for each of the 5 cases"),
        (np.repeat([[0, 1], [5, 2]], 20, 0), 0, CheckKind.FEW_SORTS, "2 different answers"),
        (np.where(CHANCE > 2, 65504, CHANCE), 0, CheckKind.CLIPPED, "cut off"),
        (CHANCE, 60, CheckKind.NOT_ENCODED, "60 of 100 cases could not be encoded. The first reason: No."),
    ],
)
def test_what_is_odd_has_a_kind_and_a_sentence(vectors, failed, kind, sentence):
    (result,) = check(vectors, failed)
    assert result.kind is kind and sentence in result.sentence


def test_features_that_tell_cases_apart_pass():
    assert check(CHANCE) == [] and check(CHANCE[:1]) == []
    assert check_vectors(CHANCE, "any", "note") == []


def test_every_kind_has_its_sentence():
    for kind in CheckKind:
        assert CheckResult(kind, "given", "note", 3, 9, "Why.", 2).sentence


@pytest.mark.parametrize(("rows", "same"), [(1, False), (2, True), (5, True)])
def test_all_same_needs_two_rows(rows, same):
    assert all_same(np.full((rows, 4), 3.0)) is same
    assert not all_same(np.arange(8.0).reshape(2, 4))


def test_one_case_that_differs_in_one_number_is_enough_to_differ():
    vectors = np.ones((2000, 600))
    vectors[7, 3] += 0.01
    assert not all_same(vectors)
