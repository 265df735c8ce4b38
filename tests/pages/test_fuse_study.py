"""Protects Features, Attention, Train and Compare: from an empty home to a comparison, links that reopen, calm
errors."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mmcore import studies
from mmcore.fusion import fusions
from mmcore.studies.tuning import tuned
from mmcore.training import TrainingSpec
from pages.fuse.train import settings_form
from pages.parts import ready_to_run
from pages.study.compare import missing_methods, run_choice
from tests.pages.opened import ATTENTION, COMPARE, FEATURES, TRAIN, calm, finish, folder, open_page, press, words

__all__ = ["folder"]
EVERY = [FEATURES, ATTENTION, TRAIN, COMPARE]


@pytest.mark.parametrize("page", EVERY)
def test_an_unknown_cohort_is_one_calm_message(page):
    app = open_page(page, cohort="hart")
    assert any("Did you mean 'heart'" in error.value for error in app.error)


def test_every_page_says_what_to_do_before_anything_is_trained(folder):
    for page in (None, ATTENTION, TRAIN):
        app = open_page(page, cohort=folder)
        assert "No model is trained on this cohort yet" in words(app) and "takes about" in words(app)
        assert any(button.label == "Train and compare" for button in app.button)
    assert "Gated is not trained on this cohort yet" in words(open_page(TRAIN, cohort=folder))
    compare = open_page(COMPARE, cohort=folder)
    assert "Nothing to compare yet" in words(compare) and any(b.label == "Run 8 methods" for b in compare.button)
    next(m for m in compare.multiselect if m.label == "Methods to run").set_value([]).run()
    assert any(b.label == "Run methods" and b.disabled for b in compare.button)


def test_features_show_the_encoder_and_keep_it_in_the_link(folder):
    app = open_page(FEATURES, cohort=folder, input="ecg")
    picker = next(s for s in app.selectbox if s.label == "Encoder")
    assert picker.value == "minirocket" and "Numbers in a token" in words(app)
    calm(picker.select("log_mel").run())
    assert app.query_params["encoder.ecg"] in ("log_mel", ["log_mel"])
    assert not app.error


def test_features_say_that_an_input_is_missing(folder):
    assert "missing" in words(open_page(FEATURES, cohort=folder, case="p05", input="ecg"))


def test_the_map_encodes_the_cohort_and_is_drawn(folder):
    app = finish(open_page(FEATURES, cohort=folder, input="vitals", view="map"))
    assert "32 of 32 cases have this input" in words(app)


def test_the_map_counts_a_case_that_is_set_aside_among_those_with_the_input(folder):
    (Path(folder) / "signals" / "3.npy").write_bytes(b"torn")
    app = finish(open_page(FEATURES, cohort=folder, input="ecg", view="map"))
    assert "31 of 32 cases have this input" in words(app), "one has no ECG, another one that cannot be read"
    assert any(expander.label == "1 case was set aside" for expander in app.expander)


def test_train_warns_of_an_encoder_that_does_not_suit(folder):
    app = open_page(TRAIN, cohort=folder, method="concat", **{"encoder.ecg": 'minirocket {"window": 20}'})
    (warning,) = app.warning
    assert "Does this encoder suit ecg?" in warning.value and "of 12 cases checked" in warning.value
    assert not open_page(TRAIN, cohort=folder, method="concat").warning


def test_a_run_that_does_not_fit_into_memory_cannot_be_started(folder, monkeypatch):
    app = open_page(TRAIN, cohort=folder, method="ecg", **{"encoder.ecg": "gru"})
    monkeypatch.setenv("MMCORE_MEMORY", "100kB")
    press(app, "Train")
    assert "One model of this run takes about" in words(app)
    assert next(button for button in app.button if button.label == "Start").disabled


def test_train_watches_finishes_and_knows_the_run_again(folder):
    app = open_page(TRAIN, cohort=folder, method="gated", effort="custom")
    app.number_input(key="train-folds").set_value(3)
    app.number_input(key="train-seeds").set_value(2)
    app.number_input(key="train-spec-epochs").set_value(3)
    press(app, "Train")
    finish(app)
    assert any(metric.label == "AUROC" for metric in app.metric) and "Trained in" in words(app)
    assert app.query_params["run"]
    press(app, "Train")
    assert "trained before" in words(app), "the same settings are answered at once"


def test_a_published_test_part_is_not_called_a_division_into_one(folder):
    table = pd.read_csv(Path(folder) / "cases.csv")
    table["part"] = ["train", "train", "test", "test"] * (len(table) // 4)
    table.to_csv(Path(folder) / "cases.csv", index=False)
    toml = Path(folder) / "cohort.toml"
    toml.write_text('split = "part"\n' + toml.read_text("utf-8"), "utf-8")
    text = words(open_page(TRAIN, cohort=folder))
    assert "One part of the cases is held out, and judged by models trained on the others." in text
    assert "cut into" not in text


def test_settings_are_searched_for_in_each_fold_and_told(folder, monkeypatch):
    searches = []

    def search(*given, **options):
        searches.append(tuned(*given, **options))
        return searches[0]

    monkeypatch.setattr(settings_form, "SEARCHES", (0, 2))
    monkeypatch.setattr(ready_to_run, "tuned", search)
    app = open_page(TRAIN, cohort=folder, method="concat", effort="custom")
    for key, value in {"train-folds": 2, "train-seeds": 1, "train-spec-epochs": 1}.items():
        app.number_input(key=key).set_value(value)
    app.selectbox(key="train-search").select(2)
    press(app, "Train")
    finish(app)
    assert "Trained in" in words(app) and not app.error
    assert [len(trials) for trials in searches[0].trials] == [2, 2]
    assert app.query_params["run"] in (searches[0].spec.key[:10], [searches[0].spec.key[:10]])
    assert ("Settings chosen" in words(app)) == bool(searches[0].spec.training_by_fold)


def test_every_method_trains_from_the_page(folder):
    app = open_page(TRAIN, cohort=folder, effort="custom")
    for method in fusions:
        app.selectbox(key="train-method").select(method)
        for key, value in {"train-folds": 2, "train-seeds": 1, "train-spec-epochs": 1}.items():
            app.number_input(key=key).set_value(value)
        press(app, "Train")
        finish(app)
        assert "Trained in" in words(app) and not app.error, method


def test_train_shows_the_result_of_the_method_in_the_form(folder):
    cohort = studies.open(folder)
    quick = studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=1))
    runs = {method: studies.train(cohort, studies.plan(cohort, method, None, quick)) for method in ("gated", "late")}
    app = open_page(TRAIN, cohort=folder, run=runs["late"].key[:10])
    assert (
        app.selectbox(key="train-method").value == "late"
        and "Result of late" in words(app)
        and "which is which" in words(app)
    )
    calm(app.selectbox(key="train-method").select("gated").run())
    assert "Result of gated" in words(app) and "Result of late" not in words(app)
    assert "the method tells which is which" in words(app)
    assert app.query_params["run"] in (runs["late"].key[:10], [runs["late"].key[:10]]), "other pages go on as they were"
    calm(app.selectbox(key="train-method").select("concat").run())
    assert "Concat is not trained on this cohort yet" in words(app)


def test_a_run_chosen_on_overview_is_the_one_shown_elsewhere(folder):
    cohort = studies.open(folder)
    quick = studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=1))
    runs = {method: studies.train(cohort, studies.plan(cohort, method, None, quick)) for method in ("gated", "late")}
    app = open_page(None, cohort=folder)
    assert "The model expects" in words(app) or "The models disagree" in words(app)
    assert app.selectbox(key="overview-run").value == runs["gated"].key
    assert "range of single models" not in words(app), "a single model has none"
    calm(app.selectbox(key="overview-run").select(runs["late"].key).run())
    calm(app.switch_page(ATTENTION).run())
    assert app.selectbox(key="attention-run").value == runs["late"].key


def test_encoders_can_be_changed_on_train_and_the_seconds_are_said(folder):
    app = open_page(TRAIN, cohort=folder)
    assert "takes about" in words(app)
    calm(app.selectbox(key=f"short-encoder-{Path(folder).name}-ecg").select("log_mel").run())
    assert app.query_params["encoder.ecg"] in ("log_mel", ["log_mel"]) and "log_mel" in words(app)


def test_train_reports_wrong_settings_in_words(folder):
    app = open_page(TRAIN, cohort=folder, method="gated", effort="custom")
    app.number_input(key="train-folds").set_value(20)
    press(app, "Train")
    assert app.error and "20" in app.error[0].value


def test_compare_runs_the_missing_methods_and_attention_opens_one(folder, monkeypatch):
    monkeypatch.setattr(missing_methods, "_USUAL", run_choice.Setup(2, 1, "auto"))  # which methods, not how thoroughly
    app = open_page(COMPARE, cohort=folder)
    press(app, "Run 8 methods")
    finish(app)
    assert "never saw it" in words(app)
    assert " alone" in words(app), "the best single input is the reference"
    assert any("more methods can be run" in e.label for e in app.expander), "none of the usual ones is missing any more"
    link = {"cohort": folder, "case": "p03"}
    attention = open_page(ATTENTION, **link)
    assert "No model here had seen this case" in words(attention) and "Weight of each input" in words(attention)
    picker = attention.selectbox(key="attention-run")
    calm(picker.select_index(next(i for i, name in enumerate(picker.options) if name.startswith("late"))).run())
    assert "What each input adds" in words(attention) and "Weight of each input" not in words(attention)


def test_attention_of_a_case_that_lacks_an_input_goes_on(folder):
    cohort = studies.open(folder)
    quick = studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=1))
    studies.train(cohort, studies.plan(cohort, "gated", None, quick))
    app = open_page(ATTENTION, cohort=folder, case="p05")
    assert "is missing in this case" in words(app) and not app.error


def test_a_cohort_without_a_target_says_so(folder):
    path = Path(folder) / "cases.csv"
    pd.read_csv(path).drop(columns="label").to_csv(path, index=False)
    (Path(folder) / "cohort.toml").write_text(
        '[inputs.vitals]\nkind = "table"\ncolumns = ["age", "pulse", "sex"]\n', encoding="utf-8"
    )
    for page in (ATTENTION, TRAIN, COMPARE):
        assert open_page(page, cohort=folder).error


def test_a_cohort_of_one_input_is_offered_nothing_to_fuse(tmp_path):
    rows = pd.DataFrame({"age": [30 + 7 * i % 23 for i in range(40)], "target": ["ill", "well"] * 20})
    rows.to_csv(tmp_path / "cases.csv", index=False)
    app = open_page(TRAIN, cohort=str(tmp_path))
    assert "there is nothing to fuse" in words(app) and not app.error
    assert not any(box.label == "Method" for box in app.selectbox)
    assert "gated" not in words(app).lower()
