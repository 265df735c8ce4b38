"""Every fusion method learns from made-up cases of four kinds, from real ECGs and from real digits."""

import numpy as np
import pandas as pd

from mmcore import studies
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort, Roles
from mmcore.fusion import fusions
from mmcore.runs import EncoderChoice
from mmcore.training import TrainingSpec

CHEAP = {
    Kind.IMAGE: EncoderChoice(name="hog", options={"cells": 4}),
    Kind.TEXT: EncoderChoice(name="tfidf_svd", options={"buckets": 256, "components": 8}),
    Kind.SIGNAL: EncoderChoice(name="log_mel", options={"channels": 1}),
    Kind.TABLE: EncoderChoice(name="columns"),
}
QUICK = TrainingSpec(epochs=10, learning_rate=1e-2, width=16, components=0, dropout=0.0)
ECG = Roles(
    target="label", group="group", inputs={"ecg": "signal:signal", "report": "text:text", "person": "table:age,sex"}
)
DIGITS = Roles(target="label", group="group", inputs={"image": "image:image", "sound": "signal:audio"})


def excerpt(cohort: Cohort, each: int, by: list[str]) -> Cohort:
    """The first `each` cases of every class, or of every class in every group."""
    facts = pd.DataFrame({"class": cohort.target, "group": cohort.groups}, index=cohort.ids)
    return cohort.select(facts.groupby(by).head(each).index)


def learn_all(cohort: Cohort, split: str) -> list[float]:
    """Train every input alone and every fusion method on two folds; AUROC of the fusion methods."""
    methods = studies.all_methods(cohort)
    encoders = {name: CHEAP[spec.kind] for name, spec in cohort.inputs.items()}
    result = studies.compare(
        cohort, methods, encoders, studies.StudySettings(folds=2, seeds=1, split=split, training=QUICK, plain=False)
    )
    assert list(result.by_method) == methods and set(methods) == {*cohort.inputs, *fusions}
    for method, run in result.by_method.items():
        assert run.cases == len(cohort) and np.isfinite(run.outputs).all(), method
        assert np.ptp(run.outputs, axis=1).max() > 0.01, f"{method} gives every case the same answer"
        assert run.metrics and np.isfinite([metric.mean for metric in run.metrics.values()]).all(), method
        assert all(np.isfinite([metric.low, metric.high]).all() or metric.note for metric in run.metrics.values()), (
            method
        )
    return [result.by_method[method].metrics["auroc"].mean for method in fusions]


def test_on_the_built_in_cohort():
    cohort = studies.open("heart", cases=60)
    assert {spec.kind for spec in cohort.inputs.values()} == set(Kind)
    assert np.median(learn_all(cohort, "random")) > 0.6


def test_on_real_ecgs_with_reports(shared_data):
    cohort = excerpt(studies.open(shared_data / "ecg_ptbxl", ECG), 35, ["class"])
    assert np.bincount(cohort.target).tolist() == [35, 35]
    assert np.median(learn_all(cohort, "group")) > 0.75


def test_on_real_digits_seen_and_heard(shared_data):
    cohort = excerpt(studies.open(shared_data / "digits_image_audio", DIGITS), 1, ["class", "group"])
    assert np.bincount(cohort.target).tolist() == [6] * 10 and len(set(cohort.groups)) == 6
    result = learn_all(cohort, "group")
    assert min(result) > 0.6 and np.median(result) > 0.85
