"""The applications, each as a card: question, what there is to see, and what it cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from mmcore.base.languages import language
from mmcore.base.settings import _
from mmcore.cohorts import samples
from mmcore.cohorts.samples import build_sample
from mmcore.figures.case_strip import strip
from pages.frame import navigation
from pages.parts import chart

_FEW = 8  # cases drawn to find one that has all its inputs


@dataclass(frozen=True)
class Opening:
    """A page that shows the point of a cohort. words: of its link."""

    page: str
    words: str
    cohort: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Application:
    """icon: as `:material/...:`. real: whether people stand behind the cases. views: the first is the main one."""

    title: str
    icon: str
    question: str
    shows: str
    limits: str
    real: bool
    views: tuple[Opening, ...]

    @property
    def cohort(self) -> str:
        return self.views[0].cohort


def applications() -> list[Application]:
    """In the order of the source article."""
    return [_images(), _records(), _treatments(), _risk(), _rehabilitation(), _research()]


def _images() -> Application:
    return Application(
        _("Image analysis"),
        ":material/radiology:",
        _("Is there a nodule on this CT, and is it malignant?"),
        _(
            "In these made-up cases a hazy halo around a nodule means inflammation if the report tells of fever, "
            "and a tumour if it does not: neither the image nor the report settles it alone. The outline of each "
            "nodule is known, so you can see whether a model looks at it."
        ),
        _("Whether it would work on a scanner's images: these slices are drawn by a program."),
        False,
        (
            Opening("case", _("Open a case with its nodule"), "lung", {"case": "lung-0004"}),
            Opening("compare", _("What the report adds to the image"), "lung"),
        ),
    )


def _records() -> Application:
    return Application(
        _("Record analysis"),
        ":material/clinical_notes:",
        _("What does the note add to film, ECG and laboratory values?"),
        _(
            "In these made-up cases ST elevation in the ECG counts as an infarction only together with chest pain "
            "in the note. Attention shows which words, seconds and regions a model weighs, and tests show whether "
            "to believe that."
        ),
        _("What should be done, and whether it would work on real notes: these are short and in plain English."),
        False,
        (
            Opening("attention", _("See what it attends to"), "heart", {"case": "heart-0005"}),
            Opening("features", _("What is read from the note"), "heart", {"case": "heart-0005"}),
        ),
    )


def _treatments() -> Application:
    return Application(
        _("Treatments of the next day"),
        ":material/medication:",
        _("Which treatments does the next day on the ward bring?"),
        _(
            "Several treatments at once, from note, vital signs and laboratory values. In these made-up "
            "cases falling blood pressure leads to fluids, but to a diuretic where the note tells of "
            "heart failure: no input settles that alone. Each treatment has its own score; the average "
            "over all of them stands beside the best score possible."
        ),
        _(
            "What is right for a patient: these cases are drawn by a program, and what was given "
            "need not be what helps."
        ),
        False,
        (
            Opening("compare", _("What putting them together brings"), "ward"),
            Opening("what_if", _("Change the note and watch the predictions"), "ward", {"case": "ward-0002"}),
        ),
    )


def _risk() -> Application:
    return Application(
        _("Risk of diabetes"),
        ":material/trending_up:",
        _("Who will have diabetes, and when?"),
        _(
            "A day of glucose readings, the note and a few values. In these made-up cases a rise at night matters "
            "only in people who sleep at night, and only the note tells who does. Beside it, 442 real patients: "
            "how far did their disease progress in a year?"
        ),
        _("What would happen if somebody lived differently: it predicts risk, not causes."),
        False,
        (
            Opening("attention", _("See what it attends to"), "diabetes", {"case": "diabetes-0007"}),
            Opening("case", _("Look at a day of glucose"), "diabetes", {"case": "diabetes-0007"}),
            Opening("compare", _("Real patients: are all inputs needed?"), "diabetes_progression"),
        ),
    )


def _rehabilitation() -> Application:
    return Application(
        _("Rehabilitation"),
        ":material/directions_walk:",
        _("How much will this plan of exercises bring, and would another bring more?"),
        _(
            "Gait before and during treatment, the plan as text, some values; the target is the gain in "
            "the six-minute walk test. A plan helps if it trains what the recordings show to be "
            "impaired. Change its words on the What if page."
        ),
        _(
            "What a treatment causes: a model says what usually comes with a plan. The two are the "
            "same here only because the cases were made so."
        ),
        False,
        (
            Opening("what_if", _("Change the plan on the What if page"), "rehab", {"case": "rehab-0002"}),
            Opening("case", _("Look at a gait"), "rehab", {"case": "rehab-0002"}),
        ),
    )


def _research() -> Application:
    return Application(
        _("Research"),
        ":material/biotech:",
        _("Which measures of cell nuclei tell benign from malignant, and how sure is that?"),
        _(
            "569 real fine-needle aspirates, their nuclei measured three ways: mean, spread (standard "
            "error), worst. The Audit page shows what could mislead, the Compare page whether more than "
            "one way is needed, and the report puts it in writing."
        ),
        _("Whether it holds elsewhere: one hospital, one microscope, the early nineties."),
        True,
        (
            Opening("compare", _("Is more than one of the three ways needed?"), "breast_cancer"),
            Opening("audit", _("What could mislead"), "breast_cancer"),
        ),
    )


def show(application: Application) -> None:
    """One card; without links where its cohort cannot be opened here."""
    with st.container(border=True, gap="small", height="stretch"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"{application.icon} **{application.title}**")
            _badge(application.real)
        st.markdown(f"## {application.question}")
        _picture(application.cohort)
        st.markdown(application.shows)
        st.caption(_("**It cannot tell:** {limits}").format(limits=application.limits))
        for view in application.views:
            _link(view)


def _picture(cohort: str) -> None:
    """The inputs of its first complete case."""
    if cohort in samples:
        drawing = _strip(cohort, language())
        chart.show(drawing, key=f"inputs-{cohort}", alt=_("The inputs of a case"))


@st.cache_data(max_entries=8, show_spinner=False)
def _strip(cohort: str, language: str) -> str:
    return strip(build_sample(cohort, _FEW), _("The inputs of a case"))


def _badge(real: bool) -> None:
    if real:
        st.badge(_("Real data"), icon=":material/groups:", color="green")
    else:
        st.badge(_("Synthetic data"), icon=":material/science:", color="orange")


def _link(view: Opening) -> None:
    """To another cohort: nothing of what is looked at now is taken along."""
    path = navigation.path_of(view.page)
    if path is None or view.cohort not in samples:
        return
    icon = navigation.icon_of(path)
    st.page_link(path, label=view.words, icon=icon, query_params={"cohort": view.cohort, **view.options})
