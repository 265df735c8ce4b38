"""NumPy arrays: one recording of one or several channels, without pickled objects."""

from __future__ import annotations

import io
import math

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.readers.base import Reader, readers
from mmcore.readers.signals import channels_first, signal_of


@readers.register("npy")
class Npy(Reader):
    """NPY."""

    kind = Kind.SIGNAL
    suffixes = (".npy",)

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        return head.startswith(b"\x93NUMPY")

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Signal:
        """[T], [T, C] or [C, T], besides axes of length 1, of any real number type; the longer axis is time. The rate
        comes from the spec."""
        array = array_of(data, filename)
        if array.ndim > 2:  # one recording as a batch of one, or with an axis for its only channel
            array = array.reshape([length for length in array.shape if length != 1])
        if array.ndim not in (1, 2) or array.dtype.kind not in "iuf":
            raise BadInput(
                _("{file} holds an array of shape {shape} and type {type}, which is no signal.").format(
                    file=filename, shape=array.shape, type=array.dtype
                ),
                _("Store numbers of shape [time], [time, channels] or [channels, time]."),
            )
        return signal_of(channels_first(array), filename, spec, remarks=self.remarks)


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
            _("{file} holds an array of shape {shape} and type {type}, which is no signal.").format(
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
