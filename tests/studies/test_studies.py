"""Studies: trained once and then read, every method scored on the same cases, new cases answered honestly."""

import json

import numpy as np
import pandas as pd
import pytest

from mmcore import evaluation, runs, studies
from mmcore.base.errors import BadInput, Cancelled, NotFound
from mmcore.base.values import Case
from mmcore.cohorts import Roles
from mmcore.fusion import fusions
from mmcore.studies.method_choice import check_methods
from mmcore.studies.planning import plan
from mmcore.studies.training import training_data
from mmcore.training import TrainingSpec
from mmcore.training.blend import rows_apart
from mmcore.training.replicates import replicates_of

QUICK = studies.StudySettings(folds=3, seeds=2, training=TrainingSpec(epochs=8), plain=False)
ROLES = Roles(target="ill", group="site", inputs={"blood": "table:a,b", "life": "table:c,smoker"})


def table(cases=90, seed=0):
    """Two inputs that each know half of the answer."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=(3, cases))
    smoker = rng.choice(["yes", "no"], cases)
    odds = 1.6 * a + 1.6 * c + (smoker == "yes")
    ill = np.where(rng.random(cases) < 1 / (1 + np.exp(-odds)), "ill", "well")
    return pd.DataFrame(
        {
            "id": [f"p{i:03}" for i in range(cases)],
            "a": a,
            "b": b,
            "c": c,
            "smoker": smoker,
            "ill": ill,
            "site": np.arange(cases) % 15,
        }
    )


@pytest.fixture
def path(tmp_path):
    cases = table()
    cases.loc[:5, ["a", "b"]] = None  # missing in one input
    cases.loc[3:4, ["c", "smoker"]] = None  # missing in both
    cases.loc[80:, "ill"] = None  # without target
    cases.to_csv(tmp_path / "cases.csv", index=False)
    return tmp_path / "cases.csv"


@pytest.fixture
def cohort(path):
    return studies.open(path, ROLES)


def test_the_defaults_are_single_inputs_first_then_fusions(cohort):
    methods = studies.default_methods(cohort)
    assert methods[:2] == ["blood", "life"] and "concat" in methods[2:] and "cross_attention" in methods
    assert {name: choice.name for name, choice in studies.default_encoders(cohort).items()} == {
        "blood": "columns",
        "life": "columns",
    }


def test_six_methods_are_compared_unless_all_are_asked_for(cohort, tmp_path):
    six = ["concat", "mlp", "late", "gated", "modality_attention", "cross_attention"]
    assert studies.default_methods(cohort)[2:] == six
    every = studies.all_methods(cohort)
    assert every[:2] == ["blood", "life"] and set(every[2:]) == set(fusions)
    assert check_methods(cohort, ["gated", "all"])[0] == "gated" and set(check_methods(cohort, ["all"])) == set(every)
    table().rename(columns={"a": "all"}).to_csv(tmp_path / "named.csv", index=False)
    named = studies.open(tmp_path / "named.csv", Roles(target="ill", inputs={"all": "table:all", "life": "table:c"}))
    assert check_methods(named, ["all"]) == ["all"]


def test_one_input_is_compared_alone_but_a_fusion_may_be_asked_for(path):
    single = studies.open(path, Roles(target="ill", inputs={"blood": "table:a,b"}))
    assert studies.default_methods(single) == ["blood"]
    result = studies.compare(single, ["blood", "gated"], settings=QUICK)
    assert [row["method"] for row in result.document()["methods"]] == ["blood", "gated"]


def test_compare_scores_all_methods_on_the_same_cases(cohort):
    result = studies.compare(cohort, ["blood", "life", "concat", "late"], settings=QUICK)
    document = result.document()
    assert json.loads(json.dumps(document)) and document["cases"] == 80 and document["split"] == "group"
    assert {run.cases for run in result.runs} == {80}, "a case that lacks every input is still predicted"
    for run in result.runs:
        scored = np.isfinite(run.outputs).all((0, 2))
        assert (scored == cohort.labelled).all()
    rows = {row["method"]: row for row in document["methods"]}
    assert rows[document["best_single"]]["vs_best_single"] is None
    gap = rows["concat"]["vs_best_single"]
    best = result.by_method[document["best_single"]]
    assert gap["metric"] == "auroc" and gap["low"] <= gap["difference"] <= gap["high"]
    assert gap["difference"] == pytest.approx(rows["concat"]["metrics"]["auroc"]["mean"] - best.metrics["auroc"].mean)
    assert set(rows["concat"]["metrics"]) == set(evaluation.metrics_of("binary"))
    assert result.best in rows


def test_the_same_again_is_read(cohort, path):
    first = studies.compare(cohort, ["concat"], settings=QUICK)
    again = studies.compare(studies.open(path, ROLES), ["concat"], settings=QUICK)
    assert [run.cached for run in first.runs + again.runs] == [False, True]
    assert repr(again.runs[0].metrics) == repr(first.runs[0].metrics)  # no interval is NaN, which equals nothing


def test_a_default_option_said_or_not_is_the_same_run(cohort):
    output = studies.plan(
        cohort, "cross_attention", settings=QUICK.but(fusion_options={"cross_attention": {"heads": 2}})
    )
    assert output.key == studies.plan(cohort, "cross_attention", settings=QUICK).key
    assert (
        output.key
        != studies.plan(
            cohort, "cross_attention", settings=QUICK.but(fusion_options={"cross_attention": {"heads": 1}})
        ).key
    )


def test_changed_data_is_another_run(cohort, path):
    spec = studies.plan(cohort, "concat", settings=QUICK)
    changed = pd.read_csv(path)
    changed.loc[10, "a"] = 99.0
    changed.to_csv(path, index=False)
    other = studies.open(path, ROLES)
    assert studies.plan(other, "concat", settings=QUICK).key != spec.key
    with pytest.raises(BadInput, match="other data"):
        studies.train(other, spec)


def test_cancelling_keeps_nothing(cohort):
    def stop(step):
        if step.live:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        studies.compare(cohort, ["concat"], progress=stop, settings=QUICK)
    assert runs.store().summaries() == []


def test_progress_tells_the_method_and_live_numbers(cohort):
    steps = []
    studies.compare(cohort, ["blood", "gated"], progress=steps.append, settings=QUICK)
    assert any(step.label.startswith("gated (2 of 2)") for step in steps)
    assert any("train_loss" in step.live and step.live["method"] == "blood" for step in steps)
    shares = [step.share for step in steps]
    assert shares == sorted(shares) and shares[-1] == 1, "what is left is judged by it, so it never goes back"


def test_wrong_names_are_told_together_before_any_work(cohort):
    with pytest.raises(BadInput) as error:
        studies.compare(cohort, ["gatted", "blod"], settings=QUICK)
    assert "gated" in str(error.value) and "'blood'" in str(error.value)
    with pytest.raises(NotFound, match="encoder"):
        studies.plan(cohort, "concat", {"blood": "colums"})


@pytest.mark.parametrize(
    "roles, options, words",
    [
        ({"target": "nothing"}, {}, "no column named 'nothing'"),
        ({}, {"folds": 40}, "groups, fewer than the 40 folds"),
        ({}, {"seeds": 0}, "0 seeds"),
        ({}, {"split": "wild"}, "no split named 'wild'"),
        ({"group": None}, {"split": "group"}, "no groups"),
    ],
)
def test_what_cannot_be_studied_is_one_sentence(path, roles, options, words):
    from mmcore.base.errors import MMError

    with pytest.raises(MMError, match=words):
        frame = pd.read_csv(path).drop(columns="site") if roles.get("group", 1) is None else None
        if frame is not None:
            frame.to_csv(path, index=False)
        studies.compare(studies.open(path, ROLES.model_copy(update=roles)), ["concat"], settings=QUICK.but(**options))


def test_predicting_known_cases_is_out_of_fold_whatever_their_id(cohort, path, tmp_path):
    run = studies.train(cohort, studies.plan(cohort, "concat", settings=QUICK))
    reference = {prediction.id: prediction for prediction in studies.predict(run, studies.open_for(run, path))}
    assert len(reference) == 90
    assert reference["p020"].out_of_fold and not reference["p085"].out_of_fold, "the latter had no target to train on"
    row = run.ids.index("p020")
    assert list(reference["p020"].probabilities.values()) == pytest.approx(run.outputs[:, row].mean(0), abs=1e-4)
    renamed = pd.read_csv(path).assign(id=[f"x{i}" for i in range(90)]).drop(columns=["ill", "site"])
    renamed.to_csv(tmp_path / "new.csv", index=False)
    again = studies.predict(run, studies.open_for(run, tmp_path / "new.csv"))
    assert again[20].id == "x20" and again[20].out_of_fold
    assert again[20].probabilities == pytest.approx(reference["p020"].probabilities)


def test_predicting_new_cases_with_columns_absent_and_categories_unseen(cohort, tmp_path):
    run = studies.train(cohort, studies.plan(cohort, "modality_attention", settings=QUICK))
    new = pd.DataFrame({"id": ["n1", "n2"], "c": [0.5, None], "smoker": ["sometimes", None]})
    new.to_csv(tmp_path / "new.csv", index=False)
    first, second = studies.predict(run, studies.open_for(run, tmp_path / "new.csv"))
    assert first.missing == ("blood",) and first.weights["life"] == pytest.approx(1, abs=1e-4)
    assert second.missing == ("blood", "life") and sum(second.probabilities.values()) == pytest.approx(1, abs=1e-5)
    with pytest.raises(BadInput, match="none of the columns"):
        pd.DataFrame({"id": ["n1"], "z": [1]}).to_csv(tmp_path / "other.csv", index=False)
        studies.open_for(run, tmp_path / "other.csv")


def test_an_exported_run_predicts_the_same_elsewhere(cohort, path, tmp_path, monkeypatch):
    run = studies.train(cohort, studies.plan(cohort, "gated", settings=QUICK))
    here = studies.predict(run, studies.open_for(run, path))
    folder = studies.export(run, tmp_path / "out")
    monkeypatch.setenv("MMCORE_HOME", str(tmp_path / "elsewhere"))
    moved = runs.open_folder(folder)
    assert studies.predict(moved, studies.open_for(moved, path)) == here
    card = (folder / "README.md").read_text()
    assert "Not for clinical use" in card and "AUROC" in card
    assert not moved.ids and moved.target is None and moved.outputs is None
    assert not any(b"p020" in file.read_bytes() for file in folder.iterdir()), "no id leaves with a model"
    with pytest.raises(BadInput, match="not empty"):
        studies.export(run, folder)


def test_attending_a_known_case_asks_only_who_had_not_seen_it(cohort):
    run = studies.train(cohort, studies.plan(cohort, "cross_attention", settings=QUICK))
    seen = studies.attend(run, cohort, cohort.case("p020"))
    assert seen.out_of_fold and seen.replicates == 2
    assert seen.probabilities == pytest.approx(run.outputs[:, run.ids.index("p020")].mean(0), abs=1e-4)
    fresh = studies.attend(run, None, Case("upload", {"blood": {"a": 1.0, "b": 0.0}}))
    assert not fresh.out_of_fold and fresh.replicates == 6 and fresh.missing == ("life",)


def test_regression_is_compared_by_rmse(tmp_path):
    rng = np.random.default_rng(0)
    frame = table(80).drop(columns="ill").assign(dose=rng.normal(size=80))
    frame["dose"] += 3 * frame["a"]
    frame.to_csv(tmp_path / "cases.csv", index=False)
    cohort = studies.open(
        tmp_path, Roles(target="dose", inputs={"blood": "table:a,b", "life": "table:c,smoker"}, ignore=("site",))
    )
    document = studies.compare(cohort, ["blood", "life", "concat"], settings=QUICK).document()
    assert document["task"] == "regression" and (document["metric"], document["better"]) == ("rmse", "lower")
    assert document["best_single"] == "blood"
    run = runs.store().get(document["methods"][2]["run"])
    output = studies.predict(run, cohort)[0]
    assert isinstance(output.prediction, float) and output.probabilities == {}


def test_two_who_ask_for_the_same_run_train_it_once(cohort):
    from concurrent.futures import ThreadPoolExecutor

    spec = studies.plan(cohort, "concat", settings=QUICK)
    with ThreadPoolExecutor(4) as pool:
        result = list(pool.map(lambda _: studies.train(cohort, spec), range(4)))
    assert sorted(run.cached for run in result) == [False, True, True, True]


def test_copies_of_a_case_are_not_divided_within_a_training_fold(tmp_path):
    """What early stopping and penalties are chosen by would else have been learnt by heart."""
    once = table(30).drop(columns="site")
    twice = pd.concat([once, once.assign(id=[f"q{i:03}" for i in range(30)])])
    twice.to_csv(tmp_path / "cases.csv", index=False)
    cohort = studies.open(tmp_path, Roles(target="ill", inputs={"all": "table:a,b,c,smoker"}))
    data = training_data(cohort, plan(cohort, "all", settings=QUICK))
    assert data.groups is not None and len(set(data.groups)) == 30
    made = replicates_of(
        data.task, data.values, data.groups, data.folds, seeds=2, validation=0.2, same_validation=False
    )
    assert all(rows_apart(each.fit, each.valid, data.groups) for each in made)
