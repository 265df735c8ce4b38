"""Pictures stored as NumPy arrays: NPY, and the largest array of an NPZ."""

from __future__ import annotations

import ast
import io
import re
import zlib

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Image, InputSpec, Kind
from mmcore.readers.base import Reader, readers
from mmcore.readers.deep_pixels import MAX_DEEP, MAX_PIXELS, opaque, stretched
from mmcore.readers.numpy_files import COLOURS, array_of, is_picture, listed_arrays, named_arrays

_LOCAL_HEADER = 30  # bytes of a member of a zip before its name


@readers.register("array_picture")
class ArrayPicture(Reader):
    """Pictures in NumPy arrays (NPY, NPZ)."""

    kind = Kind.IMAGE
    suffixes = (".npy", ".npz")

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        shape = _shape(head)
        return shape is not None and is_picture(*shape)

    @classmethod
    def example(cls) -> bytes:
        stream = io.BytesIO()
        np.save(stream, np.arange(20 * 24 * 3, dtype=np.uint16).astype(np.uint8).reshape(20, 24, 3))
        return stream.getvalue()

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Image:
        """[H, W] or [H, W, 3] uint8, from [H, W], [H, W, C] or [C, H, W] of 1 to 4 channels, or the middle slice of
        [slices, H, W]. Numbers of 0..255 are taken as they are, fractions of 0..1 times 255, others are stretched so
        that their 0.5th and 99.5th percentiles become black and white. What was taken is said."""
        if data.startswith(b"\x93NUMPY"):
            array = array_of(data, filename)
        else:
            arrays = {name: a for name, a in named_arrays(data, filename).items() if _plane_shape(a.shape)}
            if not arrays:
                raise BadInput(
                    _("{file} holds no picture. It holds: {names}.").format(
                        file=filename, names=listed_arrays(named_arrays(data, filename))
                    ),
                    _("Store numbers of shape [height, width] or [height, width, 3]."),
                )
            name = max(arrays, key=lambda name: arrays[name].size)
            array = arrays[name]
            if len(arrays) > 1:
                self.remarks.append(
                    _("{file} holds several arrays; the largest, '{name}', is read.").format(file=filename, name=name)
                )
        return self._pixels(array, filename)

    def _pixels(self, array: np.ndarray, filename: str) -> Image:
        if array.dtype.kind not in "iufb" or not _plane_shape(array.shape):
            raise _no_picture(filename, array.shape, str(array.dtype))
        array = np.squeeze(array)
        if array.ndim == 3 and array.shape[2] not in (2, *COLOURS):
            if array.shape[0] in (2, *COLOURS):
                array = np.moveaxis(array, 0, 2)
            else:
                middle = len(array) // 2
                self.remarks.append(
                    _("{file} is a volume of {count} slices; the middle one (number {number}) is read.").format(
                        file=filename, count=len(array), number=middle + 1
                    )
                )
                array = array[middle]
        limit = MAX_DEEP if array.ndim == 3 else MAX_PIXELS
        if array.shape[0] * array.shape[1] > limit:
            raise BadInput(
                _("{file} has more than {limit} million pixels.").format(file=filename, limit=limit // 10**6),
                _("Store it at a lower resolution."),
            )
        return self._in_8_bits(opaque(array), filename)

    def _in_8_bits(self, pixels: np.ndarray, filename: str) -> Image:
        if pixels.dtype.kind == "b":
            return np.ascontiguousarray(pixels, np.uint8) * 255
        if not np.isfinite(pixels).all():
            self.remarks.append(_("{file} holds pixels that are not numbers; they count as 0.").format(file=filename))
            pixels = np.nan_to_num(pixels, nan=0.0, posinf=0.0, neginf=0.0)
        low, high = pixels.min(), pixels.max()
        if pixels.dtype.kind in "iu" and low >= 0 and high <= 255:
            return np.ascontiguousarray(pixels, np.uint8)
        if pixels.dtype.kind == "f" and low >= 0 and 1 < high <= 255 and (pixels == np.round(pixels)).all():
            return np.ascontiguousarray(pixels, np.uint8)
        if pixels.dtype.kind == "f" and low >= 0 and high <= 1:
            return np.ascontiguousarray(pixels * 255 + 0.5, np.uint8)
        self.remarks.append(
            _("{file} holds values from {low:g} to {high:g}; they are stretched from black to white.").format(
                file=filename, low=float(low), high=float(high)
            )
        )
        return stretched(pixels)


def _plane_shape(shape: tuple[int, ...]) -> bool:
    return len([length for length in shape if length != 1]) in (2, 3) and min(shape) > 0


def _no_picture(filename: str, shape: tuple[int, ...], kind: str) -> BadInput:
    return BadInput(
        _("{file} holds no picture: an array of shape {shape} and type {type}.").format(
            file=filename, shape=shape, type=kind
        ),
        _("Store numbers of shape [height, width] or [height, width, 3]."),
    )


def _shape(head: bytes) -> tuple[tuple[int, ...], str] | None:
    """Shape and kind of numbers of the first array of a file that begins like this."""
    if head.startswith(b"PK\x03\x04"):
        start = _LOCAL_HEADER + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        method, head = int.from_bytes(head[8:10], "little"), head[start:]
        if method:
            try:
                head = zlib.decompressobj(-zlib.MAX_WBITS).decompress(head, 512)
            except zlib.error:
                return None
    if not head.startswith(b"\x93NUMPY"):
        return None
    kind = re.search(rb"'descr': '[<>|=]?([a-zA-Z])\d+'", head)
    shape = re.search(rb"'shape': (\(\d{1,9}(?:, ?\d{1,9}){1,4},?\))", head)
    return (ast.literal_eval(shape.group(1).decode()), kind.group(1).decode()) if kind and shape else None
