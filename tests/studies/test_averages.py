"""Averages over a cohort: out of fold, by class, kept, and nothing where a method weighs no tokens."""

import numpy as np
import pytest

from mmcore import studies
from mmcore.base.errors import BadInput
from mmcore.training import TrainingSpec
from tests.pages.opened import folder

__all__ = ["folder"]
QUICK = studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=2, width=8, components=8), plain=False)


def test_averages_are_those_of_the_attention_of_each_case(folder, monkeypatch):
    reference = studies.open(folder)
    runs = studies.compare(reference, ["concat", "transformer"], settings=QUICK).by_method
    run = runs["transformer"]
    result = studies.averages(run, reference)
    assert result["cases"] == result["of"] == 32 and set(result["classes"]) == {"well", "ill"}
    assert {label: mean_of_class["cases"] for label, mean_of_class in result["inputs"]["ecg"].items()} == {
        "well": 16,
        "ill": 15,
    }, "one is missing"
    ill = [i for i, label in enumerate(reference.target) if run.spec.classes[int(label)] == "ill"]
    each = [studies.attend(run, reference, reference.case(reference.ids[i])) for i in ill]
    age = next(row for row in result["inputs"]["vitals"]["ill"]["columns"] if row["column"] == "age")
    assert age["mean"] == pytest.approx(np.mean([3 * read.maps["vitals"][0] for read in each]), abs=1e-4)
    assert studies.averages(runs["concat"], reference)["inputs"] == {}
    monkeypatch.setattr("mmcore.features.encode", None)
    assert studies.averages(run, reference) == result, "read back"
    with pytest.raises(BadInput):
        studies.averages(run, reference.select(reference.ids[:5]))
