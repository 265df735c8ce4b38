"""What if: change a case and see prediction, weights and interval follow; search for the one change that flips it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.explain.counterfactual import Change, counterfactuals
from mmcore.explain.what_if import WhatIf, WhatIfAnswer
from mmcore.figures import theme
from mmcore.figures import what_if as drawn
from mmcore.runs import Run
from pages.frame import own_case, page
from pages.frame.markdown import escape
from pages.fuse.attention import edit_case
from pages.parts import chart

_SHOWN = 12  # changes listed
_CLASSES = 10  # drawn


def show(run: Run, cohort: Cohort, case: Case) -> None:
    """Controls on the left, what they do on the right, the search below."""
    session = session_of(run, cohort, case)
    left, right = st.columns([5, 6], gap="medium")
    with left:
        changes = edit_case.form(run, cohort, case)
    with right.container(key="what-if-answer"):
        answer = session.ask(changes) if changes else session.start
        _answer(run, cohort, session.start, answer, bool(changes))
    st.space("small")
    with st.container(border=True), page.guard():
        search(run, cohort, case, session)


def session_of(run: Run, cohort: Cohort, case: Case) -> WhatIf:
    """The case as the run's replicates read it, ready for questions."""
    if case.id == own_case.OWN:
        return own_case.worked_out(f"what if {run.key}", case, lambda: studies.what_if(run, None, case))
    return _cached(run.key, cohort.key, case.id, run, cohort, case)


@st.cache_resource(max_entries=12, show_spinner=False)
def _cached(run_key: str, cohort_key: str, case_id: str, _run: Run, _cohort: Cohort, _case: Case) -> WhatIf:
    return studies.what_if(_run, _cohort, _case)


def _answer(run: Run, cohort: Cohort, start: WhatIfAnswer, answer: WhatIfAnswer, changed: bool) -> None:
    with st.container(border=True):
        if run.spec.task == "regression":
            st.metric(
                _("Predicted {target}").format(target=escape(run.spec.target or "")),
                f"{answer.probabilities[0]:.3g}",
                delta=f"{answer.probabilities[0] - start.probabilities[0]:+.3g}" if changed else None,
                help=_("range over the models: {low:.3g} to {high:.3g}").format(low=answer.low[0], high=answer.high[0]),
            )
        else:
            _classes(run, start, answer, changed)
        sentence = (
            _("Answered in {ms:.0f} ms.").format(ms=1000 * answer.seconds) if changed else _("Nothing is changed yet.")
        )
        flipped = run.spec.task != "regression" and answer.chosen != start.chosen
        if flipped:
            st.markdown(
                _(":material/swap_horiz: The prediction flips from **{before}** to **{after}**.").format(
                    before=escape(run.spec.classes[start.chosen]),
                    after=escape(run.spec.classes[answer.chosen]),
                )
            )
        st.caption(sentence)
    if answer.weights or start.weights:
        with st.container(border=True):
            _weights(cohort, start, answer)


def _classes(run: Run, start: WhatIfAnswer, answer: WhatIfAnswer, changed: bool) -> None:
    order = np.argsort(-np.maximum(start.probabilities, answer.probabilities))[:_CLASSES]
    order = np.sort(order)
    names = [run.spec.classes[i] for i in order]
    rows = pd.DataFrame(
        {
            "class": names,
            "before": start.probabilities[order],
            "now": answer.probabilities[order],
            "low": answer.low[order],
            "high": answer.high[order],
        }
    )
    chart.show(
        drawn.before_after(
            names,
            start.probabilities[order],
            answer.probabilities[order],
            answer.low[order],
            answer.high[order],
            theme.class_colours(run.spec.classes),
            title=_("probability"),
        ),
        key="what-if-classes",
        title=_("Prediction of {target}").format(target=run.spec.target),
        note=_("ring: as the case is; dot: changed; band: range over the models"),
        data=rows,
        alt=_("Predicted probabilities before and after the change"),
    )


def _weights(cohort: Cohort, start: WhatIfAnswer, answer: WhatIfAnswer) -> None:
    names = [name for name in start.weights or answer.weights if not {name} <= {*start.missing} & {*answer.missing}]
    before, now, sd = (
        np.array([weights.get(name, (0.0, 0.0))[i] for name in names])
        for weights, i in ((start.weights, 0), (answer.weights, 0), (answer.weights, 1))
    )
    chart.show(
        drawn.before_after(
            names,
            before,
            now,
            np.clip(now - sd, 0, 1),
            np.clip(now + sd, 0, 1),
            theme.colour_of_input(cohort.inputs),
            title=_("share of the weight"),
        ),
        key="what-if-weights",
        title=_("Weight of each input"),
        note=_("ring: as the case is; dot: changed; band: ± sd over models"),
        data=pd.DataFrame({"input": names, "before": before, "now": now, "sd": sd}),
        alt=_("Input weights before and after the change"),
    )


def search(run: Run, cohort: Cohort, case: Case, session: WhatIf) -> None:
    """Single changes tried one by one: each input taken away, each column set otherwise, words, regions, seconds."""
    regression = run.spec.task == "regression"
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="medium"):
        asks = _("Which one change moves it most?") if regression else _("Which one change flips it?")
        st.markdown(
            f"**{asks}**  \n"
            + _(
                ":small[:gray[Every single change of the case as it is, without those above, is tried: an input "
                "taken away, a column set to other values of the cohort, a word, a sentence, a region, a stretch.]]"
            ),
            width="stretch",
        )
        pressed = st.button(_("Search"), icon=":material/travel_explore:", key="what-if-search")
    place = f"searched-{run.key}-{cohort.key}-{own_case.sign(case)}"
    if pressed:
        with st.spinner(_("Trying single changes…")):
            st.session_state[own_case.SEARCH] = (place, _rows(counterfactuals(session, studies.alternatives(cohort))))
    results = st.session_state.get(own_case.SEARCH)
    if results is None or results[0] != place:
        return
    rows = results[1]
    flips = int(rows["flips"].sum())
    if not regression:
        st.markdown(
            _("Changes that flip the prediction: **{count}** of {total} tried.").format(count=flips, total=len(rows))
            if flips
            else _("No single change tried flips the prediction: it rests on more than one thing.")
        )
    shown = rows.head(_SHOWN)
    chart.show(
        drawn.changes(
            shown["change"].tolist(),
            shown["effect"].to_numpy(),
            shown["flips"].tolist(),
            shown["input"].tolist(),
            theme.colour_of_input(cohort.inputs),
            target=run.spec.target if regression else None,
        ),
        key="what-if-changes",
        title=_("What moves the prediction most"),
        note=("" if regression else _("● flips it; ")) + _("each change was made in earnest and encoded again"),
        data=rows,
        alt=_("Bars of the effect of single changes"),
    )


def _rows(changes: list[Change]) -> pd.DataFrame:
    return pd.DataFrame(
        [(change.input, change.kind, change.what, change.effect, change.flips) for change in changes],
        columns=["input", "kind", "change", "effect", "flips"],
    )
