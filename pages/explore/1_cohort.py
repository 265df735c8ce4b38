"""The table of cases with filters, the balance of the target, which inputs are missing, and how values are spread."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore.base.settings import _, counted
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort
from mmcore.figures import case_table, column_distributions
from mmcore.figures import cohort as drawn
from pages.frame import cohort_picker, navigation, page, url_state
from pages.frame.markdown import escape
from pages.parts import chart


def main() -> None:
    cohort = url_state.cohort()
    problems(cohort)
    left, right = st.columns([1, 1], gap="medium")
    with left.container(border=True, height="stretch"):
        balance(cohort)
        if not drawn.few_patterns(cohort):
            facts(cohort)
    with right.container(border=True, height="stretch"):
        chart.show(
            drawn.missing(cohort),
            key="missing",
            data=drawn.missing_table(cohort),
            title=_("Inputs that are there together"),
            note=drawn.patterns_note(cohort),
            alt=_("Patterns of missing inputs and the number of cases of each"),
        )
        if drawn.few_patterns(cohort):
            facts(cohort)
    st.space("small")
    table(cohort)
    st.space("small")
    distributions(cohort)


def problems(cohort: Cohort) -> None:
    if cohort.problems:
        with st.expander(
            counted(
                len(cohort.problems),
                "{count} thing to know about these files",
                "{count} things to know about these files",
            ),
            icon=":material/warning:",
            expanded=bool(cohort.leaks),
        ):
            for sentence in cohort.problems[:50]:
                st.markdown("- " + page.escape(sentence))
            if len(cohort.problems) > 50:
                st.caption(_("and {count} more").format(count=len(cohort.problems) - 50))
            if cohort.leaks:
                leaking(cohort)


def leaking(cohort: Cohort) -> None:
    """Where columns were left out as leaks, a text that was found beside them may tell the target as well."""
    texts = [name for name, spec in cohort.inputs.items() if spec.kind is Kind.TEXT]
    if texts:
        st.markdown(
            _(
                "**Texts may tell the target too: {names}.** A report written about the same finding gives the answer "
                "away without any column doing so alone. Leave such an input out, or train on each input by itself and "
                "mistrust one that is right nearly always."
            ).format(names=escape(", ".join(texts)))
        )
    cohort_picker.offer_roles(cohort)


def balance(cohort: Cohort) -> None:
    if cohort.schema.task is None:
        st.markdown(_("**No target**"))
        st.caption(
            _(
                "These cases carry no target: they can be looked at and predicted on. "
                "Name a target column when opening the cohort to train on it."
            )
        )
        return
    data = drawn.balance_table(cohort) if cohort.schema.classes else pd.DataFrame({cohort.schema.target: cohort.target})
    chart.show(
        drawn.balance(cohort),
        key="balance",
        data=data,
        title=_("Target: {name}").format(name=cohort.schema.target),
        note=_("cases in each class") if cohort.schema.classes else _("its distribution"),
        alt=_("Balance of the target {name}").format(name=cohort.schema.target),
    )


def facts(cohort: Cohort) -> None:
    st.table({name: escape(told) for name, told in drawn.facts(cohort)}, border="horizontal")


@st.cache_data(max_entries=8, show_spinner=False)
def rows_of(source: str, roles: str, key: str, _known: Cohort) -> pd.DataFrame:
    return case_table.listing(_known)


def table(cohort: Cohort) -> None:
    frame = rows_of(url_state.cohort_source(), url_state.roles_text(), f"{len(cohort)}-{len(cohort.problems)}", cohort)
    inputs = list(cohort.inputs)
    shown = filters(cohort, frame, inputs)
    st.caption(
        _("{shown} of {count} cases. Click a row to open the case.").format(shown=len(shown), count=len(frame))
        if len(shown)
        else _("No case matches. Loosen the filters above.")
    )
    config = {
        name: st.column_config.TextColumn(name, help=_("Is {input} there?").format(input=escape(name)), width="small")
        for name in inputs
    }
    config |= {
        c: st.column_config.NumberColumn(c, format="%.4g") for c in shown.select_dtypes("number") if c not in inputs
    }
    picked = st.dataframe(
        shown.assign(**{name: shown[name].map({True: "●", False: None}) for name in inputs}),
        key="cases",
        height=420,
        column_config=config,
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        placeholder="–",
        alt=_("Table of the cases"),
    )
    rows = list(picked.selection.rows) or [cell[0] for cell in picked.selection.cells]
    if rows and rows[0] < len(shown):
        url_state.choose_case(str(shown.index[rows[0]]))
        st.switch_page(navigation.path_of("case"), query_params=url_state.link())


def filters(cohort: Cohort, frame: pd.DataFrame, inputs: list[str]) -> pd.DataFrame:
    """The rows that pass the filters; each filter is part of the address."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            _("Search"),
            value=url_state.bind("q", ""),
            placeholder=_("words in any column"),
            icon=":material/search:",
            key="filter-q",
        )
        targets = []
        if cohort.schema.classes:
            now = [c for c in url_state.bind("target", []) if c in cohort.schema.classes]
            targets = st.multiselect(
                _("Target"), cohort.schema.classes, default=now, placeholder=_("any"), key="filter-target"
            )
        everything = {"*": _("all inputs there"), **{name: _("{input} missing").format(input=name) for name in inputs}}
        now = [name for name in url_state.bind("missing", []) if name in everything]
        lacking = st.multiselect(
            _("Missing"),
            list(everything),
            default=now,
            format_func=everything.get,
            placeholder=_("any"),
            key="filter-missing",
        )
    for name, value in (("q", search), ("target", targets), ("missing", lacking)):
        url_state.set(name, value or None)
    return case_table.filtered(
        frame, search, targets, [name for name in lacking if name != "*"], "*" in lacking, inputs
    )


def distributions(cohort: Cohort) -> None:
    columns = column_distributions.drawable(cohort)
    if not columns:
        return
    st.subheader(_("How values are spread"), anchor=False)
    st.caption(_("Each class as a share of its own cases, so that classes of different size compare."))
    legend(cohort)
    with st.grid(3, min_column_width=260):
        for column in columns[:12]:
            with st.container(border=True):
                chart.show(
                    column_distributions.spread(cohort, column),
                    key=f"spread-{column}",
                    data=cohort.table[[column]],
                    title=column,
                    note=drawn.unit_of(cohort, column),
                    alt=_("Distribution of {column} by class").format(column=column),
                )


def legend(cohort: Cohort) -> None:
    if cohort.schema.classes:
        st.html(drawn.class_legend(cohort.schema.classes))


page.page(
    _("Cohort"),
    _("Every case with its inputs and target. Filter, look for what is missing, open a case."),
    ":material/table_view:",
)
with page.guard():
    main()
