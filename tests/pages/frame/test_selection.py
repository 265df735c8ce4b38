"""Protects the selection of cases: a link brings it, every page keeps it, a name saves it, the table follows it."""

from __future__ import annotations

import re

from tests.pages.opened import folder, open_page, words

__all__ = ["folder"]
COHORT, CASE = "pages/explore/1_cohort.py", "pages/explore/2_case.py"


def text(app, name: str) -> str | None:
    value = app.query_params.get(name)
    return value[0] if isinstance(value, list) else value


def test_a_link_selects_and_the_table_follows_on_every_page(folder):
    app = open_page(COHORT, cohort=folder, selected="p03,p07,p11", case="p07")
    assert "3 of 32 cases are selected" in words(app) and re.search(r"2 of 3\b", words(app))
    assert app.dataframe[0].value.index.tolist() == ["p03", "p07", "p11"]
    app.switch_page(CASE).run()
    assert text(app, "selected") == "p03,p07,p11" and "**3 cases selected**" in words(app)
    app.button(key="case-next").click().run()
    assert text(app, "case") == "p11", "a step goes to the next selected case"
    app.button(key="selection-clear").click().run()
    assert text(app, "selected") is None and "cases selected" not in words(app)


def test_what_the_filters_leave_becomes_the_selection_and_is_saved_by_name(folder):
    app = open_page(COHORT, cohort=folder)
    app.multiselect(key="filter-missing").select("ecg").run()
    app.button(key="select-shown").click().run()
    assert text(app, "selected") == "p05"
    next(t for t in app.text_input if t.label == "Name of this selection").set_value("no ecg")
    next(b for b in app.button if b.label == "Save").click().run()
    assert not app.error and text(app, "selection") == "no ecg"
    app.button(key="selection-clear").click().run()
    app.button(key="selection-load-0").click().run()
    assert text(app, "selected") == "p05" and "no ecg" in words(app)


def test_a_selection_of_other_cases_is_said_and_dropped(folder):
    app = open_page(COHORT, cohort=folder, selected="~00000000.xyz")
    assert any("belongs to other cases" in warning.value for warning in app.warning)
    assert len(app.dataframe[0].value) == 32, "nothing is selected"
    app.button(key="selection-drop").click().run()
    assert not app.warning and text(app, "selected") is None


def test_another_cohort_begins_without_a_selection(folder):
    app = open_page(COHORT, cohort=folder, selected="p03,p07")
    app.selectbox(key="cohort-picker").select("heart").run()
    assert text(app, "selected") is None and not app.warning


def test_where_no_case_passes_the_filters_a_press_clears_them(folder):
    app = open_page(COHORT, cohort=folder, q="no such word")
    assert "No case matches" in words(app) and not app.dataframe
    app.button(key="filters-clear").click().run()
    assert text(app, "q") is None and len(app.dataframe[0].value) == 32
