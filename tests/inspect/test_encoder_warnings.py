"""An encoder that does not suit a cohort is told from one that does: its warnings, and features that are all alike."""

import torch

from mmcore.base.values import InputSpec, Kind, Tokens, Whole
from mmcore.encoders import Encoder
from mmcore.features import CheckKind
from mmcore.inspect.encoder_warnings import check_encoder

SPEC = InputSpec(name="note", kind=Kind.TEXT, columns=("note",))


class Counting(Encoder):
    """Says how long a text is; or, if deaf, the same of every text."""

    name, kind, dtype = "counting", Kind.TEXT, "float32"
    deaf = False
    dims = 1

    def options(self):
        return {}

    def prepare(self, values):
        output = torch.tensor([[[1.0 if self.deaf else float(len(value))]] for value in values])
        return Tokens(output, torch.ones(output.shape[:2], dtype=torch.bool))

    def places(self, value):
        return [Whole()]

    def suits(self, value):
        return f"Only {len(value)} letters." if len(value) < 3 else None


def test_warnings_that_differ_only_in_numbers_are_counted_together():
    (result,) = check_encoder(Counting(SPEC), ["a", "ab", "abcd", "abcde"])
    assert (result.kind, result.sentence, result.cases, result.of) == (CheckKind.WARNING, "Only 1 letters.", 2, 4)


def test_an_encoder_that_says_the_same_of_every_case_is_caught():
    deaf = Counting(SPEC)
    deaf.deaf = True
    assert [result.kind for result in check_encoder(deaf, ["abcd", "abcde", "xyz"])] == [CheckKind.ALL_SAME]
    assert not check_encoder(Counting(SPEC), ["abcd", "abcde", "xyz"])
    assert not check_encoder(deaf, ["abcd", "abcd"]), "cases that are the same may come out the same"
    deaf.raw = True
    assert not check_encoder(deaf, ["abcd", "abcde"]), "codes say nothing yet"


def test_without_cases_nothing_speaks_against_an_encoder():
    assert check_encoder(Counting(SPEC), []) == []
