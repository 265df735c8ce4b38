"""Protects sets of labels as numbers: there and back, the rarest label, and what is not known."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mmcore.base.label_sets import MOST_LABELS, codes_of, memberships, names_of, rarest_labels


@given(st.lists(st.lists(st.booleans(), min_size=MOST_LABELS, max_size=MOST_LABELS), min_size=1, max_size=5))
def test_there_and_back_even_through_float32(held):
    held = np.array(held)
    codes = codes_of(held)
    assert (memberships(codes.astype(np.float32), MOST_LABELS) == held).all()


def test_the_rarest_label_stands_for_a_case():
    codes = np.array([0b01, 0b01, 0b11, 0b00, -1])
    assert rarest_labels(codes, 2).tolist() == [0, 0, 1, 2, -1]
    assert names_of(0b11, ("a", "b")) == ["a", "b"] and names_of(-1, ("a", "b")) == []
