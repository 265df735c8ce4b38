"""The answer for the present case in the picture of the pipeline, where to go next, and the cohort at a glance."""

from __future__ import annotations

import streamlit as st

from mmcore.base.kind_names import kind_name
from mmcore.base.name_lists import list_of
from mmcore.base.number_text import percent
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.figures import cohort as drawn
from pages.frame import own_case, page, tour, url_state
from pages.frame.markdown import escape
from pages.frame.page import Page

PAGE = Page(
    _("Overview"),
    ":material/home:",
    _(
        "Bring together images, notes, signals and values of the same patients. See what each "
        "adds, and how sure that is."
    ),
    heading=_("Fusionscope"),
)
NEXT = (
    (
        "cohort",
        _("Look at the cases"),
        _("Filter the table; see how many cases each class has and which inputs are missing."),
    ),
    (
        "case",
        _("Open one case"),
        _("Image, note, signal and values, each drawn in its own way; or upload your own case."),
    ),
    ("features", _("See what encoders extract"), _("What each encoder reads from the case, and a map of the cohort.")),
    ("train", _("Train a fusion model"), _("Pick a method and watch it learn, usually within seconds.")),
    ("attention", _("See where it attends"), _("Which parts of the image, which words and which seconds weigh most.")),
    ("compare", _("Compare methods"), _("Single inputs against fusion, each with its margin of error.")),
)


def main() -> None:
    cohort = url_state.cohort()
    case = own_case.current_case()
    tour.offer()
    first = st.container()
    st.space("small")
    st.header(_("Where to go next"), anchor=False)
    where_next()
    st.space("small")
    st.header(_("The cohort"), anchor=False)
    glance(cohort)
    over_time = st.container()
    about(cohort)
    from pages.start.overview import answer, follow_up  # they take seconds to import: the page stands meanwhile

    with first:
        answer.show(cohort, case)
    if cohort.schema.task == "survival":
        with over_time:
            follow_up.show(cohort)


def glance(cohort: Cohort) -> None:
    with st.grid(4, min_column_width=170, border=True):
        st.metric(_("Cases"), f"{len(cohort):,}")
        st.metric(
            _("Inputs"),
            len(cohort.inputs),
            help=escape(list_of(f"{name} ({kind_name(spec.kind)})" for name, spec in cohort.inputs.items())),
        )
        st.metric(
            _("Inputs missing"),
            percent(drawn.missing_share(cohort)),
            help=_("Share of all inputs of all cases that are missing."),
        )
        if cohort.schema.task == "regression":
            st.metric(_("Target"), cohort.schema.target or "")
        elif cohort.schema.classes:
            balance = drawn.balance_table(cohort)
            if cohort.schema.task == "survival":
                st.metric(
                    _("Event seen"),
                    percent(float((cohort.strata[cohort.labelled] == 1).mean())),
                    help=_(
                        "Share of cases in which the event was seen; the others were followed for a while without it."
                    ),
                )
            elif cohort.schema.task == "binary":
                positive = cohort.schema.classes[1]
                share = balance.set_index("class")["share"].get(positive, 0.0)
                st.metric(
                    escape(positive.replace("_", " ").capitalize()),
                    percent(share),
                    help=_("Share of cases of the positive class of '{target}'.").format(
                        target=escape(cohort.schema.target)
                    ),
                )
            else:
                several = cohort.schema.task == "multilabel"
                st.metric(
                    _("Labels") if several else _("Classes"),
                    len(cohort.schema.classes),
                    help=escape(list_of(cohort.schema.classes)),
                )
        else:
            st.metric(
                _("Target"),
                _("none"),
                help=_(
                    "Without a target you can look at the cases and apply finished models to them, but not "
                    "train on them."
                ),
            )


def where_next() -> None:
    with st.grid(3, min_column_width=240):
        for name, title, lead in NEXT:
            with st.container(border=True, gap="xsmall", height="stretch"):
                page.link(name, f"**{title}**")
                st.caption(lead)


def about(cohort: Cohort) -> None:
    facts = [
        (_("Description"), cohort.schema.description),
        (_("Licence"), cohort.schema.licence),
        (_("Citation"), cohort.schema.citation),
    ]
    if any(text for _name, text in facts):
        with st.expander(_("About the cohort"), icon=":material/info:"):
            for name, text in facts:
                if text:
                    st.markdown(f"**{name}.** {escape(text)}")


PAGE.show(main)
