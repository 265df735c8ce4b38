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
    assert sentence.startswith(OPENINGS[answer]) and sentence.endswith("at least 5 are needed.")
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
    assert "nan" not in sentence and "cannot be told" in sentence
    assert sentence.endswith("There are too few groups for an interval: at least 5 are needed.")
    assert in_words(question.difference) == "unknown"


def _need(finding, single, average, several, metric="auroc", note=Caution.NOTHING):
    """Questions from their answers: fusion against the best input, against the average, and several against one."""
    gap = {Answer.YES: (0.05, 0.03, 0.07), Answer.NO: (0.001, -0.004, 0.006), Answer.UNSETTLED: (0.01, -0.02, 0.04)}
    questions = [Question(answer, Difference(metric, *gap[answer], True)) for answer in (several, single, average)]
    needed = Answer.UNSETTLED if finding is FusionFinding.UNSETTLED else Answer.NO
    return FusionNeed(needed, finding, metric, "ecg", *questions, None, 0.02, 400, note)


@pytest.mark.parametrize("several", [Answer.YES, Answer.UNSETTLED])
def test_what_is_shown_against_the_average_is_not_called_chance(several):
    """Fusion may beat the average of single-input models where it is open whether it beats the best input."""
    sentence = need_sentence(_need(FusionFinding.UNSETTLED, Answer.UNSETTLED, Answer.YES, several), "gated")
    assert "chance" not in sentence and "Whether it beats ecg alone is open: the difference is +0.010" in sentence
    assert "Gated beats the average of single-input models: AUROC moves by +0.050" in sentence


def test_a_gain_over_the_average_is_not_denied():
    """An additive model may show that several inputs help where fusion beats the average, but not the best input."""
    sentence = need_sentence(_need(FusionFinding.AVERAGE_SUFFICES, Answer.NO, Answer.YES, Answer.YES), "gated")
    assert "does not beat ecg alone by more than 0.020" in sentence and "average" not in sentence
    sentence = need_sentence(_need(FusionFinding.AVERAGE_SUFFICES, Answer.YES, Answer.NO, Answer.YES), "gated")
    assert "does not beat the average of single-input models by more than 0.020" in sentence


@pytest.mark.parametrize(
    ("metric", "words"), [("c_index", "the event was seen"), ("rmse", "cases."), ("auroc", "class")]
)
def test_what_an_interval_lacks_fits_the_target(metric, words):
    """Only where cases have classes does one of them lack cases."""
    nothing = _need(FusionFinding.UNSETTLED, *[Answer.UNSETTLED] * 3, metric, Caution.FEW_CASES)
    hint = need_sentence(nothing, "gated").rsplit("An interval for", 1)[1]
    assert words in hint and ("class" in hint) == (metric == "auroc")
