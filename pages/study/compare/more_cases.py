"""Would more cases help? A method trained on ever larger parts of the cohort, and carried on beyond it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.cohorts import Cohort
from mmcore.evaluation import gap_digits, lower_is_better, metric_label
from mmcore.figures import learning_curve as drawn
from mmcore.figures.comparison import method_name
from mmcore.runs import Run
from mmcore.studies.learning_curve import SHARES, LearningCurveStudy, learning_curve, seconds_of_parts
from pages.frame.markdown import escape
from pages.parts import chart, on_request
from pages.parts.comparison import best
from pages.study.compare import same_settings

TWICE = 2
HARDLY = 0.01  # gain of twice the cases, of an error as a part of it, below which more of them hardly help


def show(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    """The finding, then scores over the number of cases."""
    run = best(runs, runs[0].spec.metric)
    spec, encoders = run.spec, same_settings.encoders_of(runs, cohort)
    settings = same_settings.settings_of(spec)
    study = on_request.result(
        f"growth {cohort.key} {spec.method} {spec.folds} {spec.seeds} {spec.split} "
        + same_settings.purpose(cohort, encoders, spec.training),
        learning_curve, cohort, spec.method, encoders, settings,
        label=_("Training on parts of the cohort"),
        offer=_("Train on parts of the cohort"),
        about=_("Trains {method}, the best here, on {count} parts of the cohort, from a fifth to the whole.").format(
            method=escape(method_name(spec.method)), count=len(SHARES)
        ),
        seconds=lambda: seconds_of_parts(cohort, spec.method, encoders, settings, run.seconds),
    )  # fmt: skip
    if study is not None:
        picture(study, tints)


def picture(study: LearningCurveStudy, tints: Mapping[str, str]) -> None:
    metric, now = study.curve.metric, study.sizes[-1]
    st.markdown(f"**{finding(study)}**")
    measured = {
        study.method: drawn.Measured.of(
            study.curve, [score.low for score in study.scores], [score.high for score in study.scores]
        )
    }
    chart.show(
        drawn.learning_curve(measured, metric, tints, cases=now),
        key="growth-curve",
        title=_("{metric} over the number of cases").format(metric=metric_label(metric)),
        note=_("dots: measured, with 95% intervals; line: the trend (a power law), dashed beyond this cohort"),
        data=pd.DataFrame([{"cases": n, **s.document()} for n, s in zip(study.sizes, study.scores, strict=True)]),
        alt=drawn.alt_text(measured, metric),
    )
    if study.left_out:
        st.caption(
            _("Too small to be divided into folds: {sizes} cases.").format(sizes=list_of(map(str, study.left_out)))
        )


def finding(study: LearningCurveStudy) -> str:
    """What twice the cases would bring, in a sentence."""
    now = study.sizes[-1]
    before = float(study.curve.at(now))
    gain = float(study.curve.at(TWICE * now)) - before
    better = -gain / abs(before or 1.0) if lower_is_better(study.curve.metric) else gain
    words = {"metric": metric_label(study.curve.metric), "gain": signed(gain, gap_digits(study.curve.metric, gain))}
    if better < HARDLY:
        return _(
            "More cases like these would hardly help: twice as many would change {metric} by roughly {gain}."
        ).format(**words)
    return _("More cases may help: twice as many would change {metric} by roughly {gain}.").format(**words)
