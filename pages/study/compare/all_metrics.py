"""The table of all metrics of the runs shown."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mmcore import report, studies
from mmcore.base.score_digits import digits_of
from mmcore.base.settings import _
from mmcore.evaluation import metric_label
from mmcore.figures import comparison as drawn
from mmcore.runs import Run
from pages.frame.markdown import escape
from pages.parts import chart
from pages.parts.comparison import label

_FEW = 4  # metrics whose names stand in full


def table(runs: list[Run]) -> None:
    """Scores of all methods; behind a switch what their networks do alone, and what training took."""
    rows = [(label(run, runs), run.metrics, run.parameters, run.seconds) for run in runs]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(_("**All metrics**"), width="stretch")
            models_shown = st.toggle(_("Size and training time"), key="metrics-models", persist_state="session")
            intervals_shown = st.toggle(_("95% intervals"), key="metrics-intervals", persist_state="session")
            chart.download(drawn.metrics_data(rows), _("all metrics"), "all-metrics")
        if models_shown:
            st.caption(
                _(
                    "Network alone: the network's own answer, before it is averaged with that of the "
                    "simple model of each input. Share: how much of the answer is the network's. "
                    "Parameters: numbers learnt by one model. Seconds: to train all of its models."
                )
            )
        frame = drawn.metrics_table(rows, _parts(runs), intervals=intervals_shown)
        scores = [metric_label(name) for name in runs[0].metrics]
        few = len(scores) <= _FEW
        width = 170 if few else 128 if intervals_shown else 69
        look: dict[str, Any] = {"width": width, "alignment": "right"}
        narrow = {
            name: st.column_config.TextColumn(name if intervals_shown or few else shortened(name), help=name, **look)
            for name in scores
        }
        config = narrow | {
            _("Method"): st.column_config.TextColumn(pinned=True, width=140),
            _("Network alone"): st.column_config.NumberColumn(
                format=f"%.{digits_of(runs[0].metrics[runs[0].spec.metric].mean)}f",
                help=metric_label(runs[0].spec.metric),
            ),
            _("Share"): st.column_config.NumberColumn(format="%.2f"),
            _("Parameters"): st.column_config.NumberColumn(format="%,d"),
            _("Seconds"): st.column_config.NumberColumn(format="%.1f"),
        }
        others = [name for name in scores if name != metric_label(runs[0].spec.metric)]
        left_out = others if models_shown else frame.columns.difference([_("Method"), *scores])
        shown = frame.drop(columns=left_out)
        st.dataframe(shown, hide_index=True, column_config=config, alt=_("All metrics of all methods"))
        if without := reasons_without_interval(runs):
            st.caption(escape(" ".join(without)))


def shortened(name: str) -> str:
    """The name of a metric for a narrow column: "Brier score" -> "Brier", "Balanced accuracy" -> "Bal. acc."."""
    name = name.removesuffix(" score")
    return name if len(name) <= 9 else " ".join(f"{word[:3]}." for word in name.split())


def reasons_without_interval(runs: list[Run]) -> list[str]:
    """Why some metrics have no interval, a sentence for each reason."""
    notes = [(interval.note, name) for run in runs for name, interval in run.metrics.items()]
    return [sentence for sentence in dict.fromkeys(report.no_interval(*note) for note in notes) if sentence]


def _parts(runs: list[Run]) -> list[tuple[float | None, float]]:
    """Of each method the score of its networks alone, and their share in its answers."""
    parts = [studies.method_parts(run) for run in runs]
    return [
        (None if part["network_alone"] is None else part["network_alone"][run.spec.metric], part["network_share"])
        for run, part in zip(runs, parts, strict=True)
    ]
