"""Which runs stand side by side: those of one setting, the newest of each method, or what the reader chooses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

import streamlit as st

from mmcore.base.settings import _, counted
from mmcore.evaluation import better
from mmcore.runs import Run, RunSummary
from pages.frame import caches, linked, url_state
from pages.parts.run_result import seeds_of, split_name
from pages.study.compare import runs_table


class Setup(NamedTuple):
    """What runs must share to stand side by side."""

    folds: int
    seeds: int
    split: str


def setup_of(summary: RunSummary) -> Setup:
    return Setup(summary.folds, summary.seeds, summary.split)


def setup(summaries: Sequence[RunSummary], encoded_as_chosen: Collection[str]) -> Setup | None:
    """The setting compared: what was picked, else where most methods were run, of equals the one with more seeds; None
    without runs.

    encoded_as_chosen: keys of the runs that have the encoders chosen now; these count first.
    """
    methods = Counter(setup for setup, _method in {(setup_of(s), s.method) for s in summaries})
    if len(methods) < 2:
        return next(iter(methods), None)
    fitting = Counter(
        setup for setup, _method in {(setup_of(s), s.method) for s in summaries if s.key in encoded_as_chosen}
    )
    by_code = {
        "-".join(map(str, setup)): setup
        for setup in sorted(methods, key=lambda setup: (-fitting[setup], -methods[setup], -setup.seeds))
    }

    def in_words(code: str) -> str:
        setup = by_code[code]
        return counted(
            methods[setup],
            "{folds} {split}, {seeds} ({count} run)",
            "{folds} {split}, {seeds} ({count} runs)",
            folds=setup.folds,
            split=split_name(setup.split, setup.folds),
            seeds=seeds_of(setup.seeds),
        )

    code = linked.choice(
        st.selectbox, _("Setting"), by_code, "setup", format_func=in_words, key="compare-setup", width=460
    )
    return by_code[code]


def runs(summaries: Sequence[RunSummary], encoded_as_chosen: Collection[str]) -> list[Run]:
    """The runs to show, the fusions first and the best of them on top: the newest of each method over all inputs,
    unless the reader picks others in the table of all runs, which this draws."""
    newest = _newest(summaries, encoded_as_chosen)
    by_key = {summary.key: summary for summary in summaries}
    linked_keys = [key for part in url_state.parameter("shown", []) for key in by_key if key.startswith(part)]
    with st.expander(
        counted(
            len(summaries), "The only run is shown", "{shown} of {count} runs shown", shown=len(linked_keys or newest)
        ),
        icon=":material/checklist:",
        expanded=bool(linked_keys),  # the way back to all of them stays in sight
    ):
        chosen = linked_keys or newest
        runs_table.show(summaries, chosen, usual=newest)
    return [caches.run(key) for key in sorted(chosen, key=lambda key: (by_key[key].single_input, -_score(by_key[key])))]


def over_most_inputs(summaries: Sequence[RunSummary]) -> list[RunSummary]:
    """Single inputs, and fusions of the most inputs that any run fuses: one of a pair is another question."""
    most = max((len(summary.inputs) for summary in summaries), default=0)
    return [summary for summary in summaries if summary.single_input or len(summary.inputs) == most]


def _newest(summaries: Sequence[RunSummary], encoded_as_chosen: Collection[str]) -> list[str]:
    """Keys of the newest run of each method, with the encoders chosen now where any fusion has them; one trained
    without modality dropout, or tuned, only where there is no other."""
    offered = over_most_inputs(summaries)
    fitting = [summary for summary in offered if summary.key in encoded_as_chosen]
    if not all(summary.single_input for summary in fitting):
        offered = fitting
    elif len(fitting) < len(offered):
        st.info(
            _("No fusion was trained with the encoders chosen now: some or all of the runs below used others."),
            icon=":material/info:",
        )
    return list({summary.method: summary.key for summary in sorted(offered, key=_usual)}.values())


def _usual(summary: RunSummary) -> tuple[bool, bool, float]:
    """The run of a method to begin with comes last."""
    spec = caches.run_spec(summary.key)
    return not spec.training_by_fold, spec.training.modality_dropout > 0, summary.created


def _score(summary: RunSummary) -> float:
    """Mean of the metric the run is judged by, so that more is better."""
    return better(summary.metric)(summary.mean)
