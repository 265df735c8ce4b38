"""PNG, JPEG, BMP, TIFF, GIF, WebP and JPEG 2000 pictures, through Pillow; those of more than 8 bits see deep_pixels."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Image, InputSpec, Kind
from mmcore.readers.base import Reader, readers
from mmcore.readers.deep_pixels import MAX_DEEP, MAX_PIXELS, deep_pixels, deep_tiff, stretched
from mmcore.readers.deep_pixels import upright as turned

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

logging.getLogger("PIL").setLevel(logging.INFO)  # its debug level writes every tag, names and places among them
_MAGIC = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"GIF8",
    b"\x00\x00\x00\x0cjP  ",
    b"\xff\x4f\xff\x51",
)
_TIFF = (b"II*\x00", b"MM\x00*")
_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "GIF", "WEBP", "JPEG2000")
_GPS, _TAKEN = 0x8825, 0x0132  # EXIF tags
_EXIF_TEXTS = (0x010E, 0x013B, 0x8298, 0x9C9C, 0x9C9D)  # description, artist, copyright, comment, author
_TEXT_KEYS = {"comment", "description", "title", "author", "patient", "patientname", "name", "copyright", "source"}
_ORIENTATION = 0x0112  # EXIF tag


def _says(text: object) -> bool:
    """Whether there is something in a field of a header, which may be text or bytes; not what programs write there."""
    words = text.strip(b" \x00") if isinstance(text, bytes) else str(text or "").strip(" \x00")
    return bool(words) and not str(words).startswith(("{", "ImageJ", "<?xml"))


@readers.register("raster")
class Raster(Reader):
    """PNG, JPEG, BMP, TIFF, GIF, WebP, JPEG 2000."""

    kind = Kind.IMAGE
    suffixes = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".webp", ".jp2", ".j2k")
    max_bytes = 256 * 2**20

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        return head.startswith(_MAGIC) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")

    @classmethod
    def edition(cls, head: bytes) -> str:
        """2: pictures of 16 bits a colour, and TIFF whose white is zero, keep their range."""
        return "2" if is_deep_png(head) or head.startswith(_TIFF) else ""

    @classmethod
    def identifiers(cls, path: Path) -> tuple[str, ...]:
        """Where and when a photo was taken, and what was written into its header."""
        from PIL import Image as pillow

        with pillow.open(path, formats=_FORMATS) as picture:
            header = picture.getexif()
            texts = [header.get(tag) for tag in _EXIF_TEXTS]
            texts += [text for key, text in picture.info.items() if str(key).casefold() in _TEXT_KEYS]
            facts = {"place": header.get_ifd(_GPS), "date": header.get(_TAKEN), "text": any(map(_says, texts))}
        return tuple(kind for kind, value in facts.items() if value)

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Image:
        """[H, W] uint8 for grey pictures, [H, W, 3] for coloured ones.

        Transparency is laid on white; of several frames the first counts; camera rotation is applied; pictures of more
        than 8 bits are stretched so that their 0.5th and 99.5th percentiles become black and white.
        """
        from PIL import Image as pillow

        try:
            if data.startswith(_TIFF) and (deep := deep_tiff(data, MAX_PIXELS, MAX_DEEP)):
                self.remarks += [remark.format(file=filename) for remark in deep.remarks]
                return turned(stretched(deep.pixels), deep.orientation)
            with pillow.open(io.BytesIO(data), formats=_FORMATS) as picture:
                width, height = picture.size
                if width * height <= (MAX_DEEP if is_deep_png(data) else MAX_PIXELS):
                    return self._pixels(picture, data, filename)
        except pillow.DecompressionBombError as error:
            raise _too_large(filename) from error
        except pillow.UnidentifiedImageError as error:
            raise BadInput(
                _("{file} is no picture of a format that is read, or it is damaged at its beginning.").format(
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

    def _pixels(self, picture: Picture, data: bytes, filename: str) -> Image:
        from PIL import ImageOps

        frames = getattr(picture, "n_frames", 1)
        if frames > 1:
            self.remarks.append(
                _("{file} holds {count} pictures; the first one is read.").format(file=filename, count=frames)
            )
        deep = deep_pixels(picture, data)
        if deep is not None:
            return turned(stretched(deep), picture.getexif().get(_ORIENTATION, 1))
        return _as_uint8(ImageOps.exif_transpose(picture))


def is_deep_png(head: bytes) -> bool:
    """Whether a file that begins like this is a PNG of 16 bits a colour."""
    return head.startswith(b"\x89PNG") and head[24:25] == b"\x10" and head[25:26] != b"\x00"


def _too_large(filename: str) -> BadInput:
    return BadInput(
        _("{file} has more than {limit} million pixels, or {deep} million of more than 8 bits a colour.").format(
            file=filename, limit=MAX_PIXELS // 10**6, deep=MAX_DEEP // 10**6
        ),
        _("Store it at a lower resolution."),
    )


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:120] or type(error).__name__


def _as_uint8(picture: Picture) -> Image:
    from PIL import Image as pillow

    if picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if picture.mode in ("LA", "La", "PA", "RGBA", "RGBa"):
        picture = picture.convert("RGBA")
        opaque = pillow.new("RGBA", picture.size, "white")
        opaque.alpha_composite(picture)
        return _grey_if_grey(np.asarray(opaque.convert("RGB")))
    return np.array(picture.convert("L" if picture.mode in ("1", "L") else "RGB"))


def _grey_if_grey(pixels: np.ndarray) -> Image:
    same = np.array_equal(pixels[..., 0], pixels[..., 1]) and np.array_equal(pixels[..., 0], pixels[..., 2])
    return pixels[..., 0].copy() if same else pixels.copy()
