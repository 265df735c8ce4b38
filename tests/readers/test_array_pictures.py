"""Protects pictures in NumPy arrays: known by their shape, as bright as they are, not taken for recordings."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from mmcore import readers
from mmcore.base.errors import BadInput
from mmcore.base.values import Kind
from mmcore.cohorts import open_cohort

RNG = np.random.default_rng(0)
COLOURS = RNG.integers(0, 256, (40, 48, 3), dtype=np.uint8)


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


@pytest.mark.parametrize(
    "array",
    [COLOURS, COLOURS[None], COLOURS.transpose(2, 0, 1), COLOURS / 255, COLOURS.astype(float), COLOURS.astype("i8")],
    ids=["as it is", "batch of one", "channels first", "fractions", "floats", "long"],
)
def test_the_same_picture_however_it_is_stored(array):
    assert readers.kind_of_bytes("a.npy", npy(array)) is Kind.IMAGE
    assert (readers.read_bytes("image", "a.npy", npy(array)) == COLOURS).all()


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_the_largest_picture_of_several_arrays(save):
    stream = io.BytesIO()
    save(stream, image=COLOURS, mask=COLOURS[:, :, 0] > 9)
    assert readers.kind_of_bytes("a.npz", stream.getvalue()) is Kind.IMAGE
    remarks: list[str] = []
    assert (readers.read_bytes("image", "a.npz", stream.getvalue(), remarks=remarks) == COLOURS).all()
    assert "'image'" in remarks[0]


def test_other_numbers_are_stretched_and_told():
    remarks: list[str] = []
    hounsfield = RNG.normal(0, 400, (64, 64))
    value = readers.read_bytes("image", "ct.npy", npy(hounsfield), remarks=remarks)
    assert value.min() == 0 and value.max() == 255 and "stretched" in remarks[0]
    volume = np.stack([np.full((32, 32), slice_) for slice_ in range(20)]).astype(np.uint8)
    assert (readers.read_bytes("image", "v.npy", npy(volume), remarks=remarks) == 10).all() and "volume" in remarks[-1]


@pytest.mark.parametrize("shape", [(12, 1000), (1000, 12), (1000,), (1, 1000, 12), (64, 2000)])
def test_recordings_stay_recordings(shape):
    data = npy(RNG.normal(size=shape))
    assert readers.kind_of_bytes("a.npy", data) is Kind.SIGNAL
    value = readers.read_bytes("signal", "a.npy", data)
    assert value.samples.shape[1] == max(shape) and len(value.samples) == np.prod(shape) // max(shape)


def test_what_is_no_picture_is_named():
    with pytest.raises(BadInput, match=r"a\.npy holds no picture"):
        readers.read_bytes("image", "a.npy", npy(np.zeros((2, 3, 4, 5))))
    stream = io.BytesIO()
    np.savez(stream, **{f"age{number}": np.zeros(3) for number in range(9)})
    with pytest.raises(BadInput, match=r"holds no picture\. It holds: age0 \(3,\), .* and 1 more\."):
        readers.read_bytes("image", "a.npz", stream.getvalue())


def test_files_and_one_stack_of_pictures_are_inputs(tmp_path):
    for case in range(12):
        np.save(tmp_path / f"{case}.npy", COLOURS[case : case + 20])
    frame = pd.DataFrame({"id": range(100, 112), "label": [0, 1] * 6, "photo": [f"{case}.npy" for case in range(12)]})
    frame.to_csv(tmp_path / "cases.csv", index=False)
    np.savez(tmp_path / "scans.npz", scan=np.stack([np.full((32, 32), 10 * case, np.uint8) for case in range(12)]))
    cohort = open_cohort(tmp_path)
    assert cohort.inputs["photo"].kind is Kind.IMAGE and cohort.inputs["scans"].kind is Kind.IMAGE
    assert (cohort.value("107", "scans") == 70).all()
    assert "picture, in the same order" in " ".join(cohort.problems) and len(cohort.inputs) == 2
