"""One's own data: bring them in, see what every column is taken for, change it, save and open."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore.base.csv_text import without_formulas
from mmcore.base.errors import MMError
from mmcore.base.settings import _, counted
from mmcore.cohorts.importing import Proposal, propose
from mmcore.cohorts.opening import several_tables
from mmcore.deidentification import stated
from pages.frame import caches
from pages.frame.markdown import escape
from pages.frame.page import Page
from pages.start.import_data import choices, columns_table, opening, source

PAGE = Page(
    _("Import"),
    ":material/upload:",
    _("Bring your own table, pictures, recordings and notes; see how each column will be used, and change it."),
    of_cohort=False,
)
_MOST = 60  # sentences


def main() -> None:
    state = source.now()
    if state is None:
        with st.container(border=True):
            source.ask()
        return
    other, failed = st.container(), None
    try:
        with st.spinner(_("Reading the table…")):
            if state["table"] is None and (names := several_tables(state["source"])):
                state["table"] = names[0]
            proposal = proposed(state["source"], state["table"], state["roles"], caches.stamp(state["source"]))
    except MMError as error:
        failed = error
    with other.expander(_("Other data"), icon=":material/upload_file:", expanded=failed is not None):
        source.ask("" if failed is None or state["dropped"] else state["source"])
    if failed is not None:
        st.error(f"**{escape(failed.message)}**  \n{escape(failed.hint)}", icon=":material/error:")
        return
    choose_table(proposal)
    choices.show(proposal)
    if proposal.cohort is not None and proposal.cohort.schema.task is None and not proposal.labels:
        st.info(
            _(
                "Choose the target to learn from these cases. Without one you can look at them and apply "
                "finished models to them."
            ),
            icon=":material/target:",
        )
    if proposal.error is not None:
        st.error(f"**{escape(proposal.error.message)}**  \n{escape(proposal.error.hint)}", icon=":material/error:")
        choices.mend_ids(proposal)
    st.header(_("What the columns are"), anchor=False)
    columns_table.show(proposal)
    columns_table.left_out(proposal)
    cells(proposal)
    problems(proposal)
    if proposal.cohort is not None:
        st.header(_("What will be opened"), anchor=False)
        opening.summary(proposal.cohort)
        opening.buttons(proposal, proposal.cohort, state["dropped"])


@st.cache_resource(max_entries=3, show_spinner=False, scope="session")
def proposed(path: str, table: str | None, roles: str, stamp: tuple[float, ...]) -> Proposal:
    """What is dropped belongs to its session, and so does what was found out about it."""
    return propose(path, caches.read_roles(roles), table)


def choose_table(proposal: Proposal) -> None:
    if len(proposal.tables) > 1:
        st.selectbox(
            _("Table"),
            proposal.tables,
            index=proposal.tables.index(proposal.path.name) if proposal.path.name in proposal.tables else 0,
            key=f"import-table-{source.turn()}",
            on_change=lambda: source.choose_table(st.session_state[f"import-table-{source.turn()}"]),
            width=320,
        )


def cells(proposal: Proposal) -> None:
    """Cells that could not be used, row by row."""
    if not proposal.rows:
        return
    count = len(proposal.rows) + proposal.more_rows
    title = counted(count, "{count} cell cannot be used", "{count} cells cannot be used")
    with st.expander(title, icon=":material/rule:"):
        rows = [(row.row, row.id, row.column, row.cell, row.problem) for row in proposal.rows]
        names = [_("Row"), _("Case"), _("Column"), _("Cell"), _("What happens to it")]
        shown = without_formulas(pd.DataFrame(rows, columns=names))
        st.dataframe(shown, hide_index=True, alt=_("Cells that cannot be used"))
        if proposal.more_rows:
            st.caption(
                counted(
                    proposal.more_rows,
                    "Only the first of each column is listed; {count} more is like them.",
                    "Only the first of each column is listed; {count} more are like them.",
                )
            )


def problems(proposal: Proposal) -> None:
    """What was guessed, converted or left out in reading."""
    sentences = [sentence for sentence in proposal.problems if sentence != stated()]  # that stands beside its switch
    if not sentences:
        return
    title = counted(len(sentences), "{count} thing to know", "{count} things to know")
    with st.expander(title, icon=":material/info:", expanded=len(sentences) < 6):
        for sentence in sentences[:_MOST]:
            st.markdown("- " + escape(sentence))
        if len(sentences) > _MOST:
            st.caption(_("and {count} more").format(count=len(sentences) - _MOST))


PAGE.show(main)
