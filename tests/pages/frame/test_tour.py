"""Protects the tour: five steps over pages that exist, its place in the address, and a way out of every step."""

from __future__ import annotations

import pytest

from pages.frame import navigation, tour
from tests.pages.opened import open_page, press, words

CASE, AUDIT = "pages/explore/2_case.py", "pages/explore/4_audit.py"


def address(app) -> str | None:
    value = app.query_params.get("tour")
    return value[0] if isinstance(value, list) else value


@pytest.fixture
def quick(monkeypatch):
    """Pages without their content: the tour is what is looked at."""
    from pages.frame import page

    monkeypatch.setattr(page.Page, "show", lambda self, main: tour.banner(self.title))


def test_it_has_five_steps_over_pages_that_there_are():
    assert len(tour.steps()) == 5 and all(navigation.path_of(step.page) for step in tour.steps())


def test_overview_offers_it_and_a_link_opens_a_step(quick):
    assert "step 1 of 5" in words(open_page(CASE, tour="1"))


def test_a_step_goes_on_and_can_be_left(quick):
    app = open_page(CASE, tour="1")
    press(app, "Next: The prediction")
    assert address(app) == "2"
    app = open_page(CASE, tour="1")
    press(app, "Leave the tour")
    assert address(app) is None and "step 1" not in words(app)


def test_another_page_leads_back_to_the_step(quick):
    app = open_page(AUDIT, tour="3")
    assert "step 3 of 5" in words(app) and not any(button.label.startswith("Next") for button in app.button)
    assert any(button.label == "Back to the tour" for button in app.button)


@pytest.mark.parametrize("place", ["0", "6", "-1", "x"])
def test_a_place_that_is_none_shows_nothing(quick, place):
    assert "Tour" not in words(open_page(CASE, tour=place))
