"""Protects the page of formulas: what is moved changes what comes out, and a broken formula closes nothing."""

from __future__ import annotations

import pytest

from mmcore.base.modules import Broken
from mmcore.studies.formulas import formulas, in_order
from tests.pages.opened import calm, folder, open_page

__all__ = ["folder"]
MATHEMATICS = "pages/learn/1_mathematics.py"


def numbers(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_a_link_opens_a_formula_and_its_sliders_move_the_result(folder):
    app = open_page(MATHEMATICS, cohort=folder, formula="cosine")
    assert app.header[0].value == "Cosine" and numbers(app)["Cosine"] == "0.975"
    assert "0.814" in app.info[0].value, "what the article gives is corrected"
    next(slider for slider in app.slider if slider.label == "B 1").set_value(-4.0)
    assert numbers(calm(app.run()))["Cosine"] != "0.975"


def test_the_next_formula_is_a_step_away_and_goes_into_the_address(folder):
    app = open_page(MATHEMATICS, cohort=folder)
    first, second = in_order()[:2]
    assert app.header[0].value == formulas[first].title()
    calm(next(button for button in app.button if button.key == "next-formula").click().run())
    assert app.header[0].value == formulas[second].title() and second in str(app.query_params["formula"])


@pytest.mark.parametrize(("formula", "linked"), [("convolution", False), ("recurrent_step", True), ("softmax", True)])
def test_a_formula_links_to_what_the_case_has(folder, formula, linked):
    app = open_page(MATHEMATICS, cohort=folder, formula=formula)
    links = [str(link.proto.label) for link in app.get("page_link")]
    assert (formulas[formula].used() in links) == linked, links


def test_a_broken_formula_is_named_and_the_others_work(folder, monkeypatch):
    broken = {"halves": Broken("mmcore.studies.formulas.halves", "It cannot be imported.")}
    monkeypatch.setattr(type(formulas), "broken", property(lambda self: broken if self is formulas else {}))
    app = open_page(MATHEMATICS, cohort=folder, formula="softmax")
    assert app.header[0].value == "Softmax" and any("halves" in warning.value for warning in app.warning)


def test_a_formula_that_fails_says_so_and_leaves_the_menu(folder, monkeypatch):
    def fails(self, case=None):
        raise ZeroDivisionError

    monkeypatch.setattr(formulas["sigmoid"], "worked", fails)
    app = open_page(MATHEMATICS, cohort=folder, formula="sigmoid")
    assert "Something went wrong" in app.error[0].value
    assert len([button for button in app.button if str(button.key).startswith("formula-")]) == len(in_order())


@pytest.mark.parametrize("name", in_order())
def test_links_lead_to_pages_that_there_are(name):
    from pages.frame import navigation

    assert navigation.path_of(formulas[name].page) is not None
