"""Protects the plain baselines beside a comparison: same cases and folds, kept like runs, and said first when ahead."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from mmcore import studies
from mmcore.cohorts import Roles, folds_of
from mmcore.studies import plain_results
from mmcore.training import TrainingSpec

SETTINGS = studies.StudySettings(folds=3, seeds=1, training=TrainingSpec(epochs=2))
ROLES = Roles(target="ill", inputs={"blood": "table:a,b", "life": "table:c"})


@pytest.fixture
def cohort(tmp_path):
    chance = np.random.default_rng(0)
    a, b, c = chance.normal(size=(3, 90))
    ill = np.where(a + c + 0.7 * chance.normal(size=90) > 0, "yes", "no")
    frame = pd.DataFrame({"id": [f"p{i}" for i in range(90)], "a": a, "b": b, "c": c, "ill": ill})
    frame.loc[:4, "c"] = None
    frame.to_csv(tmp_path / "cases.csv", index=False)
    return studies.open(tmp_path / "cases.csv", ROLES)


def test_every_baseline_is_tried_on_every_input_and_all_together(cohort):
    specs = studies.planned(cohort, settings=SETTINGS)
    results = studies.plain_baselines(cohort, specs.values())
    single = {(name, (input,)) for name in ("logistic", "forest", "boosted") for input in ("blood", "life")}
    together = {(name, ("blood", "life")) for name in ("logistic", "forest", "boosted", "averaged")}
    assert {(result.method, result.inputs) for result in results} == single | together
    folds = folds_of(cohort, "random", 3).folds
    for result in results:
        assert np.isfinite(result.outputs).all() and result.outputs.shape == (1, 90, 2)
        assert result.metrics["auroc"].mean == pytest.approx(roc_auc_score(cohort.target, result.outputs[0, :, 1]))
    blood = next(result for result in results if result.inputs == ("blood",) and result.method == "logistic")
    run = studies.train(cohort, specs["blood"])
    assert all((run.fold_of[test] == i).all() for i, (_train, test) in enumerate(folds)), "the same folds as the runs"
    assert blood.encoders == {"blood": run.spec.encoders["blood"].name}


def test_a_case_without_an_input_is_averaged_over_those_it_has(cohort):
    results = studies.plain_baselines(cohort, studies.planned(cohort, settings=SETTINGS).values())
    by = {(result.method, result.inputs): result.outputs for result in results}
    averaged, blood, life = (
        by[key] for key in (("averaged", ("blood", "life")), *(("logistic", (i,)) for i in ROLES.inputs))
    )
    assert np.allclose(averaged[:, :5], blood[:, :5]), "these cases lack the other input"
    assert np.allclose(averaged[:, 5:], (blood + life)[:, 5:] / 2, atol=1e-6)


def test_what_was_fitted_is_read(cohort, monkeypatch):
    specs = studies.planned(cohort, settings=SETTINGS).values()
    assert studies.plain_on_disk(cohort, specs) is None
    first = studies.plain_baselines(cohort, specs)
    monkeypatch.setattr(plain_results, "begin", lambda *args: pytest.fail("fitted again"))
    again = studies.plain_on_disk(cohort, specs)
    assert not any(result.cached for result in first) and all(result.cached for result in again)
    assert [r.metrics["auroc"].mean for r in again] == [r.metrics["auroc"].mean for r in first]


def test_one_that_is_ahead_is_named_first(cohort):
    comparison = studies.compare(cohort, ["life", "concat"], settings=SETTINGS)
    document = comparison.document()
    assert len(document["plain"]) == 10 and set(document["plain"][0]) >= {"method", "inputs", "metrics"}
    best = studies.best_plain(comparison.plain, "auroc")
    ahead = best.metrics["auroc"].mean - comparison.by_method[comparison.best].metrics["auroc"].mean
    lead = document["plain_lead"]
    assert (lead is not None) == (ahead > 0)
    if lead is not None:
        assert lead["over"] == comparison.best and lead["method"] == best.method
        assert lead["difference"] == pytest.approx(ahead, abs=1e-6) and lead["simultaneous"] is True
        assert lead["verdict"] in ("better", "unsettled") and "more_cases" in lead
    rows = {row["label"]: row["vs_best_method"] for row in document["plain"]}
    assert len(rows) == 10 and all(row["simultaneous"] for row in rows.values()), "one interval for all of them"
    without = studies.compare(cohort, ["life", "concat"], settings=SETTINGS.but(plain=False))
    assert without.plain == [] and without.plain_lead is None


def test_an_input_read_raw_is_left_out_and_said(tmp_path):
    chance = np.random.default_rng(1)
    for i in range(24):
        np.save(tmp_path / f"{i}.npy", chance.normal(size=(1, 64)).astype(np.float32))
    frame = pd.DataFrame(
        {"id": range(24), "wave": [f"{i}.npy" for i in range(24)], "a": range(24), "ill": ["x", "y"] * 12}
    )
    frame.to_csv(tmp_path / "cases.csv", index=False)
    roles = Roles(target="ill", inputs={"wave": "signal:wave", "blood": "table:a"}, rates={"wave": 32})
    cohort = studies.open(tmp_path / "cases.csv", roles)
    specs = studies.planned(cohort, ["wave"], {"wave": "cnn1d"}, SETTINGS).values()
    assert studies.plain_baselines(cohort, specs) == []
    (sentence,) = plain_results.without_features(cohort, specs)
    assert "wave" in sentence and "cnn1d" in sentence
