"""Protects rows of a table with means in place of missing numbers."""

from __future__ import annotations

import numpy as np

from mmcore.base.values import Whole
from tests.encoders.table.shared import encoded


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
