"""Finished runs of the cohort being looked at: listed, named, and chosen from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from mmcore.base.errors import MMError
from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort
from mmcore.evaluation import metric_label
from mmcore.figures.comparison import method_name
from pages.frame import caches, url_state
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
    score = f"{metric_label(summary.metric)} {summary.mean:.3f}"
    folds = counted(summary.folds, "{count} fold", "{count} folds")
    seeds = counted(summary.seeds, "{count} seed", "{count} seeds")
    return f"{method_name(summary.method)} · {score} · {folds} × {seeds}{inputs} · {summary.key[:6]}"


def chosen(runs: list[RunSummary], label: str, key: str) -> Run | None:
    """The run of the address, else the best way in: a select box of what there is. Fusions that weigh tokens come
    first."""
    keys = [summary.key for summary in runs]
    wanted = url_state.run_key() or ""
    position = next((i for i, name in enumerate(keys) if wanted and name.startswith(wanted)), None)
    if wanted and position is None:
        st.info(
            _("The run {key} is not one of this cohort; another is shown.").format(key=wanted[:8]),
            icon=":material/info:",
        )
    if position is None:
        position = _telling(runs)
    by_key = dict(zip(keys, runs, strict=True))
    st.session_state[key] = keys[position]
    st.selectbox(
        label,
        keys,
        key=key,
        format_func=lambda name: named(by_key[name]),
        on_change=lambda: url_state.choose_run(st.session_state[key][:10]),
    )
    url_state.choose_run(keys[position][:10])
    try:
        return caches.run(keys[position])
    except MMError as error:
        st.error(escape(error), icon=":material/error:")
        return None


def _telling(runs: list[RunSummary]) -> int:
    """The newest run whose method can show the most: tokens before inputs before nothing."""
    order = ("cross_attention", "modality_attention", "gated")
    ranks = [order.index(s.method) if s.method in order else len(order) for s in runs]
    return ranks.index(min(ranks))
