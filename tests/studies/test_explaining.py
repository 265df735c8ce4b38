"""Studies of explanations: shape of the document, what is kept and read back, and honest words about what was found."""

import numpy as np
import pandas as pd
import pytest

from mmcore import studies
from mmcore.base import json_files, languages
from mmcore.base.errors import BadInput, NotFound
from mmcore.base.settings import room
from mmcore.cohorts import Roles
from mmcore.cohorts.heart import build
from mmcore.explain.counterfactual import counterfactuals
from mmcore.runs import store
from mmcore.training import TrainingSpec

QUICK = studies.StudySettings(folds=2, seeds=2, training=TrainingSpec(epochs=4))


def written(folder, cases=50):
    """Two tables; the target is an exclusive or of the signs of a and b, and c says nothing."""
    chance = np.random.default_rng(0)
    a, b, c = chance.normal(size=(3, cases))
    ill = np.where((a > 0) ^ (b > 0), "yes", "no")
    table = pd.DataFrame({"id": [f"p{i}" for i in range(cases)], "a": a, "b": b, "c": c, "ill": ill})
    table.to_csv(folder / "cases.csv", index=False)
    return studies.open(folder, Roles(target="ill", inputs={"left": "table:a,c", "right": "table:b"}))


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return written(tmp_path_factory.mktemp("cohort"))


@pytest.fixture(scope="module", autouse=True)
def shared_home(tmp_path_factory):
    """One home for this file: what is trained once is not trained again."""
    return tmp_path_factory.mktemp("shared home")


@pytest.fixture(autouse=True)
def home(shared_home, monkeypatch):
    monkeypatch.setenv("MMCORE_HOME", str(shared_home))
    return shared_home


def test_real_cohorts_are_tested_by_deletion_and_insertion_only(cohort):
    steps = []
    document = studies.explain(
        cohort, ["concat", "gated", "cross_attention"], settings=QUICK, cases=20, progress=steps.append
    ).document()
    assert document["cases"] == 20 and not document["evidence"] and steps
    assert [row["attention"] for row in document["methods"]] == [None, "inputs", "tokens"]
    for row in document["methods"]:
        assert row["pointing"] is None and row["points"] is None and row["verdict"]
        assert 0 <= row["deletion"] <= 1 and 0 <= row["insertion"] <= 1
        assert row["random_deletion"] == pytest.approx(row["random_insertion"])
        assert {"integrated_gradients", "occlusion", "random"} <= set(row["explanations"])
        assert set(row["shapley"]) == {"left", "right"}
    agreement = document["methods"][2]["agreement"]
    assert set(agreement) == {"integrated_gradients", "input_x_gradient", "occlusion", "shapley"}
    assert document["methods"][0]["agreement"] == {}
    json_files.dumps(document)


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_other_tasks_and_a_single_input(tmp_path, task):
    chance = np.random.default_rng(1)
    a, b = chance.normal(size=(2, 45))
    target = np.array(["low", "mid", "high"])[np.digitize(a, [-0.5, 0.5])] if task == "multiclass" else a + 0.1 * b
    pd.DataFrame({"id": [f"q{i}" for i in range(45)], "a": a, "b": b, "y": target}).to_csv(tmp_path / "cases.csv")
    cohort = studies.open(tmp_path, Roles(target="y", inputs={"one": "table:a,b"}))
    assert cohort.schema.task == task
    result = studies.explain(cohort, settings=QUICK, cases=12)
    assert [row["method"] for row in result.rows] == ["one"]
    row = result.rows[0]
    assert 0 <= row["deletion"] <= 1 and row["verdict"]
    session = studies.what_if(result.by_method["one"], cohort, cohort.case("q3"))
    changes = counterfactuals(session, studies.alternatives(cohort))
    assert changes and all(np.isfinite(change.effect) for change in changes)
    if task == "regression":
        assert not any(change.flips for change in changes)
        assert [abs(change.effect) for change in changes] == sorted(
            (abs(change.effect) for change in changes), reverse=True
        )


def test_results_are_read_back_and_made_again_if_damaged(cohort):
    first = studies.explain(cohort, ["gated"], settings=QUICK, cases=15)
    again = studies.explain(cohort, ["gated"], settings=QUICK, cases=15)
    assert not first.rows[0]["cached"] and again.rows[0]["cached"]
    assert {**first.rows[0], "cached": True} == again.rows[0]
    with languages.speaking("zh"):
        spoken = studies.explained(first.by_method["gated"], 15)
    assert spoken["deletion"] == first.rows[0]["deletion"] and spoken["verdict"] != first.rows[0]["verdict"], (
        "no English"
    )
    for path in room("explanations").iterdir():
        path.write_bytes(path.read_bytes().replace(b"deletion", b"deletiom"))
    mended = studies.explain(cohort, ["gated"], settings=QUICK, cases=15).rows[0]
    assert not mended["cached"] and mended["deletion"] == first.rows[0]["deletion"]


def test_the_synthetic_cohort_is_played_the_pointing_game(cohort):
    heart = build(cases=40)
    only = QUICK.but(seeds=1, training=TrainingSpec(epochs=3))
    encoders = {"note": "glove_6b_50d", "xray": "hog"}
    spec = studies.plan(heart, "cross_attention", encoders, only, inputs=("xray", "note", "labs"))
    row = studies.explain_run(studies.train(heart, spec), heart, cases=30)
    assert set(row["pointing"]) == {"xray", "note", "labs"} and row["points"] is not None
    assert -1 <= row["agreement"]["grad_cam"] <= 1 and set(row["explanations"]["grad_cam"]["pointing"]) == {"xray"}
    text = {name: scores["gap"] for name, scores in row["explanations"].items() if "gap" in scores}
    assert set(text) == {"integrated_gradients"}, "only of what promises to add up"
    assert text["integrated_gradients"] < 0.05
    for hits in row["pointing"].values():
        assert {"hit", "low", "high", "chance", "by"} <= set(hits) and hits["by"] == "attention"
        assert hits["low"] <= hits["hit"] <= hits["high"] and 0 < hits["chance"] < 1


def test_wrong_requests_are_told_before_any_work(cohort):
    with pytest.raises(NotFound, match="gated"):
        studies.explain(cohort, ["gatted"], settings=QUICK)
    with pytest.raises(BadInput, match="0 cases"):
        studies.explain(cohort, ["gated"], settings=QUICK, cases=0)
    run = studies.train(cohort, studies.plan(cohort, "gated", settings=QUICK))
    with pytest.raises(BadInput, match="other data"):
        studies.explain_run(run, cohort.select(cohort.ids[:30]))


def test_robustness_starts_from_the_score_and_compares_modality_dropout(cohort):
    result = studies.robustness(cohort, ["concat"], settings=QUICK, dropouts=(0.0, 0.3))
    assert {row["modality_dropout"] for row in result.rows} == {0.0, 0.3} and len(result.by_method["concat"]) == 2
    run = result.by_method["concat"][0]
    start = [r for r in result.rows if r["level"] == 0 and r["modality_dropout"] == 0.0]
    assert {(r["input"], r["kind"]) for r in start} == {(i, k) for i in ("left", "right") for k in ("absent", "noise")}
    whole = run.metrics[result.metric]
    for row in start:
        assert [row[end] for end in ("mean", "low", "high")] == pytest.approx([whole.mean, whole.low, whole.high])
    assert all(r["low"] <= r["mean"] <= r["high"] for r in result.rows)
    assert studies.robustness(cohort, ["concat"], settings=QUICK, dropouts=(0.0, 0.3)).rows == result.rows
    json_files.dumps(result.document())


def test_information_of_a_cohort_is_taken_apart(cohort):
    result = studies.information(cohort, settings=QUICK)
    document = result.document()
    assert list(document["alone"]) == ["left", "right"] and len(document["pairs"]) == 1
    pair = document["pairs"][0]
    assert set(pair["unique"]) == {"left", "right"} and {"mean", "low", "high"} <= set(pair["synergistic"])
    assert document["entropy"] == pytest.approx(1, abs=0.05) and document["limits"]
    shown = [pair["redundant"], pair["synergistic"], *pair["unique"].values()]
    assert ("do not show what" in pair["text"]) == all(part["low"] <= 0.01 for part in shown)
    assert len(store().summaries(cohort.key)) >= 3
    with pytest.raises(BadInput, match="2 to 6"):
        studies.information(cohort, inputs=["left"])
    with pytest.raises(NotFound, match="'rihgt'"):
        studies.information(cohort, inputs=["left", "right", "rihgt"])


def test_information_is_not_told_of_a_time_to_an_event():
    """Times would be taken for numbers of classes."""
    with pytest.raises(BadInput, match="single class or value"):
        studies.information(studies.open("diabetes", cases=30))
