"""Two runs on the same case: what each predicts, weighs and looks at."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from mmcore import studies
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.explain.attention import Attention
from mmcore.figures.comparison import method_name
from mmcore.fusion import fusions
from mmcore.runs import Run
from pages.frame import caches, page, standard_comparison, url_state
from pages.frame.markdown import escape
from pages.fuse.attention import prediction, weights_on_input
from pages.parts import ready_to_run, run_picker


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
    st.markdown(_agreement(run, attention, other, theirs))
    sides = ((run, attention, "left"), (other, theirs, "right"))
    for slot, (shown_run, seen, side) in zip(st.columns(2, gap="large"), sides, strict=True):
        with slot:
            st.subheader(escape(_named(shown_run, run, other)), anchor=False)
            with st.container(border=True):
                prediction.prediction(shown_run, cohort, case, seen, key=side)
            with st.container(border=True):
                prediction.weights(shown_run, cohort, seen, key=side)
    for name in cohort.inputs:
        if name not in case.values or not any(name in seen.maps for _one, seen, _side in sides):
            continue
        for slot, (_one, seen, side) in zip(st.columns(2, gap="large"), sides, strict=True):
            with slot.container(border=True, height="stretch"), page.guard():
                weights_on_input.card(name, cohort, case, seen, evidence, key=side)


def _pick(run: Run, cohort: Cohort) -> Run | None:
    others = [summary for summary in run_picker.summaries(cohort) if summary.key != run.key]
    if not others:
        return None
    keys = [summary.key for summary in others]
    bound = url_state.parameter("other", "")
    start = next((i for i, key in enumerate(keys) if bound and key.startswith(bound)), -1)
    if start < 0:  # another method that weighs tokens shows most, then any other method
        ranks = [(summary.method == run.method, fusions[summary.fusion].reads != "tokens") for summary in others]
        start = ranks.index(min(ranks))
    chosen = st.selectbox(
        _("Beside it"),
        keys,
        index=start,
        format_func=dict(zip(keys, map(run_picker.named, others), strict=True)).__getitem__,
        key=f"beside-{run.key[:8]}-{len(keys)}",
    )
    url_state.set_parameter("other", chosen[:10])
    return caches.run(chosen)


def _named(shown_run: Run, run: Run, other: Run) -> str:
    name = method_name(shown_run.method)
    return f"{name} ({shown_run.key[:6]})" if run.method == other.method else name


def _agreement(run: Run, mine: Attention, other: Run, theirs: Attention) -> str:
    """How far two runs look at the same things, as rank correlations; a sentence."""
    sentences = []
    shared = [name for name in mine.weights if name in theirs.weights]
    if len(shared) > 1:
        same = max(shared, key=lambda n: mine.weights[n][0]) == max(shared, key=lambda n: theirs.weights[n][0])
        sentences.append(_("Both weigh the same input most.") if same else _("They weigh different inputs most."))
    ranks = []
    for name in mine.maps:
        if name in theirs.maps and len(mine.maps[name]) == len(theirs.maps[name]):
            rank = studies.rank_correlation(mine.maps[name], theirs.maps[name])
            if isfinite(rank):  # a map without any difference ranks nothing
                ranks.append(f"**{escape(name)}** {rank:+.2f}")
    if ranks:
        sentences.append(
            _("Where they look within an input, by rank correlation (1: alike, 0: unrelated): {list}.").format(
                list=", ".join(ranks)
            )
        )
    return " ".join(sentences) or _("One of the two has no weights, so only their predictions can be compared.")
