"""Protects the lattice of inputs: every subset trained once, and shares that add up to what all inputs are worth."""

import numpy as np
import pandas as pd
import pytest

from mmcore import studies
from mmcore.base.errors import BadInput, MMError
from mmcore.cohorts import Roles
from mmcore.runs import store
from mmcore.training import TrainingSpec

SETTINGS = studies.StudySettings(folds=3, seeds=1, training=TrainingSpec(epochs=3, width=8))


@pytest.fixture
def cohort(tmp_path):
    chance = np.random.default_rng(0)
    a, b, c = chance.normal(size=(3, 150))
    ill = np.where(a + 0.5 * b + 0.5 * chance.normal(size=150) > 0, "yes", "no")
    frame = pd.DataFrame({"id": [f"p{i}" for i in range(150)], "a": a, "b": b, "c": c, "ill": ill})
    frame.to_csv(tmp_path / "cases.csv", index=False)
    roles = Roles(target="ill", inputs={"first": "table:a", "second": "table:b", "noise": "table:c"})
    return studies.open(tmp_path / "cases.csv", roles)


def test_every_subset_is_trained_and_shares_add_up(cohort):
    costs = {"first": 10.0, "second": 2.0, "noise": 0.0}
    steps = []
    document = studies.lattice(cohort, settings=SETTINGS, costs=costs, progress=steps.append).document()
    subsets = {tuple(row["inputs"]): row for row in document["subsets"]}
    assert len(subsets) == 7 and subsets["first", "second"]["cost"] == 12
    assert (steps[-1].done, steps[-1].total) == (7, 7)
    shares = {row["input"]: row for row in document["shapley"]}
    assert sum(row["mean"] for row in shares.values()) == pytest.approx(document["everything"] - document["nothing"])
    assert shares["first"]["mean"] > shares["second"]["mean"] > shares["noise"]["mean"]
    assert shares["first"]["low"] < shares["first"]["mean"] < shares["first"]["high"]
    assert shares["second"]["per_cost"] == pytest.approx(shares["second"]["mean"] / 2)
    assert shares["noise"]["per_cost"] is None, "what costs nothing has no value per cost"
    gains = [row["gain"] for row in document["gains"] if row["input"] == "second" and row["to"] == ["first"]]
    assert gains == [pytest.approx(subsets["first", "second"]["mean"] - subsets["first",]["mean"])]
    trained = len(store().summaries(cohort.key))
    studies.lattice(cohort, settings=SETTINGS)
    assert len(store().summaries(cohort.key)) == trained == 7, "nothing is trained twice"


@pytest.mark.parametrize(
    "requested, words",
    [
        ({"inputs": ["first"]}, "2 to 5 inputs, not 1"),
        ({"inputs": ["first", "secnd"]}, "secnd"),
        ({"costs": {"first": -1.0}}, "cannot cost"),
        ({"costs": {"frist": 1.0}}, "frist"),
    ],
)
def test_what_cannot_be_asked_is_told_before_any_work(cohort, requested, words):
    with pytest.raises(MMError, match=words):
        studies.lattice(cohort, settings=SETTINGS, **requested)
    assert store().summaries(cohort.key) == []


def test_a_cohort_with_one_input_has_no_lattice(tmp_path, cohort):
    alone = studies.open(tmp_path / "cases.csv", Roles(target="ill", inputs={"first": "table:a"}, ignore=("b", "c")))
    with pytest.raises(BadInput, match="not 1"):
        studies.lattice(alone, settings=SETTINGS)
