"""Protects the Features page: every view of every kind of input opens, says what is missing, and is linked."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from tests.pages.opened import open_page

FEATURES = "pages/explore/3_features.py"
NOTES = ("Chest pain today, no fever.", "Denies pain. Cough since Monday, no fever at all.")
TOML = """
target = "label"
positive = "ill"
[inputs.film]
kind = "image"
columns = ["film"]
[inputs.note]
kind = "text"
columns = ["note"]
[inputs.ecg]
kind = "signal"
columns = ["ecg"]
rate_hz = 100
[inputs.vitals]
kind = "table"
columns = ["age", "sex"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """Sixteen cases with an input of every kind; the second lacks its note and its film."""
    rng = np.random.default_rng(0)
    rows = []
    for i in range(16):
        Image.fromarray(rng.integers(0, 255, (80, 64), dtype=np.uint8)).save(tmp_path / f"{i}.png")
        np.save(tmp_path / f"{i}.npy", (rng.normal(size=(2, 600)) * (1 + i % 2)).astype(np.float32))
        rows.append(
            {
                "id": f"p{i:02d}",
                "film": f"{i}.png" if i != 1 else "",
                "note": f"{NOTES[i % 2]} Visit {i}." if i != 1 else "",
                "ecg": f"{i}.npy",
                "age": 50 + i,
                "sex": "fm"[i % 3 == 0],
                "label": ("well", "ill")[i % 2],
            }
        )
    pd.DataFrame(rows).to_csv(tmp_path / "cases.csv", index=False)
    (tmp_path / "cohort.toml").write_text(TOML, encoding="utf-8")
    st.cache_resource.clear()
    st.cache_data.clear()
    return str(tmp_path)


def page(**link: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    return calm(open_page(FEATURES, **link))


def calm(app: AppTest) -> AppTest:
    assert not app.exception, [e.message for e in app.exception]
    assert not app.error, [e.value for e in app.error]
    return app


def words(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.warning)
    return " ".join(str(element.value) for kind in kinds for element in kind)


def settled(app: AppTest) -> AppTest:
    """Wait for the jobs at work, then look again."""
    from mmcore.jobs import engine

    until = time.monotonic() + 60
    while any(job.active for job in engine.jobs()) and time.monotonic() < until:
        time.sleep(0.05)
    return calm(app.run())


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ({"input": "film", "encoder.film": "hog"}, "Like the framed place"),
        ({"input": "film", "encoder.film": "small_cnn"}, "learns while a method is trained"),
        ({"input": "film", "encoder.film": "small_cnn", "look": "layers"}, "Feature maps of"),
        ({"input": "note", "encoder.note": "glove_6b_50d", "word": "1"}, "Neighbours of “pain”"),
        ({"input": "note", "encoder.note": "glove_6b_50d", "look": "cleaned"}, "What remains of the text"),
        ({"input": "note", "encoder.note": "glove_6b_50d", "look": "matrix"}, "What the encoder finds similar"),
        ({"input": "note", "encoder.note": "bigru"}, "the numbers of the words"),
        ({"input": "note", "encoder.note": 'glove_6b_50d {"tune": true}'}, "the numbers of the words"),
        ({"input": "ecg", "encoder.ecg": "log_mel"}, "What each stretch says"),
        ({"input": "ecg", "encoder.ecg": "log_mel", "look": "filters"}, "The filter bank"),
        ({"input": "ecg", "encoder.ecg": "bilstm", "look": "learnt"}, "learns while a method is trained"),
        ({"input": "vitals"}, "One token per column"),
    ],
)
def test_every_view_of_a_case_is_drawn(folder, link, text):
    assert text in words(page(cohort=folder, **link))


def test_what_learns_from_a_fold_is_fitted_for_looking_and_says_so(folder):
    app = settled(page(cohort=folder, input="note", **{"encoder.note": "word2vec", "word": "2"}))
    assert "scores use only the training cases" in words(app) and "Word by word" in words(app)


@pytest.mark.parametrize("view", ["scale", "beside", "varied", "map", "separate"])
def test_every_section_opens_from_a_link(folder, view):
    app = page(cohort=folder, input="vitals", view=view)
    assert app.segmented_control(key="features-view").value == view


@pytest.mark.parametrize("view", ["case", "beside", "varied"])
def test_a_missing_input_is_said_in_every_section(folder, view):
    app = page(cohort=folder, case="p01", input="note", view=view)
    if view == "varied":
        calm(
            app.pills(key=next(p.key for p in app.pills if p.label == "Kinds of change"))
            .set_value(["word_dropout"])
            .run()
        )
    assert "missing" in words(app)
    app.button(key="case-with-input").click().run()
    assert "p00" in app.query_params["case"] and "is missing in this case" not in words(app)


def test_the_open_section_and_view_are_in_the_link(folder):
    app = page(cohort=folder, input="ecg", **{"encoder.ecg": "log_mel"})
    calm(app.pills(key="look-ecg-log_mel").set_value("filters").run())
    calm(app.segmented_control(key="features-view").set_value("beside").run())
    link = {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}
    assert (link["look"], link["view"], link["input"]) == ("filters", "beside", "ecg")


def test_an_encoder_that_cannot_be_used_says_why_and_changes_nothing(folder, monkeypatch):
    from mmcore.encoders import encoders

    monkeypatch.setattr(encoders["hog"], "unavailable", classmethod(lambda cls: "Install nothing, it is a test."))
    app = page(cohort=folder, input="film", **{"encoder.film": "small_cnn"})
    picker = next(s for s in app.selectbox if s.label == "Encoder")
    assert any("not available" in option for option in picker.options)
    calm(picker.select("hog").run())
    assert "Install nothing" in words(app) and "small\\_cnn is used" in words(app)
    assert app.query_params["encoder.film"] in ("small_cnn", ["small_cnn"])


def test_an_encoder_in_need_of_a_folder_says_so_and_takes_one(folder, tmp_path):
    app = page(cohort=folder, input="note")
    picker = next(s for s in app.selectbox if s.label == "Encoder")
    assert "transformer (needs a local folder or the internet)" in picker.options
    calm(picker.select("transformer").run())
    assert "Needs a local folder" in words(app)
    calm(next(field for field in app.text_input if field.label == "Model").set_value(str(tmp_path)).run())
    assert "holds no text model" in words(app), "it is the folder that is judged now"


def test_wrong_use_is_caught_before_anything_is_encoded(folder):
    table = pd.read_csv(Path(folder) / "cases.csv")
    table["note"] = [f"患者无发热，胸痛{'三' * (i % 4)}天。" for i in range(len(table))]
    table.to_csv(Path(folder) / "cases.csv", index=False)
    assert "Does this encoder suit note?" in words(page(cohort=folder, input="note"))


def test_encoders_side_by_side_tell_their_size_and_time(folder):
    app = page(cohort=folder, input="ecg", view="beside", beside="log_mel,stft,minirocket")
    output = words(app)
    assert output.count("for this case") == 3 and "**log\\_mel**" in output and "What each stretch says" in output


@pytest.mark.parametrize(
    ("input", "name"), [("film", "rotate"), ("note", "word_dropout"), ("ecg", "time_shift"), ("vitals", "cell_noise")]
)
def test_augmentation_is_off_until_chosen_and_kept_for_the_session(folder, input, name):
    from mmcore.augmentation import augmentations

    app = page(cohort=folder, input=input, view="varied")
    assert "Nothing is changed" in words(app) and not retained(app)
    picker = next(p for p in app.pills if p.label == "Kinds of change")
    kind = {"film": "image", "note": "text", "ecg": "signal", "vitals": "table"}[input]
    name = name if name in augmentations else next(n for n, part in augmentations.items() if part.kind == kind)
    calm(picker.set_value([name]).run())
    assert [choice.name for choice in retained(app)[input]] == [name]
    assert "copy 3" in words(app) or "3 copies" in words(app), "what training would see is shown"
    calm(picker.set_value([]).run())
    assert not retained(app)


def retained(app: AppTest) -> dict:
    """The augmentations chosen in this session."""
    return next(iter(app.session_state["_augmentations"].values()))
