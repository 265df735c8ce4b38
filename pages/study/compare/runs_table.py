"""All runs of the cohort as a table: what each is, in which settings they differ, notes and tags, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from mmcore import runs
from mmcore.base.capitals import capitalised
from mmcore.base.csv_text import without_formulas
from mmcore.base.errors import MMError
from mmcore.base.name_lists import list_of
from mmcore.base.score_digits import with_ends, written
from mmcore.base.settings import _, counted
from mmcore.evaluation import metric_label
from mmcore.figures.comparison import method_name
from mmcore.runs import Remarks, RunSummary, differing_settings
from pages.frame import caches, page, url_state
from pages.frame.markdown import escape

_LOOKED_AT = 200  # newest runs whose settings are read
_MAY_BE_EMPTY = ("differs", "tags", "note")  # columns left out where no row has anything to say


def show(summaries: Sequence[RunSummary], shown: Sequence[str], usual: Sequence[str]) -> None:
    """The table and, for the rows selected, what can be done.

    shown: keys of the runs that stand side by side. usual: those that do where nobody picks.
    """
    listed = list(summaries)[:_LOOKED_AT]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(_("Tick rows to compare only those, to add a note, or to delete them."), width="content")
        if len(listed) < len(summaries):
            st.caption(
                _("The newest {shown} of {count} runs are listed.").format(shown=len(listed), count=len(summaries)),
                width="content",
            )
        if set(shown) != set(usual):
            st.button(
                _("Back to the newest of each method"),
                icon=":material/undo:",
                key="runs-usual",
                on_click=url_state.set_parameter,
                args=("shown", None),
            )
    rows = frame(listed, shown)
    event = st.dataframe(
        without_formulas(rows),
        hide_index=True,
        column_order=[name for name in rows if name not in _MAY_BE_EMPTY or rows[name].any()],
        key=f"runs-table-{len(listed)}-{hash(tuple(shown))}",  # what was ticked is done with once others are shown
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            "shown": st.column_config.CheckboxColumn(_("Shown"), width=60, pinned=True),
            "method": st.column_config.TextColumn(_("Method"), width=135, pinned=True),
            "score": st.column_config.TextColumn(_score_title(listed), width=160),
            "created": st.column_config.DatetimeColumn(_("Trained"), format="YYYY-MM-DD HH:mm", width=130),
            "differs": st.column_config.TextColumn(_("Differs in"), width="medium"),
            "tags": st.column_config.TextColumn(_("Tags"), width=130),
            "note": st.column_config.TextColumn(_("Your note"), width=280),
            "inputs": st.column_config.TextColumn(_("Inputs"), width=160),
            "encoders": st.column_config.TextColumn(_("Encoders"), width=170),
        },
        alt=_("Table of the trained runs"),
    )
    chosen = [listed[row] for row in event.selection.rows if row < len(listed)]
    if chosen:
        with page.guard():
            _act(chosen)


def frame(summaries: Sequence[RunSummary], shown: Sequence[str]) -> pd.DataFrame:
    """A row a run, newest first."""
    specs = [caches.run_spec(summary.key) for summary in summaries]
    rows = []
    for summary, spec, differs in zip(summaries, specs, differing_settings(specs), strict=True):
        noted = runs.store().remarks(summary.key)
        rows.append(
            {
                "shown": summary.key in shown,
                "method": method_name(summary.method),
                "score": with_ends(summary.mean, summary.low, summary.high),
                "created": datetime.fromtimestamp(summary.created),
                "differs": list_of(f"{name} {value}" for name, value in differs.items()),
                "tags": ", ".join(noted.tags),
                "note": noted.note,
                "inputs": list_of(summary.inputs),
                "encoders": list_of(dict.fromkeys(choice.name for choice in spec.encoders.values())),
            }
        )
    return pd.DataFrame(rows, index=[summary.key for summary in summaries])


def _score_title(summaries: Sequence[RunSummary]) -> str:
    return _("{metric}, 95% interval").format(metric=metric_label(summaries[0].metric)) if summaries else _("Score")


def _act(chosen: Sequence[RunSummary]) -> None:
    """Buttons for the rows selected; a note where it is a single one."""
    keys = [summary.key for summary in chosen]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(_("Compare only these"), icon=":material/filter_alt:", key="runs-only"):
            url_state.set_parameter("shown", [key[:8] for key in keys])
            st.rerun()
        if len(chosen) == 1 and st.button(
            _("Show it on all pages"), icon=":material/visibility:", key="runs-everywhere"
        ):
            url_state.choose_run(keys[0][:10])
            st.toast(_("{method} is shown on all pages now.").format(method=capitalised(method_name(chosen[0].method))))
        if st.button(_("Delete…"), icon=":material/delete:", key="runs-delete"):
            _ask(chosen)
    if len(chosen) == 1:
        _note(keys[0])


def _note(key: str) -> None:
    noted = runs.store().remarks(key)
    with st.form(f"runs-note-{key[:8]}", border=False):
        tags = st.text_input(_("Tags, separated by commas"), ", ".join(noted.tags))
        note = st.text_area(_("Your note"), noted.note, height=80, max_chars=runs.remarks.MOST)
        if st.form_submit_button(_("Save the note"), icon=":material/save:"):
            runs.store().remark(key, Remarks.of(note, tags))
            st.rerun()


def _ask(chosen: Sequence[RunSummary]) -> None:
    """Once more, since nothing brings a run back but training it again."""

    @st.dialog(counted(len(chosen), "Delete {count} run?", "Delete {count} runs?"))
    def ask() -> None:
        st.markdown("\n".join(_line(summary) for summary in chosen))
        st.markdown(_("Models, results and notes are removed for good. To have them again, you must train again."))
        if st.button(_("Delete for good"), type="primary", icon=":material/delete_forever:", key="runs-delete-yes"):
            _delete(chosen)
            st.rerun()

    ask()


def _line(summary: RunSummary) -> str:
    """A run as the table names it: method, score and when it was trained."""
    score, trained = f"{metric_label(summary.metric)} {written(summary.mean)}", datetime.fromtimestamp(summary.created)
    return f"- {escape(method_name(summary.method))} · {score} · {trained:%Y-%m-%d %H:%M}"


def _delete(chosen: Sequence[RunSummary]) -> None:
    for summary in chosen:
        try:
            runs.store().delete(summary.key)
        except MMError:
            continue  # gone already, which is what was wanted
    caches.run.clear()
    left = {summary.key[:8] for summary in chosen}
    shown = [part for part in url_state.parameter("shown", []) if part not in left]
    url_state.set_parameter("shown", shown or None)
    current = url_state.run_key()
    if current and any(summary.key.startswith(current) for summary in chosen):
        url_state.choose_run(None)
