"""Protects Features, Attention, Train and Compare: from an empty home to a comparison, links that reopen, calm
errors."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
FEATURES, ATTENTION, TRAIN, COMPARE = (
    "pages/explore/3_features.py",
    "pages/fuse/1_attention.py",
    "pages/fuse/2_train.py",
    "pages/study/1_compare.py",
)
EVERY = [FEATURES, ATTENTION, TRAIN, COMPARE]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A small cohort: a signal and a table, the target in both, some inputs missing."""
    rng = np.random.default_rng(0)
    (tmp_path / "signals").mkdir()
    rows = []
    for i in range(32):
        ill = i % 2
        np.save(tmp_path / "signals" / f"{i}.npy", (rng.normal(size=(2, 400)) * (1 + ill)).astype(np.float32))
        rows.append(
            {
                "id": f"p{i:02d}",
                "ecg": "" if i == 5 else f"signals/{i}.npy",
                "age": 50 + 10 * ill + rng.normal(),
                "pulse": rng.normal(70, 5),
                "sex": "fm"[i % 3 == 0],
                "label": ("well", "ill")[ill],
            }
        )
    pd.DataFrame(rows).to_csv(tmp_path / "cases.csv", index=False)
    (tmp_path / "cohort.toml").write_text(
        'target = "label"\npositive = "ill"\n[inputs.ecg]\nkind = "signal"\ncolumns = ["ecg"]\nrate_hz = 100\n'
        '[inputs.vitals]\nkind = "table"\ncolumns = ["age", "pulse", "sex"]\n',
        encoding="utf-8",
    )
    st.cache_resource.clear()
    st.cache_data.clear()
    return str(tmp_path)


def open_page(page: str, **link: str) -> AppTest:
    """A page as a link with these parameters opens it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params.update(link)
    app.run()
    app.query_params.update(link)
    app.switch_page(page).run()
    return calm(app)


def calm(app: AppTest) -> AppTest:
    assert not app.exception, [e.message for e in app.exception]
    return app


def words(app: AppTest) -> str:
    return " ".join(
        str(element.value)
        for kind in (app.markdown, app.caption, app.subheader, app.title, app.info, app.success, app.error)
        for element in kind
    )


def finish(app: AppTest) -> AppTest:
    """Wait for the jobs at work, then look again."""
    from mmcore import engine

    until = time.monotonic() + 110
    while any(job.active for job in engine.jobs()) and time.monotonic() < until:
        time.sleep(0.1)
    return calm(app.run())


def press(app: AppTest, label: str) -> AppTest:
    button = next(b for b in app.button if label in b.label)
    return calm(button.click().run())


@pytest.mark.parametrize("page", EVERY)
def test_an_unknown_cohort_is_one_calm_message(page):
    app = open_page(page, cohort="hart")
    assert any("Did you mean 'heart'" in error.value for error in app.error)


def test_every_page_says_what_to_do_before_anything_is_trained(folder):
    assert "No model is trained on this cohort yet" in words(open_page(ATTENTION, cohort=folder))
    assert "Nothing is trained on this cohort yet" in words(open_page(TRAIN, cohort=folder))
    compare = open_page(COMPARE, cohort=folder)
    assert "Nothing to compare yet" in words(compare) and any(b.label == "Run all methods" for b in compare.button)


def test_features_show_the_encoder_and_keep_it_in_the_link(folder):
    app = open_page(FEATURES, cohort=folder, input="ecg")
    picker = next(s for s in app.selectbox if s.label == "Encoder")
    assert picker.value == "minirocket" and "Dimensions of a token" in words(app)
    calm(picker.select("log_mel").run())
    assert app.query_params["encoder.ecg"] in ("log_mel", ["log_mel"])
    assert not app.error


def test_features_say_that_an_input_is_missing(folder):
    assert "missing" in words(open_page(FEATURES, cohort=folder, case="p05", input="ecg"))


def test_the_map_encodes_the_cohort_and_is_drawn(folder):
    app = finish(open_page(FEATURES, cohort=folder, input="vitals", map="1"))
    assert "32 of 32 cases have this input" in words(app)


def test_train_watches_finishes_and_knows_the_run_again(folder):
    app = open_page(TRAIN, cohort=folder, method="gated")
    app.number_input(key="train-folds").set_value(3)
    app.number_input(key="train-seeds").set_value(2)
    app.number_input(key="train-spec-epochs").set_value(3)
    press(app, "Train")
    finish(app)
    assert any(metric.label == "AUROC" for metric in app.metric) and "Trained in" in words(app)
    assert app.query_params["run"]
    press(app, "Train")
    assert "trained before" in words(app), "the same settings are answered at once"


def test_train_reports_wrong_settings_in_words(folder):
    app = open_page(TRAIN, cohort=folder, method="gated")
    app.number_input(key="train-folds").set_value(20)
    press(app, "Train")
    assert app.error and "20" in app.error[0].value


def test_compare_runs_the_missing_methods_and_attention_opens_one(folder):
    app = open_page(COMPARE, cohort=folder)
    press(app, "Run all methods")
    finish(app)
    assert "out of fold" in words(app)
    assert any("Against" in m.value for m in app.markdown), "the best single input is the reference"
    assert not any("Run" in b.label for b in app.button), "nothing is missing any more"
    link = {"cohort": folder, "case": "p03"}
    attention = open_page(ATTENTION, **link)
    assert "No model here had seen this case" in words(attention) and "Weight of each input" in words(attention)
    picker = attention.selectbox(key="attention-run")
    calm(picker.select_index(next(i for i, name in enumerate(picker.options) if name.startswith("late"))).run())
    assert "does not weigh its inputs" in words(attention)


def test_attention_of_a_case_that_lacks_an_input_goes_on(folder):
    app = open_page(ATTENTION, cohort=folder, case="p05")
    press(app, "Train a first model here")
    finish(app)
    assert "is missing in this case" in words(app) and not app.error


def test_a_cohort_without_a_target_says_so(folder):
    path = Path(folder) / "cases.csv"
    pd.read_csv(path).drop(columns="label").to_csv(path, index=False)
    (Path(folder) / "cohort.toml").write_text(
        '[inputs.vitals]\nkind = "table"\ncolumns = ["age", "pulse", "sex"]\n', encoding="utf-8"
    )
    for page in (ATTENTION, TRAIN, COMPARE):
        assert open_page(page, cohort=folder).error
