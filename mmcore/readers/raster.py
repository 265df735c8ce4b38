"""PNG, JPEG, BMP and TIFF pictures, through Pillow."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Image, InputSpec, Kind
from mmcore.readers.base import Reader, readers

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*")
_MAX_PIXELS = 100_000_000
_DEEP = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")  # modes with more than 8 bits


@readers.register("raster")
class Raster(Reader):
    """PNG, JPEG, BMP, TIFF."""

    kind = Kind.IMAGE
    suffixes = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")
    max_bytes = 256 * 2**20

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        return head.startswith(_MAGIC)

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Image:
        """[H, W] uint8 for grey pictures, [H, W, 3] for coloured ones.

        Transparency is laid on white; of several frames the first counts; camera rotation is applied; pictures of more
        than 8 bits are stretched so that their 0.5th and 99.5th percentiles become black and white.
        """
        from PIL import Image as pillow
        from PIL import ImageOps

        try:
            with pillow.open(io.BytesIO(data), formats=("PNG", "JPEG", "BMP", "TIFF")) as picture:
                width, height = picture.size
                if width * height <= _MAX_PIXELS:
                    return _as_uint8(ImageOps.exif_transpose(picture))
        except pillow.DecompressionBombError as error:
            raise _too_large(filename) from error
        except pillow.UnidentifiedImageError as error:
            raise BadInput(
                _("{file} is not a PNG, JPEG, BMP or TIFF picture, or it is damaged at its beginning.").format(
                    file=filename
                ),
                _("Export it again as PNG."),
            ) from error
        except Exception as error:  # damaged files make Pillow's decoders raise almost anything
            raise BadInput(
                _("{file} is damaged and cannot be read as a picture ({reason}).").format(
                    file=filename, reason=_short(error)
                ),
                _("Export it again as PNG."),
            ) from error
        raise _too_large(filename)


def _too_large(filename: str) -> BadInput:
    return BadInput(
        _("{file} has more than {limit} million pixels.").format(file=filename, limit=_MAX_PIXELS // 10**6),
        _("Store it at a lower resolution."),
    )


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:120] or type(error).__name__


def _as_uint8(picture: Picture) -> Image:
    from PIL import Image as pillow

    if picture.mode in _DEEP:
        return _stretched(np.asarray(picture))
    if picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if picture.mode in ("LA", "La", "PA", "RGBA", "RGBa"):
        picture = picture.convert("RGBA")
        opaque = pillow.alpha_composite(pillow.new("RGBA", picture.size, "white"), picture).convert("RGB")
        return _grey_if_grey(np.asarray(opaque))
    return np.array(picture.convert("L" if picture.mode in ("1", "L") else "RGB"))


def _grey_if_grey(pixels: np.ndarray) -> Image:
    same = np.array_equal(pixels[..., 0], pixels[..., 1]) and np.array_equal(pixels[..., 0], pixels[..., 2])
    return pixels[..., 0].copy() if same else pixels.copy()


def _stretched(pixels: np.ndarray) -> Image:
    pixels = np.nan_to_num(pixels.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = np.percentile(pixels, (0.5, 99.5))
    if high <= low:  # a few bright pixels on an even ground
        low, high = pixels.min(), pixels.max()
    if high <= low:
        return np.zeros(pixels.shape, np.uint8)
    return np.clip((pixels - low) / (high - low) * 255 + 0.5, 0, 255).astype(np.uint8)
