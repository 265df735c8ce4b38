"""Masks: pictures whose numbers are labels, read as they are stored, not stretched or laid on white as photographs."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.readers.base import HEAD, read_bytes, reader_for, shown
from mmcore.readers.deep_pixels import MAX_PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_OPAQUE = 128  # alpha from which a pixel counts


def read_labels(source: Path | tuple[str, bytes], remarks: list[str]) -> np.ndarray:
    """The labels of a mask [H, W] uint8, from a file or from its name and content.

    Of pictures the numbers of the pixels, of a palette its places, of colours the brightest channel; masks of other
    formats are read as images are. remarks: list to which is added what was guessed. Raises BadInput, which names the
    file.
    """
    try:
        name, data = (shown(source), source.read_bytes()) if isinstance(source, Path) else source
    except OSError as error:
        raise BadInput(
            _("{file} cannot be read: {reason}.").format(file=str(source), reason=error.strerror or error),
            _("Check the file and its permissions."),
        ) from error
    if reader_for(Kind.IMAGE, name, data[:HEAD]).name == "raster":
        return _of_raster(data, name, remarks)
    value = np.asarray(read_bytes(Kind.IMAGE, name, data, None, remarks))
    return _brightest(value, remarks)


def _of_raster(data: bytes, name: str, remarks: list[str]) -> np.ndarray:
    from PIL import Image as pillow
    from PIL import ImageOps

    try:
        with pillow.open(io.BytesIO(data)) as picture:
            if picture.size[0] * picture.size[1] <= MAX_PIXELS:
                return _labels(ImageOps.exif_transpose(picture), name, remarks)
    except BadInput:
        raise
    except Exception as error:  # damaged files make Pillow's decoders raise almost anything
        raise BadInput(
            _("{file} is damaged and cannot be read as a mask.").format(file=name), _("Export it again as PNG.")
        ) from error
    raise BadInput(
        _("{file} has more than {limit} million pixels.").format(file=name, limit=MAX_PIXELS // 10**6),
        _("Store it at a lower resolution."),
    )


def _labels(picture: Picture, name: str, remarks: list[str]) -> np.ndarray:
    if picture.mode in ("P", "L", "1"):
        return np.array(picture).astype(np.uint8)
    if picture.mode in ("RGB", "RGBA", "LA", "PA", "CMYK", "YCbCr"):
        pixels = np.array(picture.convert("RGBA"))
        return np.where(pixels[..., 3] >= _OPAQUE, _brightest(pixels[..., :3], remarks), 0).astype(np.uint8)
    numbers = np.asarray(picture)
    values = np.unique(numbers)
    if values[0] >= 0 and values[-1] <= 255 and np.issubdtype(numbers.dtype, np.integer):
        return numbers.astype(np.uint8)
    if len(values) == 2 and values[0] == 0:
        return np.where(numbers != 0, 255, 0).astype(np.uint8)
    raise BadInput(
        _("{file} holds numbers that are no labels from 0 to 255.").format(file=name),
        _("Store masks as 8-bit PNG: 0 for nothing, a number for each finding."),
    )


def _brightest(pixels: np.ndarray, remarks: list[str]) -> np.ndarray:
    if pixels.ndim == 2:
        return pixels.astype(np.uint8)
    if (pixels != pixels[..., :1]).any():
        remarks.append(
            _("Colours of masks are not told apart: in each pixel the brightest of red, green and blue counts.")
        )
    brightest: np.ndarray = pixels.max(-1).astype(np.uint8)
    return brightest
