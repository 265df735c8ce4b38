"""Files of NumPy: their arrays, without pickled objects and within limits, and which of them look like pictures."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.name_lists import first_of
from mmcore.base.settings import _

MAX_BYTES = 2**28  # after decompression
_NAMED = 8  # arrays that are named one by one
COLOURS = (3, 4)
_LEAST, _SQUARE, _LONGISH = 16, 2, 8  # pixels along an edge, and how much longer one edge may be than the other


def array_of(data: bytes, filename: str) -> np.ndarray:
    """The array, after checking that the file is as long as its header says: a header alone can claim any size."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = header(stream)
    except Exception as error:  # a damaged header is parsed as Python text, with whatever error that gives
        raise BadInput(
            _("{file} is damaged or not a NumPy array.").format(file=filename), _("Save it again with numpy.save.")
        ) from error
    if dtype.hasobject:
        raise BadInput(
            _("{file} holds pickled objects, which are not read for safety.").format(file=filename),
            _("Save it again as an array of numbers."),
        )
    if dtype.itemsize == 0 or any(isinstance(length, bool) for length in shape):
        raise BadInput(
            _("{file} holds an array of shape {shape} and type {type}, which is not a signal.").format(
                file=filename, shape=shape, type=dtype
            ),
            _("Store numbers of shape [time], [time, channels] or [channels, time]."),
        )
    there = len(data) - stream.tell()
    if math.prod(shape) * dtype.itemsize != there or min(shape, default=1) < 0:
        raise BadInput(
            _(
                "{file} is cut off or damaged: it has {there} bytes of numbers where its header says {shape} of {type}."
            ).format(file=filename, there=there, shape=shape, type=dtype),
            _("Copy it again, or save it again with numpy.save."),
        )
    return np.frombuffer(data, dtype, offset=stream.tell()).reshape(shape, order="F" if fortran else "C")


def named_arrays(data: bytes, filename: str) -> dict[str, np.ndarray]:
    """The arrays of an NPZ file. Raises BadInput if it is damaged or would fill the memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > MAX_BYTES:
            raise too_large(filename)
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except BadInput:
        raise
    except Exception as error:  # damaged archives make zipfile, zlib and NumPy raise almost anything
        raise BadInput(
            _("{file} is damaged, holds pickled objects, or is not an NPZ file.").format(file=filename),
            _("Save it again with numpy.savez, numbers only."),
        ) from error


def listed_arrays(arrays: Mapping[str, np.ndarray]) -> str:
    """Names and shapes of the first arrays, and how many more there are."""
    return first_of([f"{name} {array.shape}" for name, array in arrays.items()], _NAMED) or _("nothing")


def too_large(filename: str) -> BadInput:
    """What is said of a file that unpacks to more than `MAX_BYTES`."""
    return BadInput(
        _("{file} has more than {limit} MB when it is decompressed.").format(file=filename, limit=MAX_BYTES // 2**20),
        _("Cut it into pieces."),
    )


def is_picture(shape: tuple[int, ...], kind: str) -> bool:
    """Whether an array of this shape and kind of numbers looks like a picture or a volume, and not like a recording."""
    shape = tuple(length for length in shape if length != 1)
    if kind not in "iufb" or len(shape) not in (2, 3):
        return False
    if len(shape) == 3:
        colours = shape[2] in COLOURS or shape[0] in COLOURS
        edges = shape[:2] if shape[2] in COLOURS else shape[1:]
        return min(edges) >= _LEAST and max(edges) <= (_LONGISH if colours else _SQUARE) * min(edges)
    return min(shape) >= _LEAST and max(shape) <= _SQUARE * min(shape)
