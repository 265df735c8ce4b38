"""Protects: a difference that is not there is a dash, never "+nan"; a negative one has a true minus, and 0 no sign."""

from __future__ import annotations

import math

import pytest

from mmcore.base.signed_numbers import signed


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0312, 3, "+0.031"),
        (-0.0138, 3, "−0.014"),
        (0.0, 2, "0.00"),
        (-0.0002, 3, "0.000"),
        (-18.4, 0, "−18"),
        (math.nan, 3, "–"),
        (math.inf, 3, "–"),
        (None, 3, "–"),
    ],
)
def test_signed_numbers(value, digits, text):
    assert signed(value, digits) == text
