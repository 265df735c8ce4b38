"""Two runs on the same case: what each predicts, weighs and looks at."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import streamlit as st

from mmcore import studies
from mmcore.base.capitals import capitalised
from mmcore.base.name_lists import list_of
from mmcore.base.number_text import number_text
from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.explain.in_words import most_weighed
from mmcore.figures.comparison import method_name
from mmcore.fusion import fusions
from mmcore.runs import Run
from mmcore.studies.prediction import decided
from pages.frame import caches, standard_comparison, url_state
from pages.frame.markdown import escape
from pages.fuse.attention import prediction, side_by_side
from pages.fuse.attention.side_by_side import Side
from pages.parts import finding, read_case, ready_to_run, run_picker


def show(run: Run, cohort: Cohort, case: Case, attention: Attention, evidence: bool) -> None:
    """The run in force on the left, another beside it, and how far they agree."""
    other = _pick(run, cohort)
    if other is None:
        st.info(
            _("**There is no second model yet.** Train one, and both are shown on this case side by side."),
            icon=":material/info:",
        )
        second = next(name for name in standard_comparison.TELLING if name != run.method)
        ready_to_run.train_method(cohort, second, key="-second")
        return
    with st.spinner(_("Running the other model on this case…")):
        theirs = prediction.attention_of(other, cohort, case)
    names = _names(run, other)
    finding.say(_predictions(names, run, attention, other, theirs), _weighed(names, attention, theirs))
    mine, other_session = (read_case.session_of(each, cohort, case) for each in (run, other))
    side_by_side.show(
        (
            Side(names[0], run, case, mine, attention, "left"),
            Side(names[1], other, case, other_session, theirs, "right"),
        ),
        cohort,
        evidence,
        _agreement(attention, theirs),
    )


def _pick(run: Run, cohort: Cohort) -> Run | None:
    others = [summary for summary in run_picker.summaries(cohort) if summary.key != run.key]
    if not others:
        return None
    keys = [summary.key for summary in others]
    bound = url_state.parameter("other", "")
    start = next((i for i, key in enumerate(keys) if bound and key.startswith(bound)), -1)
    if start < 0:  # another method that weighs tokens shows most, then one that weighs inputs, then any other
        telling = standard_comparison.TELLING
        ranks = [
            (summary.method == run.method, fusions[summary.fusion].reads != "tokens", summary.method not in telling)
            for summary in others
        ]
        start = ranks.index(min(ranks))
    chosen = st.selectbox(
        _("Second method"),
        keys,
        index=start,
        format_func=dict(zip(keys, map(run_picker.named, others), strict=True)).__getitem__,
        key=f"beside-{run.key[:8]}-{len(keys)}",
    )
    url_state.set_parameter("other", chosen[:10])
    return caches.run(chosen)


def _names(*runs: Run) -> list[str]:
    """Their methods; where these are the same, told apart by their keys."""
    same = len({run.method for run in runs}) < len(runs)
    return [method_name(run.method) + (f" ({run.key[:6]})" if same else "") for run in runs]


def _predictions(names: Sequence[str], run: Run, mine: Attention, other: Run, theirs: Attention) -> str:
    """Whether both say the same of the case."""
    if run.spec.task == "regression":
        return _("{method} predicts {own}, {other} {their}.").format(
            method=capitalised(names[0]),
            own=number_text(mine.probabilities[0], 3),
            other=names[1],
            their=number_text(theirs.probabilities[0], 3),
        )
    if run.spec.task == "survival":
        return _("{method} gives the event a probability of {own}, {other} of {its}.").format(
            method=capitalised(names[0]),
            own=decided(run, mine.probabilities),
            other=names[1],
            its=decided(other, theirs.probabilities),
        )
    if run.spec.task == "multilabel":
        calls = [decided(of, seen.probabilities).replace("_", " ") for of, seen in ((run, mine), (other, theirs))]
        return _("{method} predicts {own}, {other} predicts {its}.").format(
            method=capitalised(names[0]), own=calls[0], other=names[1], its=calls[1]
        )
    tops = [int(seen.probabilities.argmax()) for seen in (mine, theirs)]
    labels = [run.spec.classes[top].replace("_", " ") for top in tops]
    shares = [float(seen.probabilities[top]) for seen, top in zip((mine, theirs), tops, strict=True)]
    if tops[0] == tops[1]:
        return _("Both predict “{label}”: {own:.0%} and {their:.0%} likely.").format(
            label=labels[0], own=shares[0], their=shares[1]
        )
    return _(
        "They disagree: {method} predicts “{label}” ({own:.0%} likely), {other} “{its}” ({their:.0%} likely)."
    ).format(method=names[0], label=labels[0], own=shares[0], other=names[1], its=labels[1], their=shares[1])


def _weighed(names: Sequence[str], mine: Attention, theirs: Attention) -> str:
    """Whether both rely on the same input."""
    tops = [most_weighed({name: mean for name, (mean, _sd) in seen.weights.items()}) for seen in (mine, theirs)]
    if not mine.weights or not theirs.weights:
        return ""
    if tops[0] is None and tops[1] is None:
        return _("Neither weighs one input clearly more than the others.")
    if tops[0] == tops[1]:
        return _("Both weigh {input} most.").format(input=tops[0])
    if None in tops:
        number = int(tops[0] is None)
        return _("Only {method} weighs one input clearly more than the others: {input}.").format(
            method=names[number], input=tops[number]
        )
    return _("{method} weighs {input} most, {other} weighs {its} most.").format(
        method=capitalised(names[0]), input=tops[0], other=names[1], its=tops[1]
    )


def _agreement(mine: Attention, theirs: Attention) -> str:
    """How far two runs look at the same places within an input, as rank correlations; a sentence, or ""."""
    ranks = []
    for name in mine.maps:
        if name in theirs.maps and len(mine.maps[name]) == len(theirs.maps[name]):
            rank = studies.rank_correlation(mine.maps[name], theirs.maps[name])
            if isfinite(rank):  # a map without any difference ranks nothing
                ranks.append(f"**{escape(name)}** {signed(rank, 2)}")
    if not ranks:
        return ""
    return _(
        "How much both look at the same places of an input (rank correlation; 1: the same order, 0: "
        "nothing in common, −1: the reverse order): {list}."
    ).format(list=list_of(ranks))
