"""NumPy arrays: one recording of one or several channels, without pickled objects."""

from __future__ import annotations

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.readers.base import Reader, readers
from mmcore.readers.numpy_files import array_of
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
                _("{file} holds an array of shape {shape} and type {type}, which is not a signal.").format(
                    file=filename, shape=array.shape, type=array.dtype
                ),
                _("Store numbers of shape [time], [time, channels] or [channels, time]."),
            )
        return signal_of(channels_first(array), filename, spec, remarks=self.remarks)
