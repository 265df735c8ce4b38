"""What this is, the pipeline with the present choices in it, the cohort at a glance, and where to go next."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort
from mmcore.figures import cohort as drawn
from mmcore.figures.pipeline import pipeline
from pages.frame import own_case, page, url_state
from pages.frame.markdown import escape
from pages.frame.page import Page
from pages.parts import chart, run_picker
from pages.start.overview import pipeline_lanes

PAGE = Page(
    _("Overview"),
    ":material/home:",
    _("Bring images, notes, signals and values of the same patients together, see what each adds, how sure that is."),
    heading=_("Fusionscope"),
)
NEXT = (
    ("cohort", _("Look at the cases"), _("Filter the table, see class balance and which inputs are missing.")),
    ("case", _("Open one case"), _("Image, note, signal and values as each deserves; or upload your own.")),
    ("features", _("See what encoders extract"), _("What each encoder says of the case, and a map of the cohort.")),
    ("train", _("Train a fusion model"), _("Pick a method, watch the curves. Seconds, not hours.")),
    ("attention", _("See where it attends"), _("Weights per input, on the image, the words, the seconds.")),
    ("compare", _("Compare methods"), _("Single inputs against fusion, with honest error bars.")),
)


def main() -> None:
    cohort = url_state.cohort()
    case = own_case.current_case()
    run, trained = pipeline_lanes.run(cohort), len(run_picker.summaries(cohort))
    if run is None and (named := url_state.run_key()):
        st.info(
            _("The run {key} is not one of this cohort; none is shown.").format(key=escape(named[:8])),
            icon=":material/info:",
        )
    glance(cohort)
    st.space("small")
    with st.container(border=True):
        chart.show(
            pipeline(pipeline_lanes.lanes(cohort, case, run), **pipeline_lanes.fusion_and_output(cohort, run, trained)),
            key="pipeline",
            title=_("The pipeline, as chosen now"),
            note=_("{case}. Each input keeps its colour on every page.").format(
                case=_("Your own case") if case.id == own_case.OWN else _("Case {id}").format(id=case.id)
            ),
            alt=_("The pipeline as chosen now"),
        )
        if run is None and trained:
            words = counted(
                trained, "{count} trained run: open it on the Compare page", "{count} trained runs: choose one"
            )
            page.link("compare", words)
        elif run is None:
            page.link("train", _("No run of this cohort is trained yet: train one"))
    st.space("small")
    st.subheader(_("Where to go next"), anchor=False)
    where_next()
    about(cohort)


def glance(cohort: Cohort) -> None:
    with st.grid(4, min_column_width=170, border=True):
        st.metric(_("Cases"), f"{len(cohort):,}")
        st.metric(
            _("Inputs"),
            len(cohort.inputs),
            help=escape(", ".join(f"{name} ({spec.kind})" for name, spec in cohort.inputs.items())),
        )
        st.metric(
            _("Inputs missing"),
            f"{drawn.missing_share(cohort):.0%}",
            help=_("Share of all inputs of all cases that are not there."),
        )
        if cohort.schema.task == "regression":
            st.metric(_("Target"), cohort.schema.target or "")
        elif cohort.schema.classes:
            balance = drawn.balance_table(cohort)
            if cohort.schema.task == "binary":
                positive = cohort.schema.classes[1]
                share = balance.set_index("class")["share"].get(positive, 0.0)
                st.metric(
                    escape(positive.replace("_", " ").capitalize()),
                    f"{share:.0%}",
                    help=_("Share of cases of the positive class of '{target}'.").format(
                        target=escape(cohort.schema.target)
                    ),
                )
            else:
                st.metric(_("Classes"), len(cohort.schema.classes), help=escape(", ".join(cohort.schema.classes)))
        else:
            st.metric(
                _("Target"),
                _("none"),
                help=_("Without a target the cohort can be looked at and predicted on, not trained on."),
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
