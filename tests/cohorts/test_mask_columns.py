"""Protects masks of a user's own pictures: written and read back, found by column, role or name; odd ones are told."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mmcore.base.errors import BadInput, NotFound
from mmcore.cohorts import Roles, build_sample, open_cohort, write_cohort
from mmcore.cohorts.importing import changed, propose
from mmcore.cohorts.lesions import lesions_of, outlined_findings

N = 12
IDS = [f"c{i:02}" for i in range(N)]
SPOT = np.zeros((24, 30), np.uint8)
SPOT[4:12, 6:16] = 1


@pytest.fixture
def folder(tmp_path):
    """Pictures of 24 x 30, and masks of a spot that every second of them has."""
    shade = np.random.default_rng(0)
    for i, id in enumerate(IDS):
        save(tmp_path / "films" / f"{id}.png", shade.integers(0, 255, (24, 30)))
        save(tmp_path / "masks" / f"{id}.png", 255 * SPOT * (i % 2))
    return tmp_path


def save(path, pixels):
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(np.asarray(pixels, np.uint8)).save(path)


def opened(folder, roles=None, **columns):
    frame = pd.DataFrame({"id": IDS, "age": [20 + i * 7 % 31 for i in range(N)], "label": ["a", "b"] * (N // 2)})
    frame.assign(film=[f"films/{id}.png" for id in IDS], **columns).to_csv(folder / "cases.csv", index=False)
    return open_cohort(folder, roles or Roles())


def paths(name="masks"):
    return [f"{name}/{id}.png" for id in IDS]


def remarks_on(cohort):
    return " ".join(cohort.problems)


@pytest.mark.parametrize("name", ["lung", "heart"])
def test_written_outlines_are_read_back_pixel_by_pixel(tmp_path, name):
    cohort = build_sample(name, 40)
    back = open_cohort(write_cohort(cohort, tmp_path / "out"))
    outlined = outlined_findings(cohort)
    assert outlined_findings(back) == outlined and back.problems == [] and set(back.inputs) == set(cohort.inputs)
    (input,) = outlined
    for finding in outlined[input]:
        first, second = (lesions_of(own, finding=finding) for own in (cohort, back))
        assert first.rows.tolist() == second.rows.tolist()
        assert all(map(np.array_equal, first.masks, second.masks))
    part = back.select(back.ids[:10])
    assert len(lesions_of(part).masks) == int(part.present(input).sum()), "a part of the cohort knows its outlines"
    again = open_cohort(write_cohort(back, tmp_path / "again"))
    assert again.schema.masks == back.schema.masks and again.key == back.key


@pytest.mark.parametrize(
    ("columns", "roles"),
    [
        ({}, None),  # a folder called masks with the same names
        ({"nodule_mask": paths()}, None),
        ({"spots": paths()}, Roles(columns={"spots": "mask:film"})),
        ({"spots": paths()}, Roles(columns={"spots": "mask:"})),
    ],
)
def test_masks_are_found_and_are_no_input(folder, columns, roles):
    cohort = opened(folder, roles, **columns)
    assert set(cohort.inputs) == {"film", "table"}
    lesions = lesions_of(cohort)
    assert lesions.there.tolist() == [False, True] * (N // 2) and np.array_equal(lesions.masks[1], SPOT > 0)
    assert lesions.finding == {"nodule_mask": "nodule", "spots": "spots"}.get(next(iter(columns), ""), "finding")
    assert not {*columns} & {*cohort.schema.ignored, *cohort.table.columns}
    assert roles is not None or "read as masks" in remarks_on(cohort)


def test_a_column_of_masks_can_be_made_an_image_input(folder):
    cohort = opened(folder, Roles(columns={"mask": "image:mask"}), mask=paths())
    assert set(cohort.inputs) == {"film", "mask", "table"}


def test_roles_of_masks_are_changed_in_a_proposal(folder):
    opened(folder, spots=paths(), film2=[f"films/{id}.png" for id in IDS])
    proposal = propose(folder, changed(propose(folder), "spots", "mask"))
    (column,) = (column for column in proposal.columns if column.name == "spots")
    assert (column.role, column.input) == ("mask", "film") and "outlines 'spots' in film" in column.reason
    other = propose(folder, changed(proposal, "spots", input="film2"))
    assert other.cohort.schema.masks == {"film2": {"spots": "spots"}}
    back = propose(folder, changed(other, "spots", kind="image"))
    assert "spots" in back.cohort.inputs and not back.cohort.schema.masks


def test_what_cannot_be_is_refused(folder):
    with pytest.raises(NotFound, match="image input"):
        opened(folder, Roles(columns={"spots": "mask:table"}), spots=paths())
    with pytest.raises(BadInput, match="which input the masks"):
        opened(folder, Roles(columns={"spots": "mask:"}), spots=paths(), other=[f"films/{id}.png" for id in IDS[::-1]])


def test_several_labels_are_findings_of_their_own(folder):
    for i, id in enumerate(IDS):
        labels = SPOT * (1 + i % 3)
        labels[20:, 20:] = 3
        save(folder / "masks" / f"{id}.png", labels)
    cohort = opened(folder)
    assert outlined_findings(cohort) == {"film": ("finding 3", "finding 1", "finding 2")}
    assert "several labels (1, 2, 3)" in remarks_on(cohort)


def test_masks_of_another_size_or_shape(folder):
    save(folder / "masks" / "c01.png", np.repeat(np.repeat(255 * SPOT, 2, 0), 2, 1))
    save(folder / "masks" / "c03.png", 255 * SPOT[:, :10])
    cohort = opened(folder)
    lesions = lesions_of(cohort)
    assert np.array_equal(lesions.masks[1], SPOT > 0) and 3 not in lesions.rows
    assert "is of another size" in remarks_on(cohort) and "is of another shape" in remarks_on(cohort)


def test_absent_damaged_and_empty_masks(folder):
    (folder / "masks" / "c02.png").unlink()
    (folder / "masks" / "c04.png").write_bytes(b"no picture")
    cohort = opened(folder, mask=[None, *paths()[1:]])
    lesions = lesions_of(cohort)
    assert lesions.rows.tolist() == [1, 3, *range(5, N)] and lesions.there.tolist()[:3] == [True, True, True]
    text = remarks_on(cohort)
    assert "2 cases, such as c00, have no mask of 'film'" in text and "1 mask of column 'mask' does not exist" in text
    assert "Case c04: its mask is not used" in text


def test_shades_and_numbered_things(folder):
    for id in IDS:
        save(folder / "masks" / f"{id}.png", np.arange(24 * 30).reshape(24, 30) % 256)
    cohort = opened(folder)
    assert lesions_of(cohort).masks[0].sum() == (np.arange(24 * 30) % 256 >= 128).sum() and "shades" in remarks_on(
        cohort
    )
    for id in IDS:
        save(folder / "masks" / f"{id}.png", np.arange(24 * 30).reshape(24, 30) % 40)
    cohort = opened(folder)
    assert lesions_of(cohort).masks[0].sum() == (np.arange(24 * 30) % 40 > 0).sum()
    assert "each object a number" in remarks_on(cohort)


def test_a_large_mask_is_kept_small(tmp_path):
    for i in range(6):
        pixels = np.zeros((1024, 1536), np.uint8)
        pixels[100:500, 100 * i : 300 * i] = 255
        save(tmp_path / "images" / f"{i}.png", pixels)
        save(tmp_path / "masks" / f"{i}.png", pixels)
    lesions = lesions_of(open_cohort(tmp_path))
    assert lesions.masks[5].shape == (341, 512) and abs(lesions.masks[5].mean() - 0.254) < 0.01
