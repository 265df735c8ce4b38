"""WFDB records (PhysioNet): a header NAME.hea with its data files beside it, through the `wfdb` package."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.modules import missing_packages
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.base.values import Channel, InputSpec, Kind, Signal
from mmcore.readers.base import Reader, readers, shown
from mmcore.readers.signals import MAX_SAMPLES, signal_of

if TYPE_CHECKING:
    from wfdb import Record

_IDENTIFYING = {
    "name": re.compile(r"\bname\b[^\n:=>]*[:=>]\s*\S", re.IGNORECASE),
    "birth date": re.compile(r"\b(birth|dob)\b[^\n:=>]*[:=>]?\s*\S", re.IGNORECASE),
    "number": re.compile(r"\b(mrn|(patient|subject)[\s_]*(id|no|number))\b[^\n:=>]*[:=>]?\s*\S", re.IGNORECASE),
    "date": re.compile(r"\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b"),
}
_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
_NULL = "~"  # a segment during which nothing was recorded
_MOST = 1024  # signals or segments a record may have


@readers.register("wfdb")
class Wfdb(Reader):
    """WFDB record (HEA with DAT)."""

    kind = Kind.SIGNAL
    suffixes = (".hea",)

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("wfdb")

    @classmethod
    def files(cls, path: Path) -> list[Path]:
        """The header and the files it names in its own folder: data, and the segments with theirs."""
        record, lines = _lines(path)
        named = dict.fromkeys(path.parent / Path(line[0]).name for line in lines[:_MOST])
        if "/" not in record:
            return [path, *(file for file in named if file.is_file())]
        segments = [file.with_name(file.name + ".hea") for file in named]
        return [path, *dict.fromkeys(file for header in segments if header.is_file() for file in _of_segment(header))]

    @classmethod
    def channels(cls, path: Path) -> tuple[Channel, ...]:
        record, lines = _lines(path)
        if "/" in record:
            headers = [path.with_name(line[0] + ".hea") for line in lines[:_MOST]]
            return next((cls.channels(header) for header in headers if header.is_file() and header != path), ())
        return tuple(_channel(line) for line in lines)

    @classmethod
    def identifiers(cls, path: Path) -> tuple[str, ...]:
        """From the record line (a base date) and the comments below, where names and numbers are often written."""
        with path.open(errors="replace") as file:
            lines = file.read(2**18).splitlines()
        record = next((line.split() for line in lines if line.strip() and not line.startswith("#")), [])
        comments = "\n".join(line for line in lines if line.startswith("#"))
        there = [kind for kind, words in _IDENTIFYING.items() if words.search(comments)]
        if "date" not in there and any(_DATE.fullmatch(word) for word in record[4:]):
            there.append("date")
        return tuple(there)

    @classmethod
    def edition(cls, head: bytes) -> str:
        """2: channels of several rates keep theirs; their format is followed by an x and the samples of a frame."""
        return "2" if re.search(rb"\s\d+x\d+", head) else ""

    def read(self, path: Path, spec: InputSpec | None) -> Signal:
        """[C, T] float32 in the physical unit of the header, with its rate and names.

        Channels of a lower rate than the fastest are brought to its rate by straight lines, which is told.
        """
        filename = shown(path)
        self._check_header(path, filename)
        files = self.files(path)
        for file in files:
            self.check_size(file.stat().st_size, shown(file))
        if sum(file.stat().st_size for file in files) > 3 * MAX_SAMPLES:
            raise BadInput(_("{file} holds too many samples.").format(file=filename), _("Cut it into pieces."))
        _check_order(path, filename)
        try:
            samples, rate, channels = self._samples(path)
        except BadInput:
            raise
        except Exception as error:  # damaged headers make wfdb raise almost anything
            raise BadInput(
                _("{file} is damaged, or its data file is missing or cut off.").format(file=filename),
                _("Keep NAME.hea and NAME.dat together, as they were published."),
            ) from error
        return signal_of(samples, filename, spec, remarks=self.remarks, rate_hz=rate, channels=channels)

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Signal:
        raise BadInput(
            _("{file} is only the header of a record; its samples are in another file.").format(file=filename),
            _("Upload the signal as WAV, NPY or CSV, or open the folder that holds the record."),
        )

    def _samples(self, path: Path) -> tuple[np.ndarray, float, tuple[Channel, ...]]:
        import wfdb

        record_line, lines = _lines(path)
        if "/" in record_line and not _has_layout(lines) and any(line[0] == _NULL for line in lines):
            return self._joined(path, lines)
        name = str(path.with_suffix("").resolve())
        header = wfdb.rdheader(name)
        frames = getattr(header, "samps_per_frame", None) or [1]
        if (header.sig_len or 0) * (header.n_sig or 1) * max(frames) > MAX_SAMPLES:
            raise BadInput(_("{file} holds too many samples.").format(file=shown(path)), _("Cut it into pieces."))
        if max(frames) == 1:
            record = wfdb.rdrecord(name)
            return record.p_signal.T, float(record.fs), _named(record)
        record = wfdb.rdrecord(name, smooth_frames=False)  # else the samples of a frame are averaged
        most = max(record.samps_per_frame)
        samples = np.stack([_at_rate(row, record.sig_len * most) for row in record.e_p_signal])
        rate = float(record.fs) * most
        slower = [channel.name for channel, n in zip(_named(record), record.samps_per_frame, strict=True) if n < most]
        if slower:
            self.remarks.append(
                _(
                    "{file}: channels with fewer samples, converted to {rate:g} Hz by straight lines: {channels}."
                ).format(file=shown(path), channels=list_of(slower), rate=rate)
            )
        return samples, rate, _named(record)

    def _joined(self, path: Path, lines: list[list[str]]) -> tuple[np.ndarray, float, tuple[Channel, ...]]:
        """Segments of one layout, with a gap where one is null: `wfdb` joins those of a record with a layout only."""
        read = {line[0]: self._samples(path.with_name(line[0] + ".hea")) for line in lines if line[0] != _NULL}
        samples, rate, channels = next(iter(read.values()))
        parts = [
            read[line[0]][0] if line[0] != _NULL else np.full((len(samples), int(line[1])), np.nan) for line in lines
        ]
        return np.concatenate(parts, axis=1), rate, channels

    def _check_header(self, path: Path, filename: str) -> None:
        """A header of a few bytes can claim any number of signals; each costs wfdb time."""
        self.check_size(path.stat().st_size, filename)
        words = _lines(path)[0].split()
        counts = [words[0].partition("/")[2] if words else "", words[1] if len(words) > 1 else ""]
        length = words[3] if len(words) > 3 else ""
        if any(count.isdigit() and int(count) > _MOST for count in counts) or (
            length.isdigit() and counts[1].isdigit() and int(length) * int(counts[1]) > MAX_SAMPLES
        ):
            raise BadInput(
                _("{file} claims more signals, segments or samples than a record may have here.").format(file=filename),
                _("Cut it into pieces."),
            )


def _check_order(path: Path, filename: str) -> None:
    """Segments of one layout hold the same channels in one order; `wfdb` joins them by place, whatever they say."""
    record, lines = _lines(path)
    if "/" not in record or not lines or _has_layout(lines):
        return
    headers = [path.with_name(line[0] + ".hea") for line in lines[:_MOST] if line[0] != _NULL]
    names = [tuple(_channel(line) for line in _lines(header)[1]) for header in headers if header.is_file()]
    other = next((number for number, own in enumerate(names) if own != names[0]), None)
    if other is not None:
        raise BadInput(
            _("{file}: its segments hold different channels, or the same in another order ({first}; {other}).").format(
                file=filename,
                first=list_of(channel.name or "?" for channel in names[0]),
                other=list_of(channel.name or "?" for channel in names[other]),
            ),
            _("Give each segment as a recording of its own, or a header with a layout."),
        )


def _has_layout(lines: list[list[str]]) -> bool:
    """Whether the first segment, of no length, lists the channels; segments may then lack some, in any order."""
    return bool(lines) and len(lines[0]) > 1 and lines[0][1] == "0"


def _lines(path: Path) -> tuple[str, list[list[str]]]:
    """The record line of a header and the words of the lines below it."""
    with path.open(errors="replace") as file:
        lines = [line.strip() for line in file.read(2**20).splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    return (lines[0] if lines else ""), [line.split() for line in lines[1:]]


def _of_segment(header: Path) -> list[Path]:
    """A segment's header and data; a segment has no segments of its own."""
    named = dict.fromkeys(header.parent / Path(line[0]).name for line in _lines(header)[1])
    return [header, *(file for file in named if file.is_file())]


def _channel(words: list[str]) -> Channel:
    """From the words of a signal's line: file, format, gain(baseline)/unit, ..., description."""
    gain = words[2] if len(words) > 2 else ""
    unit = gain.partition("/")[2] or "mV"  # the standard's default
    return Channel(name=" ".join(words[8:]), unit=unit) if len(words) > 8 else Channel(name="", unit=unit)


def _named(record: Record) -> tuple[Channel, ...]:
    names, units = record.sig_name or [], record.units or []
    if not names or any(name is None for name in names):
        return ()
    return tuple(Channel(name=name, unit=(units[i] if i < len(units) else "") or "") for i, name in enumerate(names))


def _at_rate(row: np.ndarray, length: int) -> np.ndarray:
    """A channel brought to so many samples over the same time."""
    if len(row) == length:
        return row
    return np.interp(np.arange(length) * len(row) / length, np.arange(len(row)), row)
