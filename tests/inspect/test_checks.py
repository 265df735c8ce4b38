"""An encoder that does not suit a cohort is told from one that does: its warnings, and features that are all alike."""

import numpy as np
import pytest
import torch

from mmcore.base.values import InputSpec, Kind, Tokens, Whole
from mmcore.encoders import Encoder
from mmcore.inspect.checks import doubts, identical

SPEC = InputSpec(name="note", kind=Kind.TEXT, columns=("note",))


class Counting(Encoder):
    """Says how long a text is; or, if deaf, the same of every text."""

    name, kind, dtype = "counting", Kind.TEXT, "float32"
    deaf = False
    dims = 1

    def options(self):
        return {}

    def prepare(self, values):
        said = torch.tensor([[[1.0 if self.deaf else float(len(value))]] for value in values])
        return Tokens(said, torch.ones(said.shape[:2], dtype=torch.bool))

    def places(self, value):
        return [Whole()]

    def suits(self, value):
        return f"Only {len(value)} letters." if len(value) < 3 else None


def test_warnings_that_differ_only_in_numbers_are_counted_together():
    found = doubts(Counting(SPEC), ["a", "ab", "abcd", "abcde"])
    assert [(doubt.reason, doubt.cases, doubt.of) for doubt in found] == [("Only 1 letters.", 2, 4)]


def test_an_encoder_that_says_the_same_of_every_case_is_caught():
    deaf = Counting(SPEC)
    deaf.deaf = True
    assert "same features" in doubts(deaf, ["abcd", "abcde", "xyz"])[0].reason
    assert not doubts(Counting(SPEC), ["abcd", "abcde", "xyz"])
    assert not doubts(deaf, ["abcd", "abcd"]), "cases that are the same may come out the same"
    deaf.raw = True
    assert not doubts(deaf, ["abcd", "abcde"]), "codes say nothing yet"


@pytest.mark.parametrize(("rows", "same"), [(1, False), (2, True), (5, True)])
def test_identical_needs_two_rows(rows, same):
    assert identical(np.full((rows, 4), 3.0)) is same
    assert not identical(np.arange(8.0).reshape(2, 4))


def test_no_case_no_doubt():
    assert doubts(Counting(SPEC), []) == []
