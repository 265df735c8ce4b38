"""Measurements are written as people write them: platelets of 263358 never as 2.634e+05."""

import numpy as np
import pytest

from mmcore.base.number_text import cell_text, digits_after_point, number_text, percent


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (263358.03, 4, "263358"),
        (1234.5, 3, "1234"),
        (41.267, 4, "41.27"),
        (0.012341, 4, "0.01234"),
        (-12345.6, 3, "-12346"),
        (0, 4, "0"),
        (3e17, 4, "3e+17"),
    ],
)
def test_a_number_keeps_its_whole_part_and_needs_no_exponent(value, digits, text):
    assert number_text(value, digits) == text


def test_a_difference_has_its_sign():
    assert [number_text(value, 2, signed=True) for value in (12345, -0.016, 0.5)] == ["+12345", "-0.016", "+0.5"]


def test_a_share_is_all_or_none_only_where_it_is():
    shares = [480 / 481, 1, 0.002, 0, 0.914, float("nan")]
    assert [percent(share) for share in shares] == ["99.8%", "100%", "0.2%", "0%", "91%", "–"]


def test_a_cell_is_a_number_a_word_or_missing():
    cells = [263358.03, 7, "often", True, None, float("nan")]
    assert [cell_text(cell) for cell in cells] == ["263358", "7", "often", "True", "–", "–"]
    assert cell_text(None, "not known") == "not known"


@pytest.mark.parametrize(
    ("values", "digits"),
    [
        ([265000, 263358.03, 162000], 0),  # platelets, one of them a mean put in place of a missing one
        ([1.9, 1.1, 1.3, 1.18], 2),  # creatinine
        ([33.6438, 26.9, 25.51234], 2),
        ([63, 54, float("nan")], 0),
        ([0.00012, 0.00034], 5),
        ([0, 0, 0.25], 2),
        ([], 0),
    ],
)
def test_a_column_has_as_many_digits_as_tell_something(values, digits):
    assert digits_after_point(np.array(values, float)) == digits
