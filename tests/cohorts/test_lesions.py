"""Protects masks of findings: those of the cohorts that know them, of readable images, and a clear no elsewhere."""

import numpy as np
import pytest

from mmcore.base.errors import BadInput, NotFound
from mmcore.cohorts.lesions import lesions_of, outlined_findings
from mmcore.cohorts.samples import build_sample


def test_lung_knows_its_nodules():
    cohort = build_sample("lung", 30)
    lesions = lesions_of(cohort)
    assert lesions.input == "ct" and lesions.finding == "nodule" and "old scar" in lesions.findings
    assert (lesions.rows == np.flatnonzero(cohort.present("ct"))).all() and len(lesions.masks) == len(lesions.rows)
    none = cohort.target[lesions.rows] == 0
    assert (lesions.there == ~none).all() and all(mask.shape == (128, 128) for mask in lesions.masks)
    with pytest.raises(NotFound, match="nodul"):
        lesions_of(cohort, finding="nodul")
    with pytest.raises(NotFound):
        lesions_of(cohort, input="report")


def test_heart_knows_several_findings_and_diabetes_none():
    assert set(outlined_findings(build_sample("heart", 30))["xray"]) == {
        "congestion", "enlarged heart", "pleural effusion",
    }  # fmt: skip
    with pytest.raises(BadInput, match="has no outlines"):
        lesions_of(build_sample("diabetes", 12))
