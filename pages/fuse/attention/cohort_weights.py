"""What a run weighs over a whole cohort: the input weights of every case, out of fold, by class."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.progress import Progress
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.explain.in_words import weights_in_words
from mmcore.figures import mechanism as drawn
from mmcore.figures import theme
from mmcore.runs import Run
from mmcore.studies import Prediction
from pages.frame import jobs
from pages.parts import chart, finding

_APART = 0.03  # of the weight: classes that differ by less are much the same


def show(run: Run, cohort: Cohort) -> None:
    """Boxes of the weight of each input; the cases are run in the background the first time."""
    purpose = f"weights {run.key} {cohort.key}"
    label = _("Running the model on all cases")
    job = jobs.latest(purpose) or jobs.start(purpose, _predicted, run, cohort, label=label)
    if job.active:
        with st.spinner(_("Running the model on all cases…")):
            jobs.wait(job, 2.0)
    if job.active:
        jobs.watch(job)
        return
    if not jobs.outcome(job):
        if st.button(_("Try again"), icon=":material/refresh:"):
            jobs.forget(purpose)
            st.rerun()
        return
    predictions: list[Prediction] = job.result()
    if not predictions or predictions[0].weights is None:
        st.info(
            _("This method does not weigh its inputs, so there is nothing to average."),
            icon=":material/visibility_off:",
        )
        return
    rows = _rows(predictions, run, cohort)
    names = list(run.spec.inputs)
    classes = list(cohort.class_members) or [_("all cases")]
    finding.say(_in_words(rows, names, classes))
    chart.show(
        drawn.cohort_weights(
            {name: rows[name].to_numpy() for name in names},
            classes,
            rows["class"].to_numpy(),
            theme.class_colours(classes),
        ),
        key="cohort-weights",
        title=_("Weight of each input over the cohort"),
        note=_judged_by(predictions)
        + "; "
        + _(
            "box: the middle half of them, line: median, dashed: mean, whiskers: lowest and highest (100% in a case "
            "with no other input); a case that lacks an input is left out of that box"
        ),
        data=rows,
        alt=_("Box plots of the weight of each input, by class"),
    )
    st.dataframe(_table(rows, names, classes), hide_index=True, alt=_("Mean weight of each input by class"))
    st.caption(
        _(
            "A weight tells how much the method looked at an input, not how much its answer rests on it: an input "
            "may weigh much in every case and still be worth little. *Is it right?* puts it to the test."
        )
    )


def _judged_by(predictions: list[Prediction]) -> str:
    """How many cases, and whether the models that judged them had learnt from any, as of the training part of a
    published split."""
    learnt = sum(prediction.learnt_from for prediction in predictions)
    words = (
        _("{cases} cases; in {learnt} of them the models may have learnt from the case itself")
        if learnt
        else _("{cases} cases, each judged by models that never saw it")
    )
    return words.format(cases=len(predictions), learnt=learnt)


def _in_words(rows: pd.DataFrame, names: list[str], classes: list[str]) -> str:
    """Which input is weighed most over all cases, and where classes differ."""
    sentence = weights_in_words({name: float(rows[name].mean()) for name in names})
    means = rows.groupby("class", sort=False)[names].mean()
    here = [label for label in classes if label in means.index]
    if len(here) != 2:
        return sentence
    gaps = means.loc[here[1]] - means.loc[here[0]]
    most = str(gaps.abs().idxmax())
    if not abs(gaps[most]) >= _APART:
        return sentence + " " + _("The weights are much the same in both classes.")
    more, less = (here[1], here[0]) if gaps[most] > 0 else (here[0], here[1])
    return (
        sentence
        + " "
        + _("The method gives {input} more weight in “{more}” than in “{less}”: {high:.0%} against {low:.0%}.").format(
            more=more.replace("_", " "),
            less=less.replace("_", " "),
            input=most,
            high=means.loc[more, most],
            low=means.loc[less, most],
        )
    )


def _predicted(run: Run, cohort: Cohort, *, progress: Progress) -> list[Prediction]:
    return studies.predict(run, cohort, progress)


def _rows(predictions: list[Prediction], run: Run, cohort: Cohort) -> pd.DataFrame:
    """One row a case: id, class, weight of each input (NaN where it lacks it)."""
    classes, target = cohort.stratum_names, cohort.strata
    named = [
        classes[int(value)] if classes and value >= 0 else _("not labelled") if classes else _("all cases")
        for value in np.nan_to_num(np.asarray(target, float), nan=-1)
    ]
    rows = pd.DataFrame(
        [
            {name: np.nan if name in prediction.missing else w for name, w in (prediction.weights or {}).items()}
            for prediction in predictions
        ]
    )
    rows.insert(0, "id", [prediction.id for prediction in predictions])
    rows.insert(1, "class", named)
    return rows


def _table(rows: pd.DataFrame, names: list[str], classes: list[str]) -> pd.DataFrame:
    """Mean and sd of each weight by class, as text, in the order of the classes."""
    grouped = rows.groupby("class", sort=False)[names]
    mean, spread = (part.map(lambda v: "–" if np.isnan(v) else f"{v:.0%}") for part in (grouped.mean(), grouped.std()))
    cells = mean + " ± " + spread
    order = [*(name for name in classes if name in cells.index), *(name for name in cells.index if name not in classes)]
    return cells.loc[order].rename_axis(_("mean ± standard deviation")).reset_index()
