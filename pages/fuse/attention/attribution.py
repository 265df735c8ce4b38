"""What the prediction of a case rests on, by ways that do not ask the attention, and what each input adds to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.base.capitals import capitalised
from mmcore.base.registry import why_unavailable
from mmcore.base.score_digits import digits_of
from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.base.values import Case, Kind
from mmcore.cohorts import Cohort
from mmcore.encoders.capabilities import HasLayers
from mmcore.explain.attention import Attention
from mmcore.explain.attribution import attributors
from mmcore.explain.attribution_report import AT_ONCE, AttributionReport, effort, report_attribution, trust
from mmcore.explain.shapley import EXACT, ShapleyValues, passes, shapley
from mmcore.explain.what_if import WhatIf
from mmcore.figures import attribution as drawn
from mmcore.figures.comparison import method_name
from mmcore.figures.explanation_tests import explanation_name
from mmcore.figures.what_if import points_in_words
from mmcore.runs import Run, store
from pages.frame import own_case, page, url_state
from pages.frame.markdown import escape
from pages.parts import broken_parts, chart

ATTENTION = "attention"
_FIRST = ("integrated_gradients", "occlusion")  # the most to be trusted lead
Result = TypeVar("Result")


def choose(*sides: tuple[Run, WhatIf, Attention]) -> str:
    """Where the weights within the inputs come from: the attention if the method weighs tokens, or an attribution.

    Of several sides that stand beside one another, only what all of them have, so that none is blank.
    """
    ways = [
        name
        for name in attributors
        if why_unavailable(attributors[name]) is None and all(_fits(name, run, own) for run, own, _maps in sides)
    ]
    ways.sort(key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    without = [run for run, _own, attention in sides if not attention.maps]
    offered = [*([] if without else [ATTENTION]), *ways]
    bound = url_state.parameter("weights", "")
    start = bound if bound in offered else offered[0]
    chosen = st.segmented_control(
        _("Explained by"),
        offered,
        default=start,
        format_func=explanation_name,
        key=f"weights-from-{'-'.join(run.key[:8] for run, *_rest in sides)}-{len(offered)}",
        required=True,
        help=_(
            "Attention is what the method itself weighs. Attributions ask what the prediction "
            "rests on: by following the model's response on the way from an average case to this "
            "one (integrated gradients), by taking tokens away (occlusion), or by the last layer "
            "of an image network (Grad-CAM)."
        ),
    )
    broken_parts.show(attributors.broken)
    if chosen != start:  # a run that lacks the way leaves the reader's wish as it is
        url_state.set_parameter("weights", chosen if chosen != offered[0] else None)
    if without and len(without[0].spec.inputs) == 1:
        st.caption(
            _(
                "A model of one input has no attention to places within it. The ways above ask the model itself what "
                "its answer rests on."
            )
        )
    elif without:
        st.caption(
            _(
                "{method} reads each input as a whole, so it has no attention to places within one. The ways "
                "above ask the model itself what its answer rests on."
            ).format(method=escape(capitalised(method_name(without[0].method))))
        )
        if all(run.method != "cross_attention" for run, *_rest in sides):
            _offer_attention(without[0].spec.cohort_key)
    return chosen


def _offer_attention(cohort_key: str) -> None:
    """A way to a method that attends to places: its newest run, or its training where there is none."""
    trained = next((run for run in store().summaries(cohort_key) if run.method == "cross_attention"), None)
    if trained is None:
        page.link("train", _("Train cross-attention"), method="cross_attention")
        return
    st.button(
        _("Look at cross-attention instead"), icon=":material/visibility:", type="tertiary",
        key="attribution-attention", on_click=url_state.choose_run, args=(trained.key[:10],),
    )  # fmt: skip


def _fits(name: str, run: Run, session: WhatIf) -> bool:
    """Ways without signs are maps over the grid of a network that reads an image."""
    images = [n for n in session.case.values if n in run.spec.inputs and run.spec.input_specs[n].kind is Kind.IMAGE]
    return attributors[name].signed or any(isinstance(session.encoders[n], HasLayers) for n in images)


def report_of(run: Run, cohort: Cohort, session: WhatIf, by: str) -> AttributionReport | None:
    """The attribution; None while nobody has asked for one that takes its time."""
    reading = session.reading
    return _answer(
        f"basis {by} {run.key} {cohort.key} {own_case.sign(session.case)}",
        session.case,
        effort(reading, by),
        explanation_name(by),
        lambda: report_attribution(reading, by),
    )


def _answer(key: str, case: Case, effort: int, name: str, make: Callable[[], Result]) -> Result | None:
    """What is cheap is worked out at once; the rest when asked for. Kept, but for an uploaded case."""
    slow, requested = effort > AT_ONCE, st.session_state.setdefault("asked-for", set())
    if slow and key not in requested:
        at_length = _("{name} takes a while for this case.").format(name=name[:1].upper() + name[1:])
        st.info(at_length, icon=":material/hourglass:")
        st.button(_("Work it out"), key=f"ask-{key}", icon=":material/play_arrow:", on_click=requested.add, args=(key,))
        return None
    with st.spinner(_("Asking the model…")):
        return own_case.worked_out(key, case, make) if case.id == own_case.OWN else _cached(key, make)


@st.cache_resource(max_entries=128, show_spinner=False)
def _cached(key: str, _make: Callable[[], Result]) -> Result:
    return _make()


def say_trust(run: Run, by: AttributionReport) -> None:
    """How far to trust the values, and whether attention agrees."""
    attribution = by.attribution
    sentences = [trust(by)]
    if np.isfinite(by.agreement):
        count = len(attribution.values) if by.level == "inputs" else sum(map(len, attribution.values.values()))
        over = _("{count} tokens") if by.level == "tokens" else _("{count} inputs")
        sentences.append(
            _(
                "Rank correlation with the attention of this case, over all {over}: **{rho}** (1: the same order)."
            ).format(over=over.format(count=count), rho=signed(by.agreement, 2))
        )
    st.caption(" ".join(sentences) + "  \n" + escape(attributors[attribution.by].citation))


def inputs_drawn(run: Run, by: AttributionReport | None) -> list[str]:
    """The inputs there is something to draw of: images alone for ways without signs."""
    if by is None or attributors[by.attribution.by].signed:
        return list(run.spec.inputs)
    return [name for name in run.spec.inputs if run.spec.input_specs[name].kind is Kind.IMAGE]


def toward(run: Run, by: AttributionReport | None) -> str:
    """What values with signs speak for."""
    chosen = 0 if by is None else by.attribution.chosen
    if run.spec.task == "survival":
        return _("an earlier event")
    return run.spec.classes[chosen] if run.spec.classes else _("higher {target}").format(target=run.spec.target or "")


def waits(run: Run, cohort: Cohort, session: WhatIf) -> bool:
    """Whether `what_each_adds` takes its time and nobody has asked for it yet."""
    requested = st.session_state.get("asked-for", set())
    return _effort_of_shares(session) > AT_ONCE and _of_shares(run, cohort, session) not in requested


def _of_shares(run: Run, cohort: Cohort, session: WhatIf) -> str:
    return f"shapley {run.key} {cohort.key} {own_case.sign(session.case)}"


def _effort_of_shares(session: WhatIf) -> int:
    return session.reading.size * passes(len(session.reading.inputs))


def what_each_adds(run: Run, cohort: Cohort, session: WhatIf, height: int = 0) -> None:
    """What each input adds to the prediction, from no input at all: exact Shapley values as steps. height: pixels that
    these fill at least."""
    title = _("What each input adds")
    reading = session.reading
    shares: ShapleyValues | None = _answer(
        _of_shares(run, cohort, session),
        session.case,
        _effort_of_shares(session),
        title,
        lambda: shapley(reading[0:1], "probability")[0],
    )
    if shares is None:
        return
    percent = run.spec.task != "regression"
    named = run.spec.classes[shares.chosen] if percent else run.spec.target or _("the target")
    if run.spec.task == "survival":
        named = _("the event by {horizon}").format(horizon=named)
    order = sorted(shares.values, key=lambda name: -abs(shares.values[name]))
    rows = pd.DataFrame([(n, shares.values[n], shares.spread[n]) for n in order], columns=["input", "adds", "sd"])
    chart.show(
        drawn.steps(
            shares.values,
            shares.none,
            shares.whole,
            start=_("no input"),
            end=_("prediction"),
            title=_("probability of {name}").format(name=named) if percent else named,
            percent=percent,
            height=height,
        ),
        key="shapley",
        title=title,
        note=_("in percentage points, shared out fairly among the inputs (Shapley values)")
        if percent
        else _("in the target's unit, shared out fairly among the inputs (Shapley values)"),
        data=rows,
        alt=_("Steps from the prediction without any input to the prediction with all, one for each input"),
    )
    whole = shares.whole - shares.none
    words = _("Together {sum} on top of what the model says without any input.").format(
        sum=points_in_words(round(100 * whole)) if percent else signed(whole, digits_of(shares.whole))
    )
    if not shares.exact:
        words += " " + _(
            "Estimated from some of the orders in which inputs can be added, as there are more than {most} inputs."
        ).format(most=EXACT)
    st.caption(words)
