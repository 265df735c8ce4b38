"""Signals written as plain numbers: save as mmcore/readers/ascii_signal.py."""

from __future__ import annotations

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.readers.base import Reader, readers
from mmcore.readers.signals import signal_of


@readers.register("ascii_signal")
class AsciiSignal(Reader):
    """Numbers as text, a line for each sample with a number for each channel."""

    kind = Kind.SIGNAL
    suffixes = (".asc",)

    @classmethod
    def example(cls) -> bytes:
        return b"0.5 1.5\n0.25 -1\n0 2e-1\n" * 20

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Signal:
        """The rate, unit and names of channels come from the spec. Raises BadInput for anything but such numbers."""
        try:
            lines = [line.split() for line in data.decode("ascii").splitlines() if line.strip()]
            samples = np.array(lines, np.float64).reshape(len(lines), -1).T  # [C, T]
        except ValueError as error:
            raise BadInput(
                _("{file} does not hold a number for each channel in every line.").format(file=filename),
                _("Save it as plain text: a line for each sample, numbers with blanks between."),
            ) from error
        return signal_of(samples, filename, spec, remarks=self.remarks)
