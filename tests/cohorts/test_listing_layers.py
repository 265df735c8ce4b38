"""Protects: folders of patients, of parts of a split and of outlines are not taken for classes."""

import numpy as np
import pytest
from PIL import Image

from mmcore.cohorts import open_cohort
from mmcore.cohorts.lesions import outlined_findings

PARTS = ("train", "test")


@pytest.fixture
def pictures(tmp_path):
    def write(*names):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full((4, 5), len(list(tmp_path.rglob("*.png"))), np.uint8)).save(path)
        return open_cohort(tmp_path)

    return write


def test_patients_above_classes_are_the_groups(pictures):
    cohort = pictures(
        *[f"patient{p:02}/{name}/{i}.png" for p in range(6) for name in ("benign", "malignant") for i in range(2)]
    )
    assert cohort.schema.classes == ("benign", "malignant") and len(set(cohort.groups)) == 6
    assert "taken as patients" in " ".join(cohort.problems)


def test_parts_of_a_split_below_classes(pictures):
    cohort = pictures(
        *[f"{name}/{part}/{name}{part}{i}.png" for name in ("benign", "malignant") for part in PARTS for i in range(4)]
    )
    assert cohort.table["split"].value_counts().to_dict() == dict.fromkeys(PARTS, 8)
    assert cohort.schema.group is None and len(cohort.schema.classes) == 2


@pytest.mark.parametrize("name", ["masks/{label}{i}_m.png", "masks/{label}{i}.png", "{label}/{label}{i}_mask.png"])
def test_outlines_are_no_cases(pictures, name):
    names = [f"{label}/{label}{i}.png" for label in ("benign", "malignant") for i in range(6)]
    cohort = pictures(*names, *[name.format(label=label, i=i) for label in ("benign", "malignant") for i in range(6)])
    assert len(cohort) == 12 and cohort.schema.classes == ("benign", "malignant")
    assert "outline what other files show" in " ".join(cohort.problems)
    read = not name.endswith(
        "_m.png"
    )  # 17_m says nothing: such files lie in a folder of masks and belong to no picture
    assert bool(outlined_findings(cohort)) == read, "masks of the pictures by their names"


def test_a_folder_of_pictures_and_one_of_their_masks_are_an_input_that_knows_its_outlines(pictures):
    cohort = pictures(*[f"{folder}/{i}.png" for folder in ("images", "masks") for i in range(8)])
    assert set(cohort.inputs) == {"images"} and set(outlined_findings(cohort)) == {"images"}
    assert "masks that outline" in " ".join(cohort.problems)
