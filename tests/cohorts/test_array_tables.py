"""Protects: arrays without a table are a cohort, with the labels and the published split that they hold."""

import numpy as np
import pytest

from mmcore.base.errors import BadInput
from mmcore.base.values import Kind
from mmcore.cohorts import open_cohort

DRAWN = np.random.default_rng(0)
LABELS = np.array([0, 1] * 10)
PARTS = {"train": 12, "val": 6, "test": 8}


@pytest.mark.parametrize("together", [True, False], ids=["npz", "npy"])
def test_recordings_and_labels(tmp_path, together):
    waves = DRAWN.normal(size=(20, 2, 50)).cumsum(axis=2)
    if together:
        np.savez(tmp_path / "all.npz", X=waves, y=LABELS)
    else:
        np.save(tmp_path / "X.npy", waves)
        np.save(tmp_path / "y.npy", LABELS)
    cohort = open_cohort(tmp_path)
    assert cohort.schema.target == "label" and cohort.inputs["X"].kind is Kind.SIGNAL
    assert cohort.value("4", "X").samples == pytest.approx(waves[3].astype("float32"))
    assert list(cohort.table["label"]) == list(LABELS)


def test_features_are_columns_of_a_table(tmp_path):
    np.savez(tmp_path / "all.npz", X=DRAWN.normal(size=(20, 30)), y=LABELS)
    cohort = open_cohort(tmp_path)
    (spec,) = cohort.inputs.values()
    assert spec.kind is Kind.TABLE and len(spec.columns) == 30


def test_parts_of_a_published_split(tmp_path):
    pictures = {part: DRAWN.integers(0, 255, (n, 28, 28, 3), dtype=np.uint8) for part, n in PARTS.items()}
    arrays = {f"{part}_images": pictures[part] for part in PARTS}
    arrays |= {f"{part}_labels": np.arange(n).reshape(n, 1) % 2 for part, n in PARTS.items()}
    np.savez(tmp_path / "dermamnist.npz", **arrays)
    cohort = open_cohort(tmp_path)
    assert cohort.table["split"].value_counts().to_dict() == PARTS and cohort.schema.target == "label"
    assert (cohort.value("val-2", "images") == pictures["val"][1]).all()
    assert "published split" in " ".join(cohort.problems)


def test_several_labels_a_case(tmp_path):
    marks = DRAWN.integers(0, 2, (60, 3))
    np.savez(tmp_path / "chest.npz", images=DRAWN.integers(0, 255, (60, 28, 28), dtype=np.uint8), labels=marks)
    cohort = open_cohort(tmp_path)
    assert cohort.schema.task == "multilabel" and len(cohort.schema.classes) == 3


def test_arrays_without_labels_are_no_table(tmp_path):
    for i in range(6):
        np.save(tmp_path / f"{i}.npy", DRAWN.normal(size=(2, 500)))
    assert len(open_cohort(tmp_path)) == 6


def test_arrays_of_no_value_for_a_case_are_named_with_what_to_do(tmp_path):
    """Eight moments are no recording."""
    np.savez(tmp_path / "short.npz", X=np.zeros((24, 8, 3)), y=np.arange(24) % 2)
    with pytest.raises(BadInput) as error:
        open_cohort(tmp_path / "short.npz")
    assert "'X' (24, 8, 3)" in error.value.message and "features are [cases, features]" in error.value.hint
