"""The least that two inputs tell together is that of closed forms, for two classes and for more."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mmcore.explain.redundancy import _projected, table_information, union_information


def parts(joint):
    """(unique, unique, redundant, synergistic) of a joint distribution [K, X1, X2]."""
    first, second = joint.sum(2).T[None], joint.sum(1).T[None]
    alone = [float(table_information(table)[0]) for table in (first, second)]
    union = float(union_information(first, second)[0])
    redundant = sum(alone) - union
    both = float(table_information(joint.reshape(len(joint), -1).T))
    return alone[0] - redundant, alone[1] - redundant, redundant, both - union


def of_coins(target, classes=2):
    joint = np.zeros((classes, 2, 2))
    for a, b in itertools.product((0, 1), repeat=2):
        joint[target(a, b), a, b] += 0.25
    return joint


def copies(right):
    each = np.array([[right, 1 - right], [1 - right, right]])  # [K, X]
    return 0.5 * each[:, :, None] * each[:, None]


@pytest.mark.parametrize(
    ("joint", "expected"),
    [
        (of_coins(lambda a, b: a & b), (0, 0, 0.3113, 0.5)),
        (of_coins(lambda a, b: a ^ b), (0, 0, 0, 1)),
        (of_coins(lambda a, b: a), (1, 0, 0, 0)),
        (of_coins(lambda a, b: 2 * a + b, 4), (1, 1, 0, 0)),
        (of_coins(lambda a, b: a + b, 3), (0, 0, 0.5, 1.0)),
        (copies(0.9), (0, 0, 0.5310, 0.2112)),
        (np.diag([0.25, 0.75])[:, :, None] * [1.0, 0.0], (0.8113, 0, 0, 0)),
    ],
    ids=["and", "xor", "one of them", "both in a row", "sum", "noisy copies", "one says all"],
)
def test_closed_forms(joint, expected):
    assert parts(joint) == pytest.approx(expected, abs=2e-3)


def test_the_hull_and_the_projections_find_the_same_minimum():
    chance = np.random.default_rng(0)
    joints = chance.dirichlet(np.full(2 * 4 * 5, 0.4), size=30).reshape(30, 2, 4, 5)
    first, second = np.swapaxes(joints.sum(3), 1, 2), np.swapaxes(joints.sum(2), 1, 2)
    assert np.abs(_projected(first, second) - union_information(first, second)).max() < 0.004


def test_the_minimum_lies_between_the_stronger_input_and_the_true_pair():
    chance = np.random.default_rng(1)
    joints = chance.dirichlet(np.full(3 * 4 * 3, 0.5), size=10).reshape(10, 3, 4, 3)
    first, second = np.swapaxes(joints.sum(3), 1, 2), np.swapaxes(joints.sum(2), 1, 2)
    union = union_information(first, second)
    stronger = np.maximum(table_information(first), table_information(second))
    together = table_information(np.swapaxes(joints.reshape(10, 3, -1), 1, 2))
    assert (union > stronger - 4e-3).all() and (union < together + 1e-6).all()
