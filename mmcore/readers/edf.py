"""EDF and BDF recordings (sleep, EEG, ECG), through edfio: physical units, channels by name."""

from __future__ import annotations

import io
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.modules import missing_packages
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.base.values import Channel, InputSpec, Kind, Signal
from mmcore.readers.base import Reader, readers
from mmcore.readers.signals import MAX_SAMPLES, signal_of


@readers.register("edf")
class Edf(Reader):
    """EDF, EDF+, BDF."""

    kind = Kind.SIGNAL
    suffixes = (".edf", ".bdf", ".rec")

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        return head.startswith((b"0       ", b"\xffBIOSEMI")) and head[168:170].isdigit()

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("edfio")

    @classmethod
    def channels(cls, path: Path) -> tuple[Channel, ...]:
        signals, _left_out = _of_one_rate(_signals(path.read_bytes(), path.name))
        return tuple(Channel(name=signal.label, unit=_unit(signal)) for signal in signals)

    @classmethod
    def identifiers(cls, path: Path) -> tuple[str, ...]:
        """From the 80 characters on the patient (EDF+: number, sex, birth date, name; X where hidden)."""
        with path.open("rb") as file:
            head = file.read(256)
        words = head[8:88].decode("latin-1").split()
        there = ["name"] if any(len(word) > 1 and word != "X" for word in words[3:] or words[:1]) else []
        there += ["birth date"] if len(words) > 2 and words[2] != "X" else []
        there += ["number"] if len(words) > 3 and words[0] != "X" else []
        date = head[168:176].decode("latin-1")
        return tuple(there + (["date"] if date.strip("0. ") and not date.startswith(("01.01.85", "01.01.00")) else []))

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Signal:
        """[C, T] float32 in the file's physical units. Where channels differ in their rate, those of the commonest
        (of equals the fastest) are read, and which were left out is said."""
        signals, left_out = _of_one_rate(_signals(data, filename))
        if data[192:197] in (b"EDF+D", b"BDF+D"):
            self.remarks.append(
                _("{file} was recorded with pauses; what lies before and after a pause is joined.").format(
                    file=filename
                )
            )
        if (lacking := _records_lacking(data)) > 0:
            self.remarks.append(
                counted(
                    lacking,
                    "{file} is cut off: {count} of its {all} data records is missing.",
                    "{file} is cut off: {count} of its {all} data records are missing.",
                    file=filename,
                    all=int(data[236:244]),
                )
            )
        if left_out:
            self.remarks.append(
                _("{file}: channels of another rate were left out: {names}.").format(
                    file=filename, names=list_of(signal.label for signal in left_out)
                )
            )
        try:
            rows = [np.asarray(signal.data, np.float32) for signal in signals]
        except Exception as error:  # samples are decoded only now
            raise _damaged(filename) from error
        if not rows:
            raise BadInput(_("{file} holds no signal.").format(file=filename), _("Export it again."))
        return signal_of(
            np.stack([row[: min(map(len, rows))] for row in rows]),
            filename,
            spec,
            remarks=self.remarks,
            rate_hz=float(signals[0].sampling_frequency),
            channels=[Channel(name=signal.label, unit=_unit(signal)) for signal in signals],
        )


def _signals(data: bytes, filename: str) -> list[Any]:
    """The signals of a file, annotations aside. Raises BadInput."""
    import edfio

    if len(data) > MAX_SAMPLES * 2:
        raise BadInput(_("{file} is too long to be read.").format(file=filename), _("Cut it into pieces."))
    read = edfio.read_bdf if data.startswith(b"\xffBIOSEMI") else edfio.read_edf
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            recording = read(io.BytesIO(data))
            signals = list(recording.signals)
    except Exception as error:  # damaged headers make edfio raise almost anything
        raise _damaged(filename) from error
    return signals


def _records_lacking(data: bytes) -> int:
    """Data records that the header counts and the file does not hold; 0 where the header does not count them."""
    try:
        begins, records, signals = int(data[184:192]), int(data[236:244]), int(data[252:256])
        table = data[256 : 256 * (1 + signals)]
        lengths = [int(table[signals * 216 + 8 * row :][:8]) for row in range(signals)]
    except ValueError:
        return 0
    size = sum(lengths) * (3 if data.startswith(b"\xff") else 2)
    return max(0, records - (len(data) - begins) // size) if size > 0 else 0


def _damaged(filename: str) -> BadInput:
    return BadInput(
        _("{file} is damaged, cut off, or not an EDF or BDF recording.").format(file=filename), _("Copy it again.")
    )


def _of_one_rate(signals: list[Any]) -> tuple[list[Any], list[Any]]:
    """Signals that share the commonest rate, and the others."""
    counts = Counter(float(signal.sampling_frequency) for signal in signals)
    rate = max(counts, key=lambda r: (counts[r], r), default=0.0)
    chosen = [signal for signal in signals if float(signal.sampling_frequency) == rate]
    return chosen, [signal for signal in signals if float(signal.sampling_frequency) != rate]


def _unit(signal: Any) -> str:
    return str(signal.physical_dimension or "").replace("uV", "µV")
