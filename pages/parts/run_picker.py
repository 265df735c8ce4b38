"""Finished runs of the cohort being looked at: listed, named, and chosen from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from mmcore.base.errors import MMError
from mmcore.base.score_digits import written
from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort
from mmcore.evaluation import metric_label
from mmcore.figures.comparison import method_name
from pages.frame import caches, standard_comparison, url_state
from pages.frame.markdown import escape

if TYPE_CHECKING:
    from mmcore.runs import Run, RunSummary


def summaries(cohort: Cohort) -> list[RunSummary]:
    """Runs of exactly these cases, newest first."""
    from mmcore import runs

    return runs.store().summaries(cohort.key)


def named(summary: RunSummary) -> str:
    """One line a reader can tell runs apart by; what matters most comes first, as a narrow box cuts the rest."""
    inputs = "" if summary.method in summary.inputs else f" · {' + '.join(summary.inputs)}"
    score = f"{metric_label(summary.metric)} {written(summary.mean)}"
    folds = counted(summary.folds, "{count} fold", "{count} folds")
    seeds = counted(summary.seeds, "{count} seed", "{count} seeds")
    return f"{method_name(summary.method)} · {score} · {folds} × {seeds}{inputs} · {summary.key[:6]}"


def chosen(runs: list[RunSummary], label: str, key: str) -> Run | None:
    """The run of the address, else the one that tells most: a select box of what there is, on every page the same."""
    keys = [summary.key for summary in runs]
    wanted = url_state.run_key() or ""
    position = next((i for i, name in enumerate(keys) if wanted and name.startswith(wanted)), None)
    if wanted and position is None:
        st.info(
            _("The run {key} does not belong to this cohort; another is shown.").format(key=escape(wanted[:8])),
            icon=":material/info:",
        )
    if position is None:
        position = _most_telling(runs)
    return _box(runs, position, label, key, adopt=True)


def linked_method(cohort: Cohort) -> str | None:
    """The method of the run in the address, if it is one of this cohort's."""
    wanted = url_state.run_key()
    return next((run.method for run in summaries(cohort) if wanted and run.key.startswith(wanted)), None)


def of_method(runs: list[RunSummary], method: str, label: str, key: str) -> Run | None:
    """A run of this method: that of the address if it is one, else the newest. What is shown on other pages changes
    only when the reader picks another one."""
    own = [summary for summary in runs if summary.method == method]
    if not own:
        return None
    wanted = url_state.run_key() or ""
    position = next((i for i, summary in enumerate(own) if wanted and summary.key.startswith(wanted)), 0)
    return _box(own, position, label, key, adopt=False)


def _box(runs: list[RunSummary], position: int, label: str, key: str, *, adopt: bool) -> Run | None:
    """The select box, and the run in it. adopt: it becomes the one shown everywhere."""
    by_key = {summary.key: summary for summary in runs}
    keys = list(by_key)
    st.session_state[key] = keys[position]
    st.selectbox(
        label,
        keys,
        key=key,
        format_func=lambda name: named(by_key[name]),
        on_change=lambda: url_state.choose_run(st.session_state[key][:10]),
    )
    if adopt:
        url_state.choose_run(keys[position][:10])
    try:
        return caches.run(keys[position])
    except MMError as error:
        st.error(escape(error), icon=":material/error:")
        return None


def _most_telling(runs: list[RunSummary]) -> int:
    """The newest run whose method can show the most: tokens before inputs before nothing; fusions before an input."""
    order = standard_comparison.TELLING

    def rank(summary: RunSummary) -> int:
        if summary.method in order:
            return order.index(summary.method)
        return len(order) + (summary.method in summary.inputs)

    ranks = [rank(summary) for summary in runs]
    return ranks.index(min(ranks))
