"""Protects the frame and the pages Overview, Cohort and Case: links reopen the same view, mistakes become messages."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from mmcore.encoders.signal import delineation, wave_network
from mmcore.encoders.signal.delineation import BeatWaves, Delineation, Wave
from pages.frame import caches, url_encoder
from tests.browser.conftest import CASES
from tests.pages.opened import open_page

COHORT, CASE = "pages/explore/1_cohort.py", "pages/explore/2_case.py"
FEATURES, TRAIN = "pages/explore/3_features.py", "pages/fuse/1_train.py"


def text(app: AppTest, name: str) -> str | None:
    value = app.query_params.get(name)
    return value[0] if isinstance(value, list) else value


def words(app: AppTest) -> str:
    return " ".join(str(element.value) for element in (*app.markdown, *app.caption, *app.header, *app.title))


def button(app: AppTest, label: str):
    return next(b for b in app.button if b.label == label)


@pytest.mark.parametrize("page", [None, COHORT, CASE])
def test_each_page_opens_and_says_that_heart_is_synthetic(page):
    app = open_page(page)
    assert not app.error and len(app.title) == 1
    assert "Synthetic data" in words(app) and "Not for clinical use" in words(app)


@pytest.mark.parametrize("page", [None, COHORT, CASE])
def test_an_unknown_cohort_names_the_nearest(page):
    app = open_page(page, cohort="hart")
    assert any("Did you mean 'heart'" in error.value for error in app.error) and len(app.title) == 1


def test_an_unknown_case_is_a_message_and_the_picker_still_works():
    app = open_page(CASE, cohort="heart", case="heart-9999")
    assert any("heart" in error.value for error in app.error)
    app.selectbox(key="case-picker").select("heart-0003").run()
    assert not app.error and text(app, "case") == "heart-0003"


@pytest.mark.parametrize("roles", ["{", '{"inputs": 3}', '["x"]'])
def test_roles_of_a_broken_link_are_a_message(roles):
    app = open_page(COHORT, cohort="heart", roles=roles)
    assert app.error and len(app.title) == 1


def test_a_link_opens_its_case_and_page_switches_keep_it():
    app = open_page(CASE, cohort="heart", case="heart-0007")
    assert "heart-0007" in words(app)
    app.switch_page(COHORT).run()
    assert (text(app, "cohort"), text(app, "case")) == ("heart", "heart-0007")


def test_a_missing_folder_is_said_plainly_and_not_offered():
    app = open_page(None, cohort="/no/such/folder")
    assert "There is no folder /no/such/folder." in app.error[0].value and len(app.error) == 1
    picker = app.selectbox(key="cohort-picker")
    assert picker.value is None and "folder" not in " ".join(picker.options)
    button(app, "Open the example cohort").click().run()
    assert not app.error and text(app, "cohort") == "heart", "and the way on stands below the message"


@pytest.mark.parametrize("page", [None, TRAIN, FEATURES])
@pytest.mark.parametrize("link", ["foo", "minilm_l6", "hog {bad", 'hog {"nonsense": 1}'])
def test_an_encoder_that_cannot_be_is_one_message_on_every_page(page, link):
    app = open_page(page, cohort="heart", **{"encoder.xray": link})
    (message,) = [warning.value for warning in app.warning if "encoder of xray" in warning.value]
    assert "efficientnet\\_lite0 is used instead" in message and "columns" not in message and not app.error
    button(app, "Keep efficientnet\\_lite0").click().run()
    assert text(app, "encoder.xray") is None and not [
        warning for warning in app.warning if "cannot be used" in warning.value
    ]


def test_a_plain_name_means_the_encoder_of_its_kind():
    note = caches.cohort("heart").inputs["note"]
    assert url_encoder.encoder('lstm {"hidden": 16}', note).name == "lstm_text"


def test_another_encoder_chosen_mends_the_link():
    app = open_page(FEATURES, cohort="heart", **{"encoder.xray": "hog {bad"}, view="varied")
    app.selectbox(key="encoder-of-heart-xray").select("hog").run()
    assert text(app, "encoder.xray") == "hog" and not [
        warning for warning in app.warning if "cannot be used" in warning.value
    ]


def test_an_unknown_case_is_said_once_on_features():
    app = open_page(FEATURES, cohort="heart", case="nobody")
    assert len(app.error) == 1 and "0 of" not in words(app)


def test_the_waves_of_an_ecg_are_marked_when_asked_for(monkeypatch):
    beat = BeatWaves(Wave(1.0, 1.04, 1.1), Wave(0.8, 0.85, 0.9))
    monkeypatch.setattr(delineation, "_delineate", lambda signal, names: Delineation((beat,), (1.04,)))
    monkeypatch.setattr(wave_network, "unavailable", lambda: None)
    assert "1 beat marked" not in words(open_page(CASE, cohort="heart", case="heart-0007"))
    assert "1 beat marked, P in 1 and T in 0" in words(
        open_page(CASE, cohort="heart", case="heart-0007", **{"waves-ecg": "1"})
    )
    monkeypatch.setattr(wave_network, "unavailable", lambda: "Install it with: pip install openecg")
    app = open_page(CASE, cohort="heart", case="heart-0007", **{"waves-ecg": "1"})
    (switch,) = [toggle for toggle in app.toggle if toggle.label == "Mark P, QRS and T"]
    assert switch.disabled and "pip install openecg" in switch.help and "beat marked" not in words(app)


def test_an_id_written_otherwise_opens_the_case_that_is_meant():
    app = open_page(CASE, cohort="heart", case="Heart 7")
    assert not app.error and text(app, "case") == "heart-0007"


def test_leaks_are_told_at_once_and_the_roles_can_be_mended(tmp_path):
    rows = [f"c{i},{i % 2},{'ab'[i % 2]},words of a long report number {i} on this finding" for i in range(40)]
    (tmp_path / "cases.csv").write_text("\n".join(["id,label,code,report", *rows]), encoding="utf-8")
    app = open_page(COHORT, cohort=str(tmp_path))
    (reference,) = [expander for expander in app.expander if "to know" in expander.label]
    assert reference.proto.expanded and "Texts may give the target away too: report" in words(app)
    assert any("Say what the columns are" in link.proto.label for link in app.get("page_link"))


def test_steps_to_the_next_case_change_page_and_link():
    app = open_page(CASE, cohort="heart", case="heart-0007")
    app.button(key="case-next").click().run()
    assert text(app, "case") == "heart-0008" and "heart-0008" in words(app)
    app.button(key="case-previous").click().run()
    assert text(app, "case") == "heart-0007"


def test_filters_live_in_the_link():
    app = open_page(COHORT, cohort="heart", q="chest pain")
    narrowed = len(app.dataframe[0].value)
    assert 0 < narrowed < CASES
    app.text_input(key="filter-q").set_value("no such words anywhere").run()
    assert text(app, "q") == "no such words anywhere" and not app.dataframe
    assert "No case matches" in words(app), "an empty table would say less"
    app.button(key="filters-clear").click().run()
    assert text(app, "q") is None and len(app.dataframe[0].value) == CASES


def test_a_single_selected_case_is_not_counted():
    assert "The one selected case." in words(open_page(COHORT, cohort="heart", selected="heart-0003"))


def test_what_does_not_follow_a_selection_says_so():
    sentence = f"Of all {CASES} cases, not only of those"
    assert sentence not in words(open_page(COHORT, cohort="heart"))
    assert sentence in words(open_page(COHORT, cohort="heart", selected="heart-0003,heart-0004"))


def test_evidence_is_shown_on_demand_and_linked():
    app = open_page(CASE, cohort="heart", case="heart-0005")
    assert "Evidence:" not in words(app)
    app.toggle(key="evidence-shown").set_value(True).run()
    assert "Evidence:" in words(app) and text(app, "evidence") == "1"


def test_an_own_case_is_shown_escaped_and_can_be_forgotten():
    app = open_page(CASE, cohort="heart")
    note = next(area for area in app.text_area if area.label.startswith("Text of"))
    note.set_value("No chest pain <script>alert(1)</script>")
    next(n for n in app.number_input if n.label.startswith("age")).set_value(71)
    button(app, "Show my case").click().run()
    assert not app.error and "Your own case" in words(app)
    shown = " ".join(str(html.proto.body) for html in app.get("html"))
    assert "<script>alert" not in shown and "alert(1)" in shown
    app.button(key="forget-aside").click().run()
    assert "Your own case" not in words(app) and "_own_case" not in app.session_state
    assert not any("alert(1)" in str(area.value) for area in app.text_area)


def test_an_empty_own_case_says_what_to_do():
    app = open_page(CASE, cohort="heart")
    button(app, "Show my case").click().run()
    assert any("Nothing was filled in" in error.value for error in app.error)


def test_what_nobody_foresaw_is_logged_and_not_shown_raw(caplog):
    def screen():
        from pages.frame import page

        with page.guard():
            raise ZeroDivisionError("secret detail")

    app = AppTest.from_function(screen).run()
    assert not app.exception and len(app.error) == 1 and "secret detail" not in app.error[0].value


def test_real_cohorts_open_by_path(shared_data):
    for name in ("ecg_ptbxl", "digits_image_audio", "heart_disease_tabular"):
        for page in (None, COHORT, CASE):
            app = open_page(page, cohort=str(shared_data / name))
            assert not app.error, (name, page, app.error[0].value)
            assert "Synthetic data" not in words(app)
