"""Protects the verdict whether a cohort needs fusion: right on cohorts of known composition, and told what it lacks."""

import numpy as np
import pandas as pd

from mmcore import studies
from mmcore.cohorts import Roles
from mmcore.evaluation import Answer, FusionFinding
from mmcore.training import TrainingSpec

SETTINGS = studies.StudySettings(folds=3, seeds=1, training=TrainingSpec(epochs=8, width=16), plain=False)
ROLES = Roles(target="ill", inputs={"left": "table:a,b", "right": "table:c,d"})


def cohort(folder, kind, cases=500):
    chance = np.random.default_rng(0)
    a, b, c, d = chance.normal(size=(4, cases))
    score = {"one": 3 * a, "additive": 2 * a + 2 * c}[kind] + 0.5 * chance.normal(size=cases)
    frame = pd.DataFrame({"a": a, "b": b, "c": c, "d": d, "ill": np.where(score > 0, "yes", "no")})
    frame.insert(0, "id", [f"p{i}" for i in range(cases)])
    frame.to_csv(folder / "cases.csv", index=False)
    return studies.open(folder / "cases.csv", ROLES)


def test_one_input_that_decides_alone_needs_no_fusion(tmp_path):
    document = studies.compare(cohort(tmp_path, "one"), ["left", "right", "concat"], settings=SETTINGS).document()
    verdict = document["verdict"]
    assert verdict["needs_fusion"] == "no" and "does not need fusion" in verdict["text"]
    assert verdict["finding"] == FusionFinding.ONE_INPUT_SUFFICES and verdict["best_input"] == "left"
    assert verdict["fusion"] == "concat"
    gap = next(row for row in document["methods"] if row["method"] == "right")["vs_best_single"]
    assert gap["simultaneous"] and {"metric", "difference", "low", "high", "verdict", "more_cases"} <= set(gap)
    assert gap["verdict"] == "worse"


def test_of_two_inputs_that_add_up_several_help(tmp_path):
    verdict = studies.compare(cohort(tmp_path, "additive"), ["left", "right", "concat"], settings=SETTINGS).verdict
    assert verdict.need.several_inputs.answer is Answer.YES
    assert verdict.need.beyond_adding is not None, "the linear part of the fusion stands for adding up"
    assert verdict.need.finding is not FusionFinding.INTERACTION


def test_what_is_missing_for_a_verdict_is_told(tmp_path):
    data = cohort(tmp_path, "one", cases=60)
    verdict = studies.compare(data, ["left", "concat"], settings=SETTINGS).verdict
    assert verdict.needs_fusion is Answer.UNSETTLED and "every input alone" in verdict.text and verdict.need is None
    alone = studies.open(tmp_path / "cases.csv", Roles(target="ill", inputs={"left": "table:a,b"}, ignore=("c", "d")))
    verdict = studies.compare(alone, ["left"], settings=SETTINGS).verdict
    assert verdict.needs_fusion is Answer.NO and "one input" in verdict.text
