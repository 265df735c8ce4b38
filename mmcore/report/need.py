"""Whether a cohort needs fusion, in a sentence."""

from __future__ import annotations

from math import isnan

from mmcore.base.capitals import capitalised
from mmcore.base.settings import _
from mmcore.evaluation import Answer, FusionFinding, FusionNeed, metric_label
from mmcore.report.comparison import cases_needed, no_interval
from mmcore.report.numbers import in_words, number


def need_sentence(need: FusionNeed, fusion: str) -> str:
    """The answer first, then what it rests on. fusion: the method that stands for fusing."""
    return _opening(need.needs_fusion) + " " + _reason(need, fusion) + _needed(need) + _hint(need)


def _opening(answer: Answer) -> str:
    return {
        Answer.YES: _("This cohort needs fusion."),
        Answer.NO: _("This cohort does not need fusion."),
        Answer.UNSETTLED: _("Whether this cohort needs fusion is not settled."),
    }[answer]


def _reason(need: FusionNeed, fusion: str) -> str:
    words = {
        "fusion": fusion.replace("_", " "),
        "input": need.best_input,
        "metric": metric_label(need.metric),
        "single": in_words(need.beyond_one.difference),
        "average": in_words(need.beyond_average.difference),
        "several": in_words(need.several_inputs.difference),
        "margin": number(need.margin),
    }
    gains = _(
        "{fusion} beats {input} alone: {metric} moves by {single}. It also beats the average of single-input models: "
        "{metric} moves by {average}."
    )
    reasons = {
        FusionFinding.INTERACTION: gains
        + " "
        + _("Together, the inputs tell more than the sum of what each tells alone."),
        FusionFinding.ADDING_SUFFICES: gains + " " + _("Simply adding up what each input tells is just as good."),
        FusionFinding.FUSION: gains,
        FusionFinding.ONE_INPUT_SUFFICES: _(
            "None of the ways to combine inputs beats {input} alone by more than {margin}."
        ),
        FusionFinding.AVERAGE_SUFFICES: _(
            "Several inputs help, but {fusion} does not beat the average of single-input models by more than {margin}: "
            "the difference is {average}."
        )
        if need.beyond_average.answer is Answer.NO
        else _(
            "Several inputs help, but {fusion} does not beat {input} alone by more than {margin}: the difference is "
            "{single}."
        ),
        FusionFinding.FUSING_ADDS_NOTHING: _(
            "Whichever is better, {input} alone or the average of single-input models, {fusion} does not beat it by "
            "more than {margin}. Against {input} alone the difference is {single}; against the average it is "
            "{average}. Whether that average is better than {input} alone is not settled."
        ),
        FusionFinding.UNSETTLED: _(
            "{fusion} beats the average of single-input models: {metric} moves by {average}. Whether it beats {input} "
            "alone is open: the difference is {single}."
        )
        if need.beyond_average.answer is Answer.YES
        else _(
            "Several inputs together are better than {input} alone: the difference is {several}. Whether {fusion} is "
            "better than the average of single-input models is open: the difference is {average}."
        )
        if need.several_inputs.answer is Answer.YES
        else _(
            "In {metric}, {fusion} differs from {input} alone by {single}, and from the average of "
            "single-input models by {average}. Both may be chance."
        ),
    }
    differences = (need.beyond_one, need.beyond_average, need.several_inputs)
    if need.finding is FusionFinding.UNSETTLED and any(isnan(each.difference.difference) for each in differences):
        unknown = _(
            "How much better {fusion} is than {input} alone, or than the average of single-input models, cannot be "
            "told from these cases."
        )
        return capitalised(unknown.format(**words))
    return capitalised(reasons[need.finding].format(**words))


def _needed(need: FusionNeed) -> str:
    """How many more cases would settle it; nothing where it is settled, or no number would do."""
    questions = (need.beyond_one, need.beyond_average)
    open_questions = [question for question in questions if question.answer is Answer.UNSETTLED]
    if need.needs_fusion is not Answer.UNSETTLED or not all(question.more_cases for question in open_questions):
        return ""
    most = max(open_questions, key=lambda question: question.more_cases or 0)
    return " " + cases_needed({"more_cases": most.more_cases, "more_groups": most.more_groups})


def _hint(need: FusionNeed) -> str:
    """Why there are no intervals; nothing where there are some."""
    why = no_interval(need.note, need.metric)
    return f" {why}" if why else ""
