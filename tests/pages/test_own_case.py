"""Protects the reader's own case: what was found out about one upload is never shown for the next."""

from __future__ import annotations

import gc
import io
import weakref
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mmcore import studies
from mmcore.training import TrainingSpec
from pages.frame import caches
from tests.pages.opened import ATTENTION, WHAT_IF, calm, folder, open_page, press, words

__all__ = ["folder"]
CASE = "pages/explore/2_case.py"


@pytest.fixture
def link(folder) -> dict[str, str]:
    run = studies.train(
        studies.open(folder),
        studies.plan(
            studies.open(folder),
            "gated",
            settings=studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=2, width=8, components=8)),
        ),
    )
    return {"cohort": folder, "run": run.key[:10]}


def bring(app: AppTest, age: float) -> AppTest:
    """Make the form's case the one that is shown."""
    next(n for n in app.number_input if n.label == "age").set_value(age)
    return press(app, "Show my case")


def what_if(app: AppTest, link: dict[str, str]) -> AppTest:
    app.query_params.update(link)
    return calm(app.switch_page(WHAT_IF).run())


def test_a_search_and_changes_speak_of_one_upload_only(link):
    app = bring(open_page(CASE, **link), 50.0)
    what_if(app, link)
    press(app, "Search")
    assert "What moves the prediction most" in words(app)
    calm(next(t for t in app.toggle if t.label == "Take away").set_value(True).run())
    bring(calm(app.switch_page(CASE).run()), 90.0)
    what_if(app, link)
    assert "What moves the prediction most" not in words(app), "the search was of the case before"
    assert not any(t.value for t in app.toggle if t.label == "Take away") and "Nothing is changed yet" in words(app)


def test_forgetting_drops_what_was_found_out(link):
    from pages.frame import own_case

    app = bring(open_page(CASE, **link), 50.0)
    what_if(app, link)
    press(app, "Search")
    assert own_case.SEARCH in app.session_state
    press(app, "Forget my data")
    assert own_case.SEARCH not in app.session_state


def test_what_was_worked_out_stays_with_one_upload_of_one_session(link, monkeypatch):
    from pages.frame import own_case

    requested, attend = [], studies.attend

    def counted(run, cohort, case):
        if case.id == own_case.OWN:
            requested.append(case)
        return attend(run, cohort, case)

    monkeypatch.setattr(studies, "attend", counted)
    app = bring(open_page(CASE, **link), 50.0)
    app.query_params.update(link)
    calm(app.switch_page(ATTENTION).run())
    calm(app.run())
    assert len(requested) == 1, "the model is asked once about an upload"
    bring(calm(app.switch_page(CASE).run()), 90.0)
    app.query_params.update(link)
    calm(app.switch_page(ATTENTION).run())
    assert len(requested) == 2, "another upload is another case"
    other = bring(open_page(CASE, **link), 90.0)
    other.query_params.update(link)
    calm(other.switch_page(ATTENTION).run())
    assert len(requested) == 3, "another session shares nothing"
    press(app, "Forget my data")
    bring(calm(app.switch_page(CASE).run()), 90.0)
    app.query_params.update(link)
    calm(app.switch_page(ATTENTION).run())
    assert len(requested) == 4, "what was forgotten is gone"


def test_each_upload_has_a_sign_of_its_own(monkeypatch):
    import streamlit as st

    from mmcore.base.values import Case
    from pages.frame import own_case

    monkeypatch.setattr(st, "session_state", {})
    case = Case(own_case.OWN, {})
    before = own_case.sign(case)
    st.session_state["_own_number"] = 1
    assert own_case.sign(case) != before and own_case.sign(Case("p03", {})) == "p03"


def test_forgotten_uploads_are_gone_from_memory(folder, monkeypatch):
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

    from pages.frame import own_case

    stores = weakref.WeakSet()
    made = MemoryUploadedFileManager.__init__

    def noted(self, *given):
        made(self, *given)
        stores.add(self)

    monkeypatch.setattr(MemoryUploadedFileManager, "__init__", noted)
    app = open_page(CASE, cohort=folder)
    (uploader,) = app.file_uploader
    uploader.upload("mine.csv", b"a,b\n" + MARK * 200, "text/csv")
    press(app, "Show my case")
    assert "does not state its sampling rate" in words(app), "the cohort's rate is not assumed"
    next(n for n in app.number_input if n.label.startswith("Sampling rate (Hz), if")).set_value(250.0)
    press(app, "Show my case")
    assert app.session_state["_own_case"]["case"].values["ecg"].rate_hz == 250
    assert app.session_state["_own_case"]["case"].id == own_case.OWN and held(stores), "the test sees the upload"
    press(app, "Forget my data")
    gc.collect()
    assert "_own_case" not in app.session_state and not held(stores)


def test_a_rate_is_asked_for_where_rows_give_different_ones(folder):
    from pages.frame import own_case

    table = pd.read_csv(f"{folder}/cases.csv")
    table.assign(ecg_fs=[100, 200] * 16).to_csv(f"{folder}/cases.csv", index=False)
    toml = Path(folder, "cohort.toml")
    toml.write_text(toml.read_text(encoding="utf-8").replace("rate_hz = 100\n", ""), encoding="utf-8")
    app = open_page(CASE, cohort=folder)
    app.file_uploader[0].upload("mine.npy", Path(folder, "signals", "3.npy").read_bytes())
    press(app, "Show my case")
    assert "100–200 Hz" in words(app) and own_case._KEY not in app.session_state
    next(n for n in app.number_input if n.label.startswith("Sampling rate (Hz), if")).set_value(200.0)
    press(app, "Show my case")
    record = app.session_state[own_case._KEY]
    assert record["case"].values["ecg"].rate_hz == 200
    assert record["digests"]["ecg"] == caches.cohort(folder).digest("p03", "ecg"), "it is one of the cohort's"


MARK = b"0.12345,0.54321\n0.2,0.3\n"  # of a recording that nobody else may see


def held(stores) -> bool:
    """Whether any upload store still has the file."""
    files = [
        file for store in list(stores) for held_files in store.file_storage.values() for file in held_files.values()
    ]
    return any(MARK in file.data for file in files)


def test_an_example_to_try_is_no_case_of_the_cohort_and_the_next_press_gives_another():
    app = open_page(CASE, cohort="heart")
    press(app, "Try an example")
    assert "Enter your own" in [e.label for e in app.expander], "the form holds nothing of an example"
    first = app.session_state["_own_case"]["case"]
    assert "This case is an example" in words(app) and first.values and first.id not in caches.cohort("heart").ids
    press(app, "Try an example")
    assert app.session_state["_own_case"]["case"].values["labs"] != first.values["labs"]


def test_a_cohort_of_ones_own_has_no_made_up_examples(folder):
    assert not any(button.label == "Try an example" for button in open_page(CASE, cohort=folder).button)


def test_a_case_unlike_the_cohort_is_warned_of_on_every_page(folder):
    rng = np.random.default_rng(3)
    usual, odd = rng.normal(size=(2, 400)) * 1.5, np.cumsum(rng.normal(size=(2, 400)), 1) * 80
    for samples, unlike in ((usual, False), (odd, True)):
        app = open_page(CASE, cohort=folder)
        content = io.BytesIO()
        np.save(content, samples.astype(np.float32))
        app.file_uploader[0].upload("mine.npy", content.getvalue())
        press(app, "Show my case")
        next(n for n in app.number_input if n.label.startswith("Sampling rate (Hz), if")).set_value(250.0)
        press(app, "Show my case")
        for page in (CASE, ATTENTION):
            calm(app.switch_page(page).run())
            assert any("Is it the right file?" in warning.value for warning in app.warning) is unlike
