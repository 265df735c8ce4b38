"""Attention: weights sum to one, lie on the places of their input, and are empty where a method has none."""

import numpy as np
import pandas as pd
import pytest

from mmcore import explain, studies
from mmcore.base.values import Case, Column
from mmcore.cohorts import Roles
from mmcore.fusion import fusions
from mmcore.training import TrainingSpec


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run of every method on the same small cohort."""
    patch = pytest.MonkeyPatch()
    patch.setenv("MMCORE_HOME", str(tmp_path_factory.mktemp("home")))
    folder = tmp_path_factory.mktemp("cohort")
    rng = np.random.default_rng(0)
    a, b, c = rng.normal(size=(3, 60))
    cases = pd.DataFrame(
        {"id": [f"p{i}" for i in range(60)], "a": a, "b": b, "c": c, "ill": a + rng.normal(size=60) > 0}
    )
    cases.to_csv(folder / "cases.csv", index=False)
    cohort = studies.open(folder, Roles(target="ill", inputs={"blood": "table:a,b", "life": "table:c"}))
    result = studies.compare(
        cohort,
        list(fusions),
        settings=studies.StudySettings(folds=2, seeds=2, training=TrainingSpec(epochs=3), plain=False),
    )
    yield cohort, {name: (run, run.fitted) for name, run in result.by_method.items()}
    patch.undo()


def attend(trained, method, values):
    run, fitted = trained[1][method]
    return explain.attend(fitted, run.spec.make_encoders(), Case("x", values))


@pytest.mark.parametrize("method", list(fusions))
def test_what_a_method_shows_sums_to_one_and_has_places(trained, method):
    seen = attend(trained, method, {"blood": {"a": 1.0, "b": 0.0}, "life": {"c": 2.0}})
    assert seen.probabilities.sum() == pytest.approx(1, abs=1e-4) and seen.spread.shape == (2,)
    assert seen.replicates == 4 and seen.missing == ()
    assert seen.places == {"blood": [Column("a"), Column("b")], "life": [Column("c")]}
    if seen.weights:
        assert sum(mean for mean, _sd in seen.weights.values()) == pytest.approx(1, abs=1e-4)
    for name, weights in seen.maps.items():
        assert weights.shape == (len(seen.places[name]),) and weights.sum() == pytest.approx(1, abs=1e-4)
        assert seen.map_spread[name].shape == weights.shape
    for (to, source), weights in seen.cross.items():
        assert to != source and weights.shape[1] == len(seen.places[source])
        assert weights.sum(-1) == pytest.approx(1, abs=1e-4)


def test_a_missing_input_has_no_map_and_no_weight(trained):
    seen = attend(trained, "cross_attention", {"life": {"c": 2.0}})
    assert seen.missing == ("blood",) and set(seen.maps) == {"life"} and set(seen.places) == {"life"}
    assert seen.weights["blood"][0] == 0 and seen.weights["life"][0] == pytest.approx(1, abs=1e-4)
    assert seen.cross == {}


def test_methods_without_weights_show_none(trained):
    seen = attend(trained, "late", {"blood": {"a": 1.0, "b": 0.0}, "life": {"c": 2.0}})
    assert (seen.weights, seen.maps, seen.cross) == ({}, {}, {})


def test_a_case_without_anything_is_still_answered(trained):
    seen = attend(trained, "gated", {})
    assert seen.missing == ("blood", "life") and np.isfinite(seen.probabilities).all()
