"""Every column of a table owns the dimensions named after it, and no other column's."""

import numpy as np

from mmcore.explain.slots import owned


def test_slots_belong_to_the_column_they_are_named_after_or_that_fills_them():
    slots = ["age", "age missing", "sex=f", "sex=m", "sex missing", "extra"]
    own = owned(["age", "sex"], slots, np.array([[4.0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 2]]))
    assert own.tolist() == [[True, True, False, False, False, False], [False, False, True, True, True, True]]
