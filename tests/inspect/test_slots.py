"""Every column of a table owns the dimensions named after it, and no other column's."""

import numpy as np

from mmcore.encoders.capabilities import Holds, Slot
from mmcore.inspect.slots import owned, taken

AGE = [Slot("age", "age", Holds.NUMBER), Slot("age missing", "age", Holds.MISSING)]
SEX = [
    Slot("sex=f", "sex", Holds.CATEGORY),
    Slot("sex=m", "sex", Holds.CATEGORY),
    Slot("sex missing", "sex", Holds.MISSING),
]


def test_slots_belong_to_the_column_they_are_named_after_or_that_fills_them():
    slots = [*AGE, *SEX, Slot("extra", "", Holds.NUMBER)]
    own = owned(["age", "sex"], slots, np.array([[4.0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 2]]))
    assert own.tolist() == [[True, True, False, False, False, False], [False, False, True, True, True, True]]


def test_of_dimensions_without_a_column_those_that_a_token_fills_are_its_own():
    tokens = np.array([[0.0, 2.0, 0.0]])
    assert owned(["age"], [], tokens).tolist() == taken(["age"], [], tokens).tolist() == [[False, True, False]]


def test_a_measured_zero_is_a_value_and_a_missing_one_is_not():
    slots = [Slot("ca", "ca", Holds.NUMBER), Slot("ca missing", "ca", Holds.MISSING), *SEX]
    tokens = np.array([[0.0, 0, 0, 0, 0], [0, 0, 0, 1, 0]])
    assert taken(["ca", "sex"], slots, tokens).tolist() == [[True, *[False] * 4], [*[False] * 3, True, False]]
    missing = np.array([[0.0, 1, 0, 0, 0]])
    assert taken(["ca"], slots, missing).tolist() == [[False, True, False, False, False]]
