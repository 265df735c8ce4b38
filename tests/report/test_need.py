"""Protects the sentence on whether a cohort needs fusion: the answer first, for every finding, no placeholder left."""

import pytest

from mmcore.evaluation import Answer, Caution, Difference, FusionFinding, FusionNeed
from mmcore.evaluation.need import Question
from mmcore.report import need_sentence
from mmcore.report.numbers import in_words

OPENINGS = {
    Answer.YES: "This cohort needs fusion.",
    Answer.NO: "This cohort does not need fusion.",
    Answer.UNSETTLED: "Whether this cohort needs fusion is not settled.",
}


@pytest.mark.parametrize("answer", list(Answer))
@pytest.mark.parametrize("finding", list(FusionFinding))
def test_the_answer_comes_first(answer, finding):
    question = Question(answer, Difference("auroc", 0.031, 0.008, 0.055, True))
    need = FusionNeed(
        answer, finding, "auroc", "ecg {x}", question, question, question, None, 0.02, 400, Caution.FEW_GROUPS
    )
    sentence = need_sentence(need, "gated")
    assert sentence.startswith(OPENINGS[answer]) and sentence.endswith("too few groups for an interval.")
    assert "{" not in sentence.replace("ecg {x}", ""), "every placeholder is filled, and names stand as they are"


def test_what_cannot_be_told_is_said_in_words():
    """With too few groups there are no differences: no "nan" is shown."""
    nan = float("nan")
    question = Question(Answer.UNSETTLED, Difference("auroc", nan, nan, nan, True, Caution.FEW_GROUPS))
    need = FusionNeed(
        Answer.UNSETTLED, FusionFinding.UNSETTLED, "auroc", "ecg", question, question, question, None, 0.02, 400,
        Caution.FEW_GROUPS,
    )  # fmt: skip
    sentence = need_sentence(need, "gated")
    assert (
        "nan" not in sentence and "cannot be told" in sentence and sentence.endswith("too few groups for an interval.")
    )
    assert in_words(question.difference) == "unknown"
