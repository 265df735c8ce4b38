"""Recordings in files of several named arrays: NumPy's NPZ and MATLAB's MAT, through NumPy and SciPy."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Channel, InputSpec, Kind, Signal
from mmcore.readers.base import Reader, readers
from mmcore.readers.matlab_fields import channel_names, fields_of, inflated_size
from mmcore.readers.numpy_files import MAX_BYTES, listed_arrays, named_arrays, too_large
from mmcore.readers.signals import MAX_SAMPLES, channels_first, signal_of

_RATES = (
    "fs",
    "rate",
    "rate_hz",
    "freq",
    "frequency",
    "sampling_rate",
    "sample_rate",
    "samplingrate",
    "srate",
    "sr",
    "hz",
)


@readers.register("npz")
class Npz(Reader):
    """NPZ: named NumPy arrays."""

    kind = Kind.SIGNAL
    suffixes = (".npz",)

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        length = int.from_bytes(head[26:28], "little")
        return head.startswith(b"PK\x03\x04") and head[30 : 30 + length].endswith(b".npy")

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Signal:
        """As NPY, from the largest array; a lone number called fs, rate .. is the rate. Which array it was is said."""
        return _signal(self, named_arrays(data, filename), filename, spec)


@readers.register("mat")
class Mat(Reader):
    """MAT: MATLAB arrays (version 5 to 7.2)."""

    kind = Kind.SIGNAL
    suffixes = (".mat",)

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        return head.startswith(b"MATLAB ")

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Signal:
        """As NPZ, from the variables of a MAT file."""
        from scipy.io import loadmat, whosmat

        if data[:19].startswith(b"MATLAB 7.3") or data.startswith(b"\x89HDF"):
            raise BadInput(
                _("{file} is a MAT file of version 7.3, which is not read.").format(file=filename),
                _("Save it with the option -v7."),
            )
        try:
            variables = whosmat(io.BytesIO(data))
            declared = sum(int(np.prod(shape, dtype=float)) for _name, shape, _type in variables)
            nested = any(kind in ("struct", "cell", "object") for _name, _shape, kind in variables)
            if declared * 8 > MAX_BYTES or (nested and inflated_size(data, MAX_BYTES) > MAX_BYTES):
                raise too_large(filename)
            content = loadmat(io.BytesIO(data), mat_dtype=False)
        except BadInput:
            raise
        except Exception as error:  # damaged files make the parser raise almost anything
            raise BadInput(
                _("{file} is damaged or not a MAT file.").format(file=filename), _("Save it again with the option -v7.")
            ) from error
        arrays = {name: value for name, value in content.items() if isinstance(value, np.ndarray) and name[:2] != "__"}
        return _signal(self, fields_of(arrays), filename, spec)


def _signal(reader: Reader, arrays: Mapping[str, np.ndarray], filename: str, spec: InputSpec | None) -> Signal:
    """The largest array of numbers with one or two axes, and the rate and names of channels if they are among the
    others."""
    numbers = {name: np.squeeze(array) for name, array in arrays.items() if array.dtype.kind in "iuf"}
    recordings = {name: a for name, a in numbers.items() if a.ndim in (1, 2) and 1 < a.size <= MAX_SAMPLES}
    if not recordings:
        raise BadInput(
            _("{file} holds no recording. It holds: {names}.").format(file=filename, names=listed_arrays(arrays)),
            _("Store numbers of shape [time], [time, channels] or [channels, time]."),
        )
    name = max(recordings, key=lambda n: recordings[n].size)
    if len(recordings) > 1:
        reader.remarks.append(
            _("{file} holds several arrays; the largest, '{name}', is read.").format(file=filename, name=name)
        )
    rates = {
        float(a)
        for n, a in numbers.items()
        if a.ndim == 0 and n.casefold().rpartition(".")[2] in _RATES and float(a) > 0
    }
    samples = channels_first(recordings[name])
    return signal_of(
        samples,
        filename,
        spec,
        remarks=reader.remarks,
        rate_hz=rates.pop() if len(rates) == 1 else None,
        channels=[Channel(name=channel) for channel in channel_names(arrays, len(samples))],
    )
