"""Protects: pictures of more than 8 bits keep their range, whatever their colours, and say which frame is read."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image

from mmcore import readers

RAMP = np.linspace(0, 4095, 40 * 50).reshape(40, 50).astype(np.uint16)


def png16(pixels: np.ndarray) -> bytes:
    """A PNG of 16 bits a sample, [H, W, C]; Pillow writes grey ones only."""
    height, width, count = pixels.shape
    rows = b"".join(b"\x00" + row.astype(">u2").tobytes() for row in pixels)
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[count]

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def tiff(pixels: np.ndarray, **options) -> bytes:
    out = io.BytesIO()
    tifffile.imwrite(out, pixels, **options)
    return out.getvalue()


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_twelve_bits_in_sixteen_use_the_whole_range(channels):
    pixels = np.stack([RAMP] * channels, axis=2)
    if channels in (2, 4):
        pixels[..., -1] = 4095
    value = readers.read_bytes("image", "a.png", png16(pixels))
    assert value.shape == ((40, 50, 3) if channels > 2 else (40, 50)) and value.dtype == np.uint8
    assert value.min() == 0 and value.max() == 255


def test_what_is_transparent_is_white():
    pixels = np.stack([RAMP, np.where(RAMP > 2000, 65535, 0).astype(np.uint16)], axis=2)
    value = readers.read_bytes("image", "a.png", png16(pixels))
    assert value[0, 0] == 255 and value[-1, -1] >= 250 and value[21, 0] < 200


def test_tiff_of_sixteen_bits_and_floats():
    colour = np.stack([RAMP, RAMP // 2, RAMP // 4], axis=2)
    value = readers.read_bytes("image", "a.tif", tiff(colour, photometric="rgb"))
    assert value.shape == (40, 50, 3) and value.max() == 255 and value[-1, -1, 2] < 80
    floats = readers.read_bytes("image", "a.tif", tiff(colour.astype(np.float32) / 9, photometric="rgb"))
    assert np.abs(floats.astype(int) - value).max() <= 1


def test_white_is_zero_is_turned_at_any_depth():
    for pixels in (RAMP, (RAMP // 16).astype(np.uint8)):
        value = readers.read_bytes("image", "a.tif", tiff(pixels, photometric="miniswhite"))
        assert value[0, 0] >= 250 and value[-1, -1] <= 5


def test_of_many_channels_the_first_three_are_shown_and_told():
    remarks: list[str] = []
    value = readers.read_bytes(
        "image",
        "a.tif",
        tiff(np.stack([RAMP] * 6, axis=2), photometric="minisblack", planarconfig="contig"),
        None,
        remarks,
    )
    assert value.shape == (40, 50, 3) and "6 channels" in remarks[0]


@pytest.mark.parametrize("format", ["GIF", "TIFF", "WEBP"])
def test_of_several_frames_the_first_is_read_and_told(format):
    frames = [Image.fromarray(np.full((8, 8), shade, np.uint8)) for shade in (40, 200)]
    out, remarks = io.BytesIO(), []
    frames[0].save(out, format=format, save_all=True, append_images=frames[1:])
    value = readers.read_bytes("image", f"a.{format.lower()}", out.getvalue(), None, remarks)
    assert np.abs(value.astype(int) - 40).max() < 6 and "holds 2 pictures" in remarks[0]
