"""Pixels of more than 8 bits: read whole where Pillow would cut them to 8, and brought to 0..255."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np

from mmcore.base.settings import _
from mmcore.base.values import Image

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_DEEP = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")  # Pillow's modes with more than 8 bits: one channel only
_BITS, _PHOTOMETRIC, _WHITE_IS_ZERO = 258, 262, 0  # tags of TIFF
_ROWS = 512  # rows stretched at a time


def deep_pixels(picture: Picture, data: bytes) -> tuple[np.ndarray | None, str]:
    """Pixels [H, W] or [H, W, 3] as numbers of any range, None for a picture of 8 bits; and what to tell of them.

    The remark names the file as {file}. Transparency is laid on white, the brightest value there is.
    """
    if picture.format == "PNG" and data[24] == 16 and data[25] in (2, 4, 6):  # bit depth; RGB, LA, RGBA
        return _opaque(_png(data)), ""
    if picture.format == "TIFF" and _bits(picture) > 8 and len(_tag(picture, _BITS)) > 1:
        return _tiff(data)
    if picture.mode not in _DEEP:
        return None, ""
    pixels = np.asarray(picture)
    inverted = picture.format == "TIFF" and _tag(picture, _PHOTOMETRIC)[:1] == (_WHITE_IS_ZERO,)
    return (pixels.max() - pixels.astype(np.int64) if inverted and pixels.dtype.kind in "iu" else pixels), ""


def stretched(pixels: np.ndarray) -> Image:
    """uint8 of the same shape: the 0.5th and 99.5th percentiles become black and white."""
    if pixels.dtype.kind == "f":
        pixels = np.nan_to_num(pixels.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = np.percentile(pixels, (0.5, 99.5))
    if high <= low:  # a few bright pixels on an even ground
        low, high = float(pixels.min()), float(pixels.max())
    result = np.zeros(pixels.shape, np.uint8)
    if high <= low:
        return result
    for start in range(0, len(pixels), _ROWS):  # a part at a time: the floats of a whole picture are 8 times its size
        part = pixels[start : start + _ROWS].astype(np.float64)
        result[start : start + _ROWS] = np.clip((part - low) / (high - low) * 255 + 0.5, 0, 255)
    return result


def upright(pixels: Image, orientation: int) -> Image:
    """Pixels turned as the EXIF orientation says."""
    if orientation in (2, 4, 5, 7):
        pixels = pixels[:, ::-1]
    turns = {3: 2, 4: 2, 5: 1, 6: 3, 7: 3, 8: 1}.get(orientation, 0)
    return np.ascontiguousarray(np.rot90(pixels, turns))


def _png(data: bytes) -> np.ndarray:
    """[H, W, C] uint16."""
    import torch
    from torchvision.io import ImageReadMode, decode_image

    decoded = decode_image(torch.frombuffer(bytearray(data), dtype=torch.uint8), ImageReadMode.UNCHANGED)
    return decoded.permute(1, 2, 0).numpy()


def _tiff(data: bytes) -> tuple[np.ndarray | None, str]:
    import tifffile

    try:
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            page = file.pages.first
            pixels, photometric, planar = (
                page.asarray(),
                int(page.photometric),
                int(page.planarconfig),
            )
    except Exception:  # a compression that needs more than this package: Pillow reads it at 8 bits
        return None, _("{file} has more than 8 bits a pixel, in a compression of which only 8 bits can be read here.")
    if pixels.ndim == 3 and planar == 2:
        pixels = np.moveaxis(pixels, 0, -1)
    if photometric == _WHITE_IS_ZERO and pixels.dtype.kind in "iu":
        pixels = pixels.max() - pixels.astype(np.int64)
    if pixels.ndim == 3 and pixels.shape[2] > 4:
        count = pixels.shape[2]
        return pixels[..., :3], _(
            "{{file}} has {count} channels; the first three are shown as red, green, blue."
        ).format(count=count)
    return _opaque(pixels), ""


def _opaque(pixels: np.ndarray) -> np.ndarray:
    """[H, W], [H, W, 1..4] -> [H, W] or [H, W, 3] without transparency."""
    if pixels.ndim == 2:
        return pixels
    if pixels.shape[2] not in (2, 4):
        return pixels[..., 0] if pixels.shape[2] == 1 else pixels
    colour, alpha = pixels[..., :-1].astype(np.float64), pixels[..., -1:].astype(np.float64)
    share = alpha / max(float(alpha.max()), 1.0)  # 12 bits in 16: the greatest value there is means opaque
    shown = colour * share + float(colour.max()) * (1 - share)
    return shown[..., 0] if shown.shape[2] == 1 else shown


def _bits(picture: Picture) -> int:
    return max(_tag(picture, _BITS), default=8)


def _tag(picture: Picture, tag: int) -> tuple[int, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = getattr(picture, "tag_v2", {}).get(tag, ())
    return tuple(value) if isinstance(value, tuple) else (value,)
