"""Protects the digits of scores: three after the point of a share, three in all of what has a unit."""

import pytest

from mmcore.base.score_digits import with_ends, written


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.84213, "0.842"), (1.0, "1.000"), (9.2831, "9.28"), (57.123, "57.1"), (1234.5678, "1235"), (-1.234, "−1.23"),
     (0.0, "0.000"), (-0.00019, "0.000"), (None, "–"), (float("nan"), "–")],
)  # fmt: skip
def test_as_many_digits_as_tell(value, text):
    assert written(value) == text


def test_ends_have_the_digits_of_the_score():
    assert with_ends(0.9, 0.85, 1.0) == "0.900 [0.850, 1.000]"
    assert with_ends(57.123, 9.8765, 104.3) == "57.1 [9.9, 104.3]"
    assert with_ends(57.123, float("nan"), 60.0) == "57.1"
