"""Where a method fails, in sentences."""

from __future__ import annotations

import pandas as pd

from mmcore.base.capitals import capitalised
from mmcore.base.number_text import number_text
from mmcore.base.score_digits import written
from mmcore.base.settings import _, counted
from mmcore.base.signed_numbers import signed
from mmcore.evaluation import gap_digits, metric_label
from mmcore.evaluation.case_outcomes import Outcome
from mmcore.evaluation.subgroup_scores import ComparedSubgroups, SubgroupVerdict
from mmcore.figures.comparison import method_name
from mmcore.runs import Run
from pages.frame.markdown import escape

_NAMED = 3  # parts in the sentence
_SURPRISE = 1.26  # error from which a case is a surprise: the event at a hazard below 0.2, or none at one above 0.8


def of_cases(run: Run, outcomes: pd.DataFrame) -> str:
    """How many cases are wrong, unsure, disputed, and wrong by every method."""
    method, total = escape(capitalised(method_name(run.method))), max(len(outcomes), 1)
    wrong = int((outcomes["outcome"] == Outcome.WRONG.value).sum())
    unsure = int((outcomes["outcome"] == Outcome.UNSURE.value).sum())
    if run.spec.task == "survival":
        early = int((outcomes["error"] > _SURPRISE).sum())
        late = int((outcomes["error"] < -_SURPRISE).sum())
        return _(
            "**{method} was surprised by {early} of {total} cases: the event came though it was "
            "hardly expected by then. In {late} it was expected, and came late or not at all.**"
        ).format(method=method, early=early, total=total, late=late)
    if run.spec.task == "regression":
        size = outcomes["error"].abs()
        return _(
            "**{method} is off by more than {usual} in half of the cases, and by more than {far} in a tenth "
            "({target}).**"
        ).format(
            method=method,
            usual=number_text(size.median(), 3),
            far=number_text(size.quantile(0.9), 3),
            target=escape(run.spec.target),
        )
    words = (
        _(
            "**{method} gets at least one label wrong in {wrong} of {total} cases ({share:.0%})**, and is unsure of "
            "{unsure} more."
        )
        if run.spec.task == "multilabel"
        else _("**{method} is wrong on {wrong} of {total} cases ({share:.0%})**, and unsure of {unsure} more.")
    )
    sentences = [words.format(method=method, wrong=wrong, total=total, share=wrong / total, unsure=unsure)]
    methods = int(outcomes["answered_by"].max()) if len(outcomes) else 1
    if methods > 1:
        disputed = int(outcomes["disputed"].sum())
        everyone = int(((outcomes["wrong_by"] == outcomes["answered_by"]) & (outcomes["answered_by"] > 1)).sum())
        sentences.append(
            _(
                "The {methods} methods do not agree on {disputed} of {total} cases; on {everyone} every "
                "method is wrong."
            ).format(methods=methods, disputed=disputed, total=total, everyone=everyone)
        )
    return " ".join(sentences)


def of_parts(run: Run, compared: ComparedSubgroups) -> str:
    """For whom it does worse, or that nothing of the kind stands out."""
    worse, label = compared.of(SubgroupVerdict.WORSE), metric_label(compared.metric)
    if worse:
        named = "; ".join(
            _("**{part}**, with {metric} {value}, {gap} against the others").format(
                part=escape(row.name),
                metric=label,
                value=written(row.score.mean),
                gap=signed(row.difference, gap_digits(compared.metric, row.difference)),
            )
            for row in worse[:_NAMED]
        )
        more = len(worse) - _NAMED
        tail = counted(more, "; and {count} more part", "; and {count} more parts") if more > 0 else ""
        return _("The method does clearly worse for {parts}{more}.").format(parts=named, more=tail)
    if not compared.looked_at:
        return _("No part of the cohort has enough cases to tell whether the method does worse there.")
    return counted(
        compared.looked_at,
        "In the one part of the cohort examined, the method is not clearly worse than elsewhere.",
        "In none of the {count} parts of the cohort examined is the method clearly worse than elsewhere.",
    )


def how(run: Run, outcomes: pd.DataFrame) -> str:
    """How it was found."""
    words = _(
        "Every case is answered by models that never saw it, averaged over seeds. Unsure: right, with "
        "the two likeliest classes less than 20 percentage points apart in probability. Disputed: "
        "another method predicts another class. The methods compared were tested on the same folds. The "
        "intervals do not allow for the slightly different models that other training cases would give."
    )
    if run.spec.task == "multilabel":
        words = _(
            "Every case is answered by models that never saw it, averaged over seeds. Right: "
            "exactly the true labels are predicted. Unsure: right, with a label close to its "
            "threshold. Disputed: another method predicts other labels. The intervals do not "
            "allow for the slightly different models that other training cases would give."
        )
    if run.spec.task == "survival":
        words = _(
            "Every case is answered by models that never saw it, averaged over seeds. The error is the "
            "deviance residual: above 0 the event came sooner than expected, below 0 later or not at "
            "all. Far off: the tenth with the largest errors, above 0 or below. Seeds differ: of the "
            "others, those where repeats of the training differ most. Disputed: methods differ by more "
            "than the median size of the error. The intervals do not allow for the slightly different "
            "models that other training cases would give."
        )
    if run.spec.task == "regression":
        words = _(
            "Every case is answered by models that never saw it, averaged over seeds. The error is the "
            "predicted value minus the true value. Far off: the tenth with the largest errors. Seeds "
            "differ: of the others, those where repeats of the training differ most. Disputed: methods "
            "differ by more than the median size of the error. The intervals do not allow for the "
            "slightly different models that other training cases would give."
        )
    return words
