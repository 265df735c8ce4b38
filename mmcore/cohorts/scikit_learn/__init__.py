"""Real cohorts that scikit-learn ships, their columns divided into the inputs they come from. No network is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import ColumnSpec, InputSpec, Kind
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.samples import sample
from mmcore.cohorts.schema import Schema

VERSION = 1  # part of the fingerprint: raise it when the same name gives other cases

_SERUM = {
    "s1": ("total cholesterol", "mg/dl"),
    "s2": ("LDL", "mg/dl"),
    "s3": ("HDL", "mg/dl"),
    "s4": ("cholesterol to HDL", ""),
    "s5": ("log triglycerides", ""),
    "s6": ("glucose", "mg/dl"),
}


@dataclass(frozen=True)
class About:
    """What is said of a cohort beside its numbers."""

    name: str
    title: str
    description: str
    task: Literal["binary", "regression"]
    target: str
    licence: str
    citation: str
    classes: tuple[str, ...] = ()


@sample("breast_cancer", real=True)
def breast_cancer(cases: int | None = None, seed: int = 0) -> Cohort:
    """Wisconsin Diagnostic Breast Cancer: 569 fine needle aspirates, ten measures of cell nuclei, seen three ways."""
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer(as_frame=True).frame
    measures = [name.removeprefix("mean ") for name in data if name.startswith("mean ")]
    ways = {"mean": "mean {}", "spread": "{} error", "worst": "worst {}"}
    inputs = {way: [ColumnSpec(name=name.format(measure)) for measure in measures] for way, name in ways.items()}
    about = About(
        name="breast_cancer",
        title=_("Breast cancer, Wisconsin"),
        description=_(
            "Real: 569 fine needle aspirates of breast masses. Ten measures of the cell nuclei in a "
            "digitised image, each as mean, spread (standard error) and worst (the mean of the three "
            "largest) over the nuclei of the image."
        ),
        task="binary",
        target="diagnosis",
        classes=("benign", "malignant"),
        licence="CC-BY-4.0",
        citation="Wolberg et al. 1995, Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning Repository",
    )
    diagnosis = np.array(["malignant", "benign"], object)[data["target"].to_numpy()]
    return _cohort(about, data.drop(columns="target").assign(diagnosis=diagnosis), inputs, cases, seed)


@sample("diabetes_progression", real=True)
def diabetes_progression(cases: int | None = None, seed: int = 0) -> Cohort:
    """Progression of diabetes in 442 patients: a score of one year later, from the patient, the body and the serum."""
    from sklearn.datasets import load_diabetes

    data = load_diabetes(as_frame=True, scaled=False).frame
    data["sex"] = np.where(data["sex"] == 1, "1", "2").astype(object)  # the source does not say which is which
    data = data.rename(columns={short: name for short, (name, _unit) in _SERUM.items()})
    inputs = {
        "patient": [
            ColumnSpec(name="age", unit="years"),
            ColumnSpec(name="sex", type="category", categories=("1", "2")),
        ],
        "body": [ColumnSpec(name="bmi", unit="kg/m²"), ColumnSpec(name="bp", unit="mmHg")],
        "serum": [ColumnSpec(name=name, unit=unit) for name, unit in _SERUM.values()],
    }
    about = About(
        name="diabetes_progression",
        title=_("Diabetes progression"),
        description=_(
            "Real: 442 patients with diabetes. Age, sex, body mass index, blood pressure and six serum measures at the "
            "start; the target is a measure of how far the disease had progressed one year later (25 to 346)."
        ),
        task="regression",
        target="progression",
        licence=_("published with the paper; distributed by scikit-learn (BSD-3-Clause)"),
        citation="Efron, Hastie, Johnstone & Tibshirani 2004, Least Angle Regression, Annals of Statistics 32",
    )
    return _cohort(about, data.rename(columns={"target": "progression"}), inputs, cases, seed)


def _cohort(
    about: About, table: pd.DataFrame, inputs: Mapping[str, Sequence[ColumnSpec]], cases: int | None, seed: int
) -> Cohort:
    """All cases, or so many of them drawn at random. Raises BadInput for more than there are."""
    if cases is not None and cases > len(table):
        raise BadInput(
            _("'{name}' has {count} cases, not {cases}.").format(name=about.name, count=len(table), cases=cases),
            _("Ask for fewer, or for all."),
        )
    table.index = pd.Index([f"{about.name}-{row + 1:03d}" for row in range(len(table))])
    if cases is not None:
        table = table.iloc[np.sort(np.random.default_rng(seed).permutation(len(table))[:cases])]
    schema = Schema(
        name=about.name,
        title=about.title,
        description=about.description,
        inputs={
            name: InputSpec(name=name, kind=Kind.TABLE, columns=tuple(c.name for c in columns), table=tuple(columns))
            for name, columns in inputs.items()
        },
        task=about.task,
        target=about.target,
        classes=about.classes,
        licence=about.licence,
        citation=about.citation,
    )
    return Cohort.from_memory(schema, table, {}, fingerprint=f"{about.name}-{VERSION}-{cases}-{seed}")
