"""Every column of a table owns the dimensions named after it, and no other column's."""

import numpy as np

from mmcore.inspect.slots import owned, taken


def test_slots_belong_to_the_column_they_are_named_after_or_that_fills_them():
    slots = ["age", "age missing", "sex=f", "sex=m", "sex missing", "extra"]
    own = owned(["age", "sex"], slots, np.array([[4.0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 2]]))
    assert own.tolist() == [[True, True, False, False, False, False], [False, False, True, True, True, True]]


def test_a_measured_zero_is_a_value_and_a_missing_one_is_not():
    slots = ["ca", "ca missing", "sex=f", "sex=m", "sex missing"]
    tokens = np.array([[0.0, 0, 0, 0, 0], [0, 0, 0, 1, 0]])
    assert taken(["ca", "sex"], slots, tokens).tolist() == [[True, *[False] * 4], [*[False] * 3, True, False]]
    missing = np.array([[0.0, 1, 0, 0, 0]])
    assert taken(["ca"], slots, missing).tolist() == [[False, True, False, False, False]]
