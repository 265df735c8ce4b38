"""Protects masks as they are stored: labels of grey, palette, 16 bits and colours, and clear refusals."""

import io

import numpy as np
import pytest
from PIL import Image

from mmcore.base.errors import BadInput
from mmcore.readers.mask_pixels import read_labels

LABELS = np.array([[0, 1, 2], [3, 0, 1]], np.uint8)


def stored(picture, suffix=".png", **options):
    stream = io.BytesIO()
    picture.save(stream, pillow_format(suffix), **options)
    return f"mask{suffix}", stream.getvalue()


def pillow_format(suffix):
    return {".png": "PNG", ".tif": "TIFF", ".bmp": "BMP"}[suffix]


def palette():
    picture = Image.fromarray(LABELS, "P")
    picture.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0] + [0] * 756)
    return picture


@pytest.mark.parametrize(
    "source",
    [
        stored(Image.fromarray(LABELS)), stored(Image.fromarray(LABELS), ".tif"), stored(palette()),
        stored(Image.fromarray(LABELS.astype(np.uint16))), stored(Image.fromarray(np.dstack([LABELS] * 3))),
    ],
    ids=["grey", "tiff", "palette", "16 bits", "equal colours"],
)  # fmt: skip
def test_labels_are_read_as_they_are(source):
    remarks = []
    assert np.array_equal(read_labels(source, remarks), LABELS) and not remarks


def test_bits_colours_and_transparency():
    bits = read_labels(stored(Image.fromarray(LABELS == 1)), [])
    assert np.array_equal(bits > 0, LABELS == 1)
    deep = read_labels(stored(Image.fromarray(np.where(LABELS == 1, 65535, 0).astype(np.uint16))), [])
    assert np.array_equal(deep, np.where(LABELS == 1, 255, 0))
    colours, remarks = np.zeros((2, 3, 4), np.uint8), []
    colours[0, 0], colours[1, 1] = (255, 0, 0, 255), (0, 255, 0, 0)
    assert read_labels(stored(Image.fromarray(colours)), remarks).tolist() == [[255, 0, 0], [0, 0, 0]]
    assert "not told apart" in remarks[0]


def test_arrays_and_what_cannot_be_used(tmp_path):
    stream = io.BytesIO()
    np.save(stream, np.pad(LABELS, 16))
    assert np.array_equal(read_labels(("m.npy", stream.getvalue()), []), np.pad(LABELS, 16))
    with pytest.raises(BadInput, match="no labels"):
        read_labels(stored(Image.fromarray(np.array([[0, 300], [700, 2]], np.uint16))), [])
    with pytest.raises(BadInput, match="damaged"):
        read_labels(("m.png", b"nothing"), [])
    with pytest.raises(BadInput, match="cannot be read"):
        read_labels(tmp_path / "m.png", [])
