"""Pixels of more than 8 bits: read whole where Pillow would cut them to 8, and brought to 0..255."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmcore.base.settings import _
from mmcore.base.values import Image

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MAX_PIXELS = 24_000_000  # a decoded picture and its conversions then stay below 1 GiB
MAX_DEEP = 10_000_000  # the same of colours of more than 8 bits, which are weighed as floats
_DEEP = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")  # Pillow's modes with more than 8 bits: one channel only
_WHITE_IS_ZERO, _PLANAR, _ORIENTATION = 0, 2, 274  # of TIFF: two values, and a tag
_CHANNELS = 64  # at most
_ROWS = 512  # rows stretched at a time


@dataclass(frozen=True, eq=False)
class Deep:
    """pixels [H, W] or [H, W, 3], any range. remarks: what to tell, with {file} for its name. orientation: of EXIF."""

    pixels: np.ndarray
    remarks: tuple[str, ...] = ()
    orientation: int = 1


def deep_pixels(picture: Picture, data: bytes) -> np.ndarray | None:
    """Pixels [H, W] or [H, W, 3] as numbers of any range, None for a picture of 8 bits.

    Transparency is laid on white, the brightest value there is. data: the file's bytes.
    """
    if picture.format == "PNG" and data[24] == 16 and data[25] in (2, 4, 6):  # bit depth; RGB, LA, RGBA
        return opaque(_png(data))
    return np.asarray(picture) if picture.mode in _DEEP else None


def deep_tiff(data: bytes, most: int, most_of_colours: int) -> Deep | None:
    """A TIFF of more than 8 bits, of floats or of more than 4 channels; None for another, or one too large.

    most, most_of_colours: pixels of one channel and of several that may be decoded. None as well for a compression that
    this package cannot undo: Pillow tries it.
    """
    import tifffile

    try:
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            page, pages = file.pages.first, len(file.pages)
            shallow = np.dtype(page.dtype or np.uint8).itemsize == 1 and page.samplesperpixel <= 4
            pixels_there = page.imagelength * page.imagewidth
            if shallow or pixels_there > (most_of_colours if page.samplesperpixel > 1 else most):
                return None
            if page.samplesperpixel > _CHANNELS or pixels_there * page.samplesperpixel > 4 * most:
                return None
            pixels, white_is_zero = page.asarray(), int(page.photometric) == _WHITE_IS_ZERO
            if pixels.ndim == 3 and int(page.planarconfig) == _PLANAR:
                pixels = np.moveaxis(pixels, 0, -1)
            orientation = int(page.tags.valueof(_ORIENTATION, 1))
    except Exception:  # damaged files make it raise almost anything; Pillow then says what is wrong
        return None
    if pixels.ndim not in (2, 3) or pixels.dtype.kind not in "iufb":
        return None
    if white_is_zero and pixels.dtype.kind in "iu":
        pixels = pixels.max() - pixels.astype(np.int64)
    remarks = []
    if pages > 1:
        remarks.append(_("{{file}} holds {count} pictures; the first one is read.").format(count=pages))
    if pixels.ndim == 3 and pixels.shape[2] > 4:
        remarks.append(
            _("{{file}} has {count} channels; the first three are shown as red, green and blue.").format(
                count=pixels.shape[2]
            )
        )
        pixels = pixels[..., :3]
    if pixels.dtype.kind == "f" and not np.isfinite(pixels).all():
        remarks.append(_("{{file}} holds pixels that are not numbers; they are shown black.").format())
        low = np.nanmin(np.where(np.isfinite(pixels), pixels, np.nan)) if np.isfinite(pixels).any() else 0.0
        pixels = np.where(np.isfinite(pixels), pixels, low)
    return Deep(opaque(pixels), tuple(remarks), orientation)


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


def opaque(pixels: np.ndarray) -> np.ndarray:
    """[H, W], [H, W, 1..4] -> [H, W] or [H, W, 3] without transparency."""
    if pixels.ndim == 2:
        return pixels
    if pixels.shape[2] not in (2, 4):
        return pixels[..., 0] if pixels.shape[2] == 1 else pixels
    colour, alpha = pixels[..., :-1].astype(np.float64), pixels[..., -1:].astype(np.float64)
    share = alpha / max(float(alpha.max()), 1.0)  # 12 bits in 16: the greatest value there is means opaque
    shown = colour * share + float(colour.max()) * (1 - share)
    return shown[..., 0] if shown.shape[2] == 1 else shown
