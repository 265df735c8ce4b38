"""Protects Where it fails: it tells what is wrong and for whom, opens a case, and a part becomes the selection."""

from __future__ import annotations

import pytest

from mmcore import studies
from mmcore.training import TrainingSpec
from tests.pages.opened import compared, folder, open_page, words

__all__ = ["folder"]
FAILURES = "pages/study/2_failures.py"
QUICK = studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=3, width=8, components=8), plain=False)


@pytest.fixture
def trained(folder) -> str:
    compared(folder, ["ecg", "gated"], QUICK)
    return folder


def sentence(app, name: str) -> str | None:
    value = app.query_params.get(name)
    return value[0] if isinstance(value, list) else value


def test_it_tells_what_is_wrong_and_for_whom(trained):
    app = open_page(FAILURES, cohort=trained)
    text = words(app)
    assert "of 32 cases" in text and "methods do not agree on" in text
    assert "No part of the cohort has enough cases" in text, "parts of 32 cases are too few"
    assert "at least 20 are needed" in text and not app.error
    assert "Women over 70" in app.toggle(key="failures-pairs").help
    app.toggle(key="failures-pairs").set_value(True).run()
    assert sentence(app, "pairs") == "1" and not app.error


def test_a_part_becomes_the_selection_and_the_table_follows(trained):
    app = open_page(FAILURES, cohort=trained, cases="all")
    app.selectbox(key="failures-part").select("sex: f").run()
    assert sentence(app, "selection") == "sex: f" and "among the 21 selected" in words(app)
    assert len(app.dataframe[0].value) == 21


def test_without_a_run_it_offers_to_train_one(folder):
    app = open_page(FAILURES, cohort=folder)
    assert "for whom" in words(app) and not app.error and app.button


def test_where_no_case_is_listed_no_empty_table_stands(trained):
    every = open_page(FAILURES, cohort=trained, cases="all").dataframe[0].value.index
    unsure = [table.value.index for table in open_page(FAILURES, cohort=trained, cases="unsure").dataframe]
    other = next(id for id in every if not any(id in index for index in unsure))
    app = open_page(FAILURES, cohort=trained, cases="unsure", selected=other)
    assert "No such case" in words(app) and not app.dataframe and not app.error
