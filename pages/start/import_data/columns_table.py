"""The table of columns: what each is taken for and why, every one changeable by a menu."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from mmcore.base.name_lists import first_of
from mmcore.base.settings import _, counted
from mmcore.cohorts.importing import COLUMN_ROLES, Proposal, changed
from mmcore.cohorts.roles import MEMBERS, Roles
from pages.start.import_data import source

_ROW, _HEADER, _TALLEST = 35, 38, 640  # pixels
_NARROW, _WIDE, _LETTER = 92, 380, 8  # pixels: least and most for a name, and what a letter of it takes
_NO_KIND = "–"


def roles_in_words() -> dict[str, str]:
    """Role -> how it is called."""
    return {
        "input": _("input"), "target": _("target"), "group": _("group"), "id": _("id"), "event": _("event"),
        "time": _("time of event"), "split": _("split"), "mask": _("mask"), "left out": _("left out"),
    }  # fmt: skip


def kinds_in_words() -> dict[str, str]:
    """Kind of a column -> how it is called."""
    return {
        "number": _("number"), "category": _("category"), "text": _("text"), "image": _("image"), "signal": _("signal")
    }  # fmt: skip


def show(proposal: Proposal) -> None:
    """Every column in one table; the chosen part of them first where there are many."""
    shown = _chosen(proposal)
    frame = _frame(proposal, shown)
    key = f"import-columns-{source.turn()}"
    role, input, kind, unit = frame.columns[1:5]
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        height=min(_TALLEST, _HEADER + _ROW * len(frame)),
        row_height=_ROW,
        num_rows="fixed",
        disabled=[frame.columns[0], *frame.columns[5:]],
        column_config={
            frame.columns[0]: st.column_config.TextColumn(pinned=True, width=_width(frame.iloc[:, 0])),
            role: st.column_config.SelectboxColumn(options=list(roles_in_words().values()), required=True, width=92),
            input: st.column_config.TextColumn(
                width=74,
                help=_(
                    "Columns of numbers and categories that share a name here form one input. "
                    "For a mask: the input whose pictures it outlines."
                ),
            ),
            kind: st.column_config.SelectboxColumn(options=[_NO_KIND, *kinds_in_words().values()], width=86),
            unit: st.column_config.TextColumn(width=62),
            frame.columns[5]: st.column_config.NumberColumn(width=66, format="localized"),
            frame.columns[6]: st.column_config.TextColumn(width=306),
            frame.columns[7]: st.column_config.TextColumn(width=104),
        },
        on_change=_take,
        args=(proposal, shown, key),
    )


def _width(names: pd.Series) -> int:
    longest = max(map(len, names), default=0)
    return min(_WIDE, max(_NARROW, _LETTER * longest))


def _chosen(proposal: Proposal) -> list[int]:
    """Positions of the columns that are shown."""
    everyone = range(len(proposal.columns))
    if len(proposal.columns) <= 20:
        return list(everyone)
    words = {"all": _("All"), "input": _("Inputs"), "left out": _("Left out"), "other": _("Others")}
    of = [c.role if c.role in ("input", "left out") else "other" for c in proposal.columns]
    counts = {"all": len(of), **{name: of.count(name) for name in ("input", "left out", "other")}}
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        part = st.segmented_control(
            _("Columns shown"), list(words), default="all", required=True, key="import-part",
            format_func=lambda name: f"{words[name]} ({counts[name]:,})",
        )  # fmt: skip
        name = st.text_input(_("Name contains"), key="import-name", placeholder=_("part of a name"), width=260)
    chosen = [
        i for i in everyone if part in ("all", of[i]) and name.strip().casefold() in proposal.columns[i].name.casefold()
    ]
    if not chosen:
        st.caption(_("No column has such a name."))
    return chosen


def _frame(proposal: Proposal, shown: list[int]) -> pd.DataFrame:
    roles, kinds = roles_in_words(), kinds_in_words()
    columns = [proposal.columns[i] for i in shown]
    return pd.DataFrame(
        {
            _("Column"): [c.name for c in columns],
            _("Role"): [roles[c.role] for c in columns],
            _("Input"): [c.input for c in columns],
            _("Kind"): [kinds.get(c.kind, _NO_KIND) for c in columns],
            _("Unit"): [c.unit for c in columns],
            _("Missing"): [c.missing for c in columns],
            _("Why"): [c.reason for c in columns],
            _("Examples"): [" · ".join(c.examples) for c in columns],
        }
    )


def _take(proposal: Proposal, shown: list[int], key: str) -> None:
    """Make what was changed in the browser part of what is said of the columns."""
    edited: dict[int, dict[str, Any]] = st.session_state[key]["edited_rows"]
    for row, cells in edited.items():
        proposal = replace(proposal, roles=_with(proposal, proposal.columns[shown[int(row)]].name, cells))
    source.choose(proposal.roles)


def _with(proposal: Proposal, column: str, cells: dict[str, Any]) -> Roles:
    by_role = {word: name for name, word in roles_in_words().items()}
    by_kind = {word: name for name, word in kinds_in_words().items()}
    roles = proposal.roles
    if (role := by_role.get(cells.get(_("Role"), ""))) in COLUMN_ROLES:
        roles = changed(proposal, column, role)
    kind, input = by_kind.get(cells.get(_("Kind"), ""), ""), str(cells.get(_("Input")) or "").strip()
    if kind in MEMBERS or input:
        roles = changed(proposal, column, kind=kind, input=input)
    if _("Unit") in cells:
        roles = roles.model_copy(update={"units": {**roles.units, column: str(cells[_("Unit")] or "").strip()}})
    return roles


def left_out(proposal: Proposal) -> None:
    """What is left out, by reason."""
    reasons = proposal.left_out
    count = sum(map(len, reasons.values()))
    if not count:
        return
    with st.expander(
        counted(count, "{count} column is left out", "{count} columns are left out"), icon=":material/visibility_off:"
    ):
        table = [
            {_("Why"): why, _("Columns"): len(names), _("Which"): first_of(names, 30)}
            for why, names in sorted(reasons.items(), key=lambda pair: -len(pair[1]))
        ]
        st.dataframe(pd.DataFrame(table), hide_index=True)
