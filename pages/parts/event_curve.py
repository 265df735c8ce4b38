"""The share without the event over time that a run predicts of one case."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.base.settings import _
from mmcore.base.survival_times import unit_of
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.evaluation.kaplan_meier import KaplanMeier
from mmcore.evaluation.risk_thirds import by_third
from mmcore.explain.attention import Attention
from mmcore.figures import survival_curves as drawn
from mmcore.figures.what_if import points_in_words
from mmcore.runs import Run
from pages.parts import chart


@st.cache_data(max_entries=64, show_spinner=False)
def _thirds(key: str, _run: Run) -> list[KaplanMeier]:
    cases = _run.out_of_fold
    return by_third(cases.target, cases.outputs)


def thirds(run: Run) -> dict[str, KaplanMeier]:
    """What was seen in the cases that a run gave low, middle and high risk, out of fold; {} of an exported run."""
    if run.target is None or run.outputs is None:
        return {}
    return dict(zip((_("low risk"), _("middle"), _("high risk")), _thirds(run.key, run), strict=True))


def headline(
    run: Run,
    probabilities: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    before: np.ndarray | None,
    *,
    models: int,
    deviation: bool = False,
) -> None:
    """The probability of the event by the horizon that is told, as a number.

    low, high: [H] of single models, the lowest and highest; with `deviation` one standard deviation about their mean.
    """
    help = (
        _("one model: spread unknown")
        if models == 1
        else _("one standard deviation of the models to either side: {low:.0%} to {high:.0%}")
        if deviation
        else _("range over the models: {low:.0%} to {high:.0%}")
    )
    at = run.fitted.task.main_horizon
    # as they are read; a widget takes a hyphen alone for a fall
    points = None if before is None else round(100 * probabilities[at]) - round(100 * before[at])
    st.metric(
        _("Event by {horizon}").format(horizon=run.spec.classes[at]),
        f"{probabilities[at]:.0%}",
        delta=None if points is None else points_in_words(points, "-"),
        delta_color="inverse" if points else "off",
        delta_arrow="auto" if points else "off",
        help=help.format(low=low[at], high=high[at]),
    )


def curve(
    run: Run,
    probabilities: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    *,
    key: str,
    note: str,
    before: np.ndarray | None = None,
    seen: tuple[float, bool] | None = None,
) -> None:
    """probabilities, low, high: [H] of the event by each horizon. before, seen: see `figures.survival_curves`."""
    horizons, steps = run.fitted.task.horizons, thirds(run)
    chart.show(
        drawn.predicted(
            horizons, probabilities, low, high, unit_of(run.spec.classes), before=before, seen=seen, beside=steps
        ),
        key=key,
        title=_("Share without the event over time"),
        note=note,
        data=pd.DataFrame({"horizon": run.spec.classes, "event": probabilities, "low": low, "high": high}),
        alt=_("Curve of the predicted share without the event over time, with its band"),
    )
    if steps:
        st.caption(
            _("Thin steps: what was seen in the thirds of the cohort that this run gave low, middle and high risk.")
        )


def of_attention(run: Run, cohort: Cohort, case: Case, attention: Attention, *, key: str, note: str) -> None:
    """The number and the curve of a case, with what was seen of it."""
    mean, spread = attention.probabilities, np.nan_to_num(attention.spread)
    low, high = np.clip(mean - spread, 0, 1), np.clip(mean + spread, 0, 1)
    headline(run, mean, low, high, None, models=attention.replicates, deviation=True)
    curve(run, mean, low, high, key=key, note=note, seen=seen_of(cohort, case))


def seen_of(cohort: Cohort, case: Case) -> tuple[float, bool] | None:
    """When the event came, or until when the case was followed without it; None where it is not known."""
    if case.id not in cohort.ids:
        return None
    row = cohort.position(case.id)
    if not cohort.labelled[row]:
        return None
    target = float(cohort.target[row])
    return abs(target), target > 0
