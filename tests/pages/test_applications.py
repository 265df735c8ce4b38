"""Protects the cards of applications: each opens a cohort that there is, on a page that there is."""

from __future__ import annotations

import pytest

from mmcore.cohorts import samples
from mmcore.cohorts.samples import build_sample
from pages.frame import navigation
from pages.start.applications import cards
from tests.pages.opened import folder, open_page

__all__ = ["folder"]
POINTS = {
    "lung": lambda signs: signs["halo"] > 0 and "nodule" in signs,  # no infection: a tumour's
    "heart": lambda signs: signs["ST elevation"] > 0 and "chest pain" in signs,
    "ward": lambda signs: signs["falling pressure"] > 0 and "heart failure" in signs,
    "diabetes": lambda signs: signs["rise at night"] > 0 and "work" in signs,  # of one who sleeps at night
    "rehab": lambda signs: signs["what is trained"] < 0,  # another plan would bring more
}
VIEWS = [view for application in cards.applications() for view in application.views]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: f"{view.cohort}-{view.page}")
def test_a_view_is_there(view):
    assert view.cohort in samples and navigation.path_of(view.page) is not None
    cases = build_sample(view.cohort, 8)
    if "case" in view.options:
        case = cases.case(view.options["case"])
        signs = {sign.name: sign.effect for own in case.evidence.values() for sign in own}
        assert set(case.values) == set(cases.inputs) and POINTS[view.cohort](signs), "it shows what the card tells of"


def test_a_card_says_whether_people_stand_behind_it():
    for application in cards.applications():
        assert application.real != build_sample(application.cohort, 8).schema.synthetic
        assert application.question.endswith("?") and application.limits


def test_every_card_is_shown_with_what_it_cannot_tell(folder):
    app = open_page("pages/start/2_applications.py", cohort=folder)
    shown = " ".join(text.value for text in [*app.markdown, *app.caption])
    assert not app.error and all(a.question in shown and a.limits in shown for a in cards.applications())
