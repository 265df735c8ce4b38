"""Protects what Compare puts side by side: runs that differ in nothing but their method, and a word where they do."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from mmcore import runs, studies
from mmcore.evaluation import Confusion
from mmcore.evaluation.net_benefit import DecisionCurve
from mmcore.training import TrainingSpec
from pages.study.compare import decisions, findings, input_lattice
from tests.pages import opened
from tests.pages.opened import COMPARE, calm, finish, folder, open_page, press, words

__all__ = ["folder"]


def compared(folder: str, methods: tuple[str, ...], encoders: dict[str, str] | None = None, **training) -> dict:
    spec = TrainingSpec(**{"epochs": 2, "width": 8, "components": 8} | training)
    return opened.compared(folder, methods, studies.StudySettings(folds=2, seeds=1, training=spec), encoders)


def shown_runs(app) -> set[str]:
    table = next(frame.value for frame in app.dataframe if "shown" in frame.value)
    return set(table.index[table["shown"]])


def test_compare_says_that_runs_had_other_encoders_and_offers_to_run_them(folder):
    old = compared(folder, ("ecg", "vitals", "gated"))
    link = {"cohort": folder, "encoder.ecg": "log_mel"}
    app = open_page(COMPARE, **link)
    sentence = words(app)
    assert "than those chosen now:** ecg, gated." in sentence and "of the runs below used others" in sentence
    assert "tested in 2 parts (folds), 1 seed" in sentence
    offered = next(m for m in app.multiselect if m.label == "Methods to run").value
    assert {"ecg", "gated"} <= set(offered) and "vitals" not in offered, "its encoder is the same"
    assert shown_runs(app) == {run.key for run in old.values()}
    new = compared(folder, ("gated",), {"ecg": "log_mel"})
    app = open_page(COMPARE, **link)
    assert shown_runs(app) == {new["gated"].key, old["vitals"].key}, "runs of other encoders are not mixed in"
    assert "runs below used others" not in words(app)


def test_compare_names_in_what_runs_differ_beside_their_method(folder):
    reference = studies.open(folder)
    encoders = studies.default_encoders(reference)
    quick = studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=2, width=8, components=8))
    plain = compared(folder, ("vitals", "transformer"))
    assert "not due to the method alone" not in words(open_page(COMPARE, cohort=folder))
    jitter = {"ecg": ["noise"]}
    varied = studies.train(
        reference,
        studies.plan(reference, "gated", encoders, quick.but(augmentations=jitter, copies=1)),
    )
    other = studies.train(
        reference,
        studies.plan(reference, "transformer", encoders, quick.but(fusion_options={"transformer": {"layers": 1}})),
    )
    both = ",".join(run.key[:8] for run in (plain["transformer"], other))
    sentence = words(open_page(COMPARE, cohort=folder, shown=both))
    assert "differ in options of transformer" in sentence
    mixed = ",".join(run.key[:8] for run in (plain["transformer"], varied))
    assert "differ in augmentation of ecg" in words(open_page(COMPARE, cohort=folder, shown=mixed))


def test_where_the_runs_picked_leave_the_question_open_a_press_beside_it_shows_all_again(folder):
    usual = compared(folder, ("ecg", "vitals", "transformer"))
    picked = usual["transformer"].key
    app = open_page(COMPARE, cohort=folder, shown=picked[:8])
    assert "compare every input alone and a fusion of all of them" in words(app) and shown_runs(app) == {picked}
    app.button(key="need-usual").click()
    app.run()
    assert {run.key for run in usual.values()} <= shown_runs(app)


def test_what_information_there_is_belongs_to_one_setting(folder):
    compared(folder, ("ecg", "gated"))
    other = compared(folder, ("transformer",), epochs=3)["transformer"]
    app = open_page(COMPARE, cohort=folder, look="information")
    assert "The runs shown differ in training settings (epochs)" in words(app), "nothing is estimated for a mixture"
    app = open_page(COMPARE, cohort=folder, look="information", shown=other.key[:8])
    press(app, "Estimate the kinds of information")
    finish(app)
    assert "Kinds of information in each pair of inputs" in words(app) and not app.error
    reference = studies.open(folder)
    trained = [
        run.spec.training for run in map(runs.store().find, [s.key for s in runs.store().summaries(reference.key)])
    ]
    assert sum(spec == other.spec.training for spec in trained) == 4, "single inputs and the pair, trained as shown"
    gated = next(s.key for s in runs.store().summaries(reference.key) if s.method == "gated")
    again = open_page(COMPARE, cohort=folder, look="information", shown=gated[:8])
    assert any("Estimate" in b.label for b in again.button), "what was found out for another setting is not shown"


def test_a_twin_without_modality_dropout_is_trained_and_drawn_beside_its_run(folder):
    run = compared(folder, ("ecg", "vitals", "gated"))["gated"]
    app = open_page(COMPARE, cohort=folder, look="robustness")
    finish(press(app, "Take inputs away"))
    assert "dotted" not in words(app)
    press(app, "Train without it")
    finish(app)
    sentence = words(app)
    assert "dotted: trained without modality dropout" in sentence and not app.error
    figure = json.loads(next(c for c in app.get("plotly_chart") if "robust-absent" in c.proto.id).proto.spec)
    lines = {trace["name"]: trace["line"] for trace in figure["data"] if trace.get("name")}
    assert set(lines) == {"gated", "gated, without modality dropout"}
    assert lines["gated"]["color"] == lines["gated, without modality dropout"]["color"]
    assert {name: line["dash"] for name, line in lines.items()}["gated, without modality dropout"] == "dot"
    twin = runs.store().find(studies.twin(run.spec).key)
    assert twin.spec.training == run.spec.training.model_copy(update={"modality_dropout": 0.0})
    assert run.key in shown_runs(open_page(COMPARE, cohort=folder)), "the twin does not stand for its method"


def test_the_axis_says_what_noise_is(folder):
    compared(folder, ("ecg", "vitals", "gated"))
    app = open_page(COMPARE, cohort=folder, look="robustness")
    finish(press(app, "Take inputs away"))
    calm(app.segmented_control(key="stress-kind").set_value("noise").run())
    assert "shifted by another case's distance from the average" in words(app)
    assert "standard deviations of each feature" not in words(app)


def test_decision_curves_stand_with_the_best_fusion_first_and_the_best_single_input_beside_it(folder):
    by_method = compared(folder, ("ecg", "vitals", "gated"))
    app = open_page(COMPARE, cohort=folder, look="decisions")
    assert not app.error
    figure = json.loads(next(c for c in app.get("plotly_chart") if "decisions" in c.proto.id).proto.spec)
    names = [trace["name"] for trace in figure["data"] if trace.get("name")]
    single = max(("ecg", "vitals"), key=lambda name: by_method[name].metrics["auroc"].mean)
    assert names[:4] == ["act on every case", "act on none", "gated", single]


def test_the_curve_of_calibration_names_the_error_of_the_table(folder):
    by_method = compared(folder, ("ecg", "vitals", "gated"))
    app = open_page(COMPARE, cohort=folder, look="curves")
    assert not app.error
    names = [trace["name"] for trace in figure_of(app, "calibration")["data"] if trace.get("name")]
    for method in ("gated", max(("ecg", "vitals"), key=lambda name: by_method[name].metrics["auroc"].mean)):
        error = f"{by_method[method].metrics['ece'].mean:.3f}"
        assert any(name.startswith(method) and name.endswith(error) for name in names)


def test_methods_are_held_against_the_best_single_input_with_intervals_for_all_together(folder):
    by_method = compared(folder, ("ecg", "vitals", "gated", "concat"))
    app = open_page(COMPARE, cohort=folder)
    figure = json.loads(next(c for c in app.get("plotly_chart") if "forest-auroc" in c.proto.id).proto.spec)
    single = max(("ecg", "vitals"), key=lambda name: by_method[name].metrics["auroc"].mean)
    beside = [trace["name"] for trace in figure["data"] if trace.get("name") and trace["xaxis"] == "x2"]
    assert set(beside) == set(by_method) - {single}
    headings = [text for text in figure["layout"]["yaxis"]["ticktext"] if text.startswith("<i>")]
    assert headings == ["<i>Single inputs</i>", "<i>Fusion</i>", "<i>Plain baselines</i>"]
    ticks = sorted(zip(figure["layout"]["yaxis"]["tickvals"], figure["layout"]["yaxis"]["ticktext"], strict=True))
    beside = [text for _y, text in ticks]
    plain = beside[beside.index("<i>Plain baselines</i>") + 1 :]
    assert "Random forest" in plain and sum(": " in name for name in plain) == 1, "all inputs, and the best single one"
    assert "because several methods are compared" in words(app) and "textbook methods" in words(app)


def figure_of(app, key: str) -> dict:
    return json.loads(next(c for c in app.get("plotly_chart") if key in c.proto.id).proto.spec)


def test_every_subset_of_the_inputs_is_trained_on_request_and_drawn(folder):
    compared(folder, ("ecg", "vitals", "gated"))
    app = open_page(COMPARE, cohort=folder, look="inputs")
    assert "takes about" in words(app), "the time is told before one presses"
    finish(press(app, "Train every subset"))
    assert not app.error
    inputs = studies.usable_inputs(studies.open(folder))
    columns = {t["x"][0] for t in figure_of(app, "lattice-subsets")["data"] if t.get("marker", {}).get("size") == 11}
    rows = figure_of(app, "lattice-contributions")["layout"]["yaxis"]["ticktext"]
    assert len(columns) == 2 ** len(inputs) - 1 and {row.strip("<b>/") for row in rows} == set(inputs)
    assert not [c for c in app.get("plotly_chart") if "lattice-costs" in c.proto.id], "no cost was given"
    calm(app.number_input(key=f"lattice-cost-{inputs[0]}").set_value(5.0).run())
    assert not app.error and figure_of(app, "lattice-costs")["layout"]["xaxis"]["title"]["text"].startswith("cost")


def test_what_an_input_adds_to_an_error_is_told_as_less_of_it():
    shares = pd.DataFrame({"input": ["labs", "note"], "mean": [3.2, -0.4]})
    assert "Labs adds most: it lowers RMSE by 3" in input_lattice.finding(shares, "rmse")
    assert "Note adds least: it raises RMSE by 0" in input_lattice.finding(shares, "rmse")
    assert "Note adds least: it lowers RMSE by 0" in input_lattice.finding(shares.assign(mean=[3.2, 0.4]), "rmse")
    worse = input_lattice.finding(shares.assign(mean=[-0.4, -3.2]), "rmse")
    assert (
        worse.startswith("No input lowers RMSE")
        and "labs raises it least, by 0.4" in worse
        and "note raises it most, by 3.2" in worse
        and "−" not in worse
    )
    assert "Labs adds most: +" in input_lattice.finding(shares, "auroc")
    lower = input_lattice.finding(shares.assign(mean=[-0.1, -0.2]), "auroc")
    assert lower.startswith("No input raises AUROC") and "labs lowers it least, by 0.1" in lower and "−" not in lower


def test_what_takes_no_time_needs_no_press(folder):
    compared(folder, ("ecg", "vitals", "concat"))
    app = finish(open_page(COMPARE, cohort=folder, look="inputs"))
    assert not any("Train every subset" in b.label for b in app.button), "every subset is trained already"
    assert figure_of(app, "lattice-subsets")["data"] and not app.error


def test_whether_the_cohort_needs_fusion_comes_first_with_what_it_rests_on(folder):
    compared(folder, ("ecg", "gated"))
    app = open_page(COMPARE, cohort=folder)
    assert "compare every input alone and a fusion of all of them" in words(app)
    compared(folder, (*studies.usable_inputs(studies.open(folder)), "gated"))
    app = open_page(COMPARE, cohort=folder)
    shown = [block.value for block in app.markdown]
    first, second = (next(i for i, text in enumerate(shown) if part in text) for part in ("need fusion?", " alone"))
    assert first < second, "the answer for the cohort, then that for the methods"
    names = figure_of(app, "fusion-need")["layout"]["yaxis"]["ticktext"]
    assert any("gated against the average of single-input models" in name for name in names) and not app.error
    assert "✓\u00a0better" in words(app), "a mark and its word stay on one line"


def test_with_few_groups_the_score_of_each_stands_in_place_of_an_interval(tmp_path, monkeypatch):
    monkeypatch.setenv("MMCORE_HOME", str(tmp_path / "home"))
    made, rng = tmp_path / "cohort", np.random.default_rng(0)
    made.mkdir()
    rows = pd.DataFrame({"a": rng.normal(size=90), "b": rng.normal(size=90)})
    rows["site"] = [f"site {i % 3}" for i in range(90)]
    rows["sick"] = np.where(rows["a"] + rng.normal(size=90) > 0, "yes", "no")
    rows.to_csv(made / "cases.csv", index=False)
    cohort = 'target = "sick"\ngroup = "site"\n[inputs.one]\nkind = "table"\ncolumns = ["a"]\n'
    (made / "cohort.toml").write_text(cohort + '[inputs.two]\nkind = "table"\ncolumns = ["b"]\n')
    compared(str(made), ("one", "two", "concat"))
    app = open_page(COMPARE, cohort=str(made))
    assert not app.error
    assert list(figure_of(app, "groups-auroc")["layout"]["yaxis"]["tickvals"]) == [0, 1, 2]


def test_decisions_begin_with_the_longest_stretch_of_thresholds_at_which_fusion_is_worth_more():
    thresholds, nothing = np.arange(1, 11) / 100, np.zeros(10)
    low = np.array([0.1, -1, -1, 0.1, 0.1, 0.1, np.nan, 0.1, -1, -1])
    gain = DecisionCurve(thresholds, nothing, low, nothing, nothing)
    assert decisions.finding(gain, "concat", "ecg").startswith("At every threshold from 4% to 6%, concat is shown")
    once = DecisionCurve(thresholds, nothing, np.where(thresholds == 0.04, 0.1, -1), nothing, nothing)
    assert decisions.finding(once, "concat", "ecg").startswith("At the threshold of 4%, concat is shown")
    never = DecisionCurve(thresholds, nothing, nothing - 1, nothing, nothing)
    assert decisions.finding(never, "concat", "ecg").startswith("At no threshold is concat shown")


def test_the_most_frequent_mistake_is_that_of_the_largest_share_of_a_class():
    table = Confusion(("none", "benign", "malignant"), np.array([[80, 20, 0], [1, 5, 4], [0, 30, 70]]))
    assert findings.most_mistaken("mlp", table) == (
        "MLP takes 40% of the cases of “benign” for “malignant”: none of its mistakes is likelier."
    ), "more cases are mistaken of other classes, which are larger"
    right = Confusion(("no", "yes"), np.diag([3, 4]))
    assert findings.most_mistaken("mlp", right) == "MLP is right on every case."


def test_what_the_best_method_costs_is_told_beside_the_slowest():
    rows = pd.DataFrame({"method": ["concat", "cross_attention"], "mean": [0.9, 0.8], "seconds": [2.4, 100.0]})
    assert findings.what_the_best_costs(rows, "auroc") == (
        "Concat does best (AUROC 0.900), trained in 3 s; the slowest, cross attention, took 2 min."
    )
    assert findings.what_the_best_costs(rows, "rmse") == "Cross attention does best (RMSE 0.800), trained in 2 min."
