"""Protects the import page: it starts from the open cohort, what is changed there is in force everywhere, and cohorts
of one name stay apart."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mmcore.base.settings import room
from pages.frame import cohort_picker
from tests.pages.opened import COMPARE, calm, open_page, press, words

IMPORT = "pages/start/3_import_data.py"


@pytest.fixture(autouse=True)
def fresh() -> None:
    st.cache_resource.clear()
    st.cache_data.clear()


def table(folder: Path, **columns: list) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame({"age": [50, 47, 61, 39] * 5, "verdict": ["well", "ill"] * 10, "bed": [3, 1, 4, 1, 5] * 4})
    frame.assign(**columns).to_csv(folder / "cases.csv", index=False)
    return str(folder)


def choose(app: AppTest, label: str, option: str) -> AppTest:
    return calm(next(box for box in app.selectbox if box.label == label).set_value(option).run())


def address(app: AppTest, name: str) -> str:
    value = app.query_params.get(name, "")
    return value[0] if isinstance(value, list) else value


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


def test_what_is_chosen_is_in_force_everywhere(tmp_path):
    source = table(tmp_path / "wards")
    app = open_page(IMPORT, cohort=source)
    assert "Choose the target" in words(app)
    app = choose(app, "Target", "verdict")
    assert next(box for box in app.selectbox if box.label == "Positive class").value == "ill"
    app = choose(app, "Positive class", "well")
    app = choose(app, "Id", "bed")
    assert "occur more than once" in words(app) and not [b for b in app.button if "Save" in b.label]
    app = choose(app, "Id", "")
    app = press(app, "Open without saving")
    roles = json.loads(address(app, "roles"))
    assert (roles["target"], roles["positive"], roles["id"]) == ("verdict", "well", "")
    assert cohort_picker._opened()[source], "they come back when the cohort is chosen again"


def test_saving_writes_a_folder_and_opens_it(tmp_path):
    app = open_page(IMPORT, cohort=table(tmp_path / "wards"))
    app = press(choose(app, "Target", "verdict"), "Save and open")
    for _attempt in range(40):
        if (saved := room("cohorts") / "imported" / "wards" / "cohort.toml").is_file():
            break
        app = calm(app.run())
    calm(app.run())
    assert 'target = "verdict"' in saved.read_text(encoding="utf-8")


def test_cohorts_of_one_name_stay_two(tmp_path):
    first, two = table(tmp_path / "a" / "wards"), table(tmp_path / "b" / "wards")
    cohort_picker.remember(first, '{"target": "verdict"}')
    cohort_picker.remember(two)
    app = open_page("pages/explore/1_cohort.py", cohort=first)
    picker = next(box for box in app.selectbox if box.key == "cohort-picker")
    assert picker.value == first and len({*picker.options}) == len(picker.options)
    app = calm(picker.set_value(two).run())
    assert address(app, "cohort") == two and not address(app, "roles")
    app = calm(next(box for box in app.selectbox if box.key == "cohort-picker").set_value(first).run())
    assert json.loads(address(app, "roles")) == {"target": "verdict"}


def test_a_message_of_a_missing_target_leads_here(tmp_path):
    app = open_page(COMPARE, cohort=table(tmp_path / "wards"))
    assert "no column that looks like a target" in words(app)
    assert any("Say what the columns are" in label for label in links(app))


def test_a_folder_of_several_tables_lets_one_be_chosen(tmp_path):
    table(tmp_path / "wards")
    (tmp_path / "wards" / "cases.csv").rename(tmp_path / "wards" / "first.csv")
    (tmp_path / "wards" / "second.csv").write_text("x,label\n" + "3,a\n1,b\n" * 9, encoding="utf-8")
    app = open_page(IMPORT, cohort=str(tmp_path / "wards"))
    app = choose(app, "Table", "second.csv")
    assert next(box for box in app.selectbox if box.label == "Target").value == "label"


def test_ids_that_repeat_are_mended_by_a_press(tmp_path):
    app = open_page(IMPORT, cohort=table(tmp_path / "wards", id=[f"p{i // 2}" for i in range(20)]))
    assert "occur more than once" in words(app)
    app = press(app, "Make id the group")
    assert "occur more than once" not in words(app)
    assert next(box for box in app.selectbox if box.label == "Group").value == "id"


def test_forgetting_removes_what_was_dropped_and_never_saved(tmp_path):
    dropped = table(tmp_path / "dropped" / "wards")

    def page(dropped: str) -> None:
        import streamlit as st

        from pages.frame import own_case, uploads
        from pages.start.import_data import source

        source.begin(dropped, dropped=True)
        held = uploads.held()
        own_case.forget()
        st.write(f"held {held}, then {uploads.held()}")

    app = calm(AppTest.from_function(page, kwargs={"dropped": dropped}, default_timeout=60).run())
    assert app.markdown[0].value == "held True, then False" and not (tmp_path / "dropped").exists()


def test_a_table_that_was_dropped_alone_is_not_called_by_the_folder_it_was_put_into(tmp_path):
    dropped = table(tmp_path / "0f3c9b") + "/cases.csv"
    app = open_page(IMPORT)
    app.session_state["_import"] = {
        "source": dropped, "table": None, "roles": '{"target": "verdict"}', "dropped": True, "of": ("", "")
    }  # fmt: skip
    calm(app.run())
    assert next(box for box in app.text_input if box.label == "Name of the cohort").value == "my files"


def test_repeated_ids_lead_from_any_page_to_where_they_are_mended(tmp_path):
    app = open_page(COMPARE, cohort=table(tmp_path / "visits", id=[1, 2, 3, 4] * 5))
    assert "more than once" in app.error[0].value and "Say what the columns are" in links(app)
    app = open_page(IMPORT, cohort=address(app, "cohort"))
    shown = {box.label: box for box in app.selectbox}
    assert shown["Id"].value == "id", "what the message speaks of, so that the rows can be numbered instead"
    assert not shown["Positive class"].placeholder.strip(), "nothing is open yet of which it could be"
