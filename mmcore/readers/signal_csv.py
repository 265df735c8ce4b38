"""Signals as CSV: a column per channel and, if there is one, a time column that gives the rate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput, MMError
from mmcore.base.settings import _
from mmcore.base.values import Channel, InputSpec, Kind, Signal
from mmcore.readers.base import HEAD, Reader, readers
from mmcore.readers.channels import channel_of
from mmcore.readers.clock import is_clock, is_counter, names_a_quantity, rate_of, rises_evenly, times_of
from mmcore.readers.delimited import cells_of, first_cells
from mmcore.readers.encodings import Decoded, decode
from mmcore.readers.signals import MAX_SAMPLES, channels_first, signal_of
from mmcore.readers.watch_csv import watch_ecg

_EMPTY = ("", "nan", "na", "n/a", "null", "-", "none")
_PEEK = 65536  # bytes that hold the header
_BEGAN, _RATE = (1e9, 4e9), 4096.0  # seconds since 1970 of recordings, and the highest rate of a wristband
_COLUMNS = 4096  # channels at most
_ABOVE = 2  # lines of numbers above the samples, as programs write rates and counts there
_LINES, _SAMPLES = 4, 16  # lines of numbers, or numbers, that make a text a recording


@readers.register("signal_csv")
class SignalCsv(Reader):
    """CSV, TSV or text of numbers, a column per channel."""

    kind = Kind.SIGNAL
    suffixes = (".csv", ".tsv", ".txt")
    max_bytes = 128 * 2**20
    rate_above: float | None = None  # Hz, where lines above the samples say it
    lead: Channel | None = None  # the only channel, where they say that

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        """Numbers upon numbers, as no note is written: what tells recordings from notes in files called .txt."""
        whole = (
            head if len(head) < HEAD else head[: max(map(head.rfind, (b"\n", b" ", b",", b";", b"\t"))) + 1]
        )  # the last is cut
        decoded = decode(whole)
        rows = (
            [re.split(r"[\s,;]+", line.strip()) for line in decoded.text.splitlines() if line.strip()]
            if decoded
            else []
        )
        if len(rows) > 1 and len(head) == HEAD and not whole.endswith(b"\n"):
            rows.pop()
        numbers = [row for row in rows if all(map(_is_number, row))]
        last = next(
            (i for i, row in enumerate(reversed(rows)) if row not in numbers or len(row) != len(rows[-1])), len(rows)
        )
        samples = rows[len(rows) - last :]
        enough = len(samples) >= _LINES or sum(map(len, samples)) >= _SAMPLES
        return enough and len(numbers) - len(samples) <= _ABOVE

    @classmethod
    def channels(cls, path: Path) -> tuple[Channel, ...]:
        with path.open("rb") as file:
            decoded = decode(file.read(_PEEK).rpartition(b"\n")[0])
        header = first_cells(decoded.text) if decoded else []
        if decoded is not None and (watch := watch_ecg(decoded.text)):
            return (Channel(name=watch.lead or "ecg", unit=watch.unit),)
        if decoded is None or all(map(_is_number, header)):
            return ()
        columns: Mapping[str, np.ndarray | None]
        try:
            clock, rest = _apart(_with_units(cells_of(decoded.text).table))
            columns = _numbers(rest, path.name)
        except (ValueError, MMError):
            clock, columns = "", {name: None for text in header if not is_clock(name := _unquoted(text))}
        gone = _counters(columns, clock) if columns else set()
        return tuple(channel_of(name) for name in columns if name not in gone)

    @classmethod
    def identifiers(cls, path: Path) -> tuple[str, ...]:
        """Whose an ECG of a watch is, which stands above its samples."""
        with path.open("rb") as file:
            decoded = decode(file.read(_PEEK).rpartition(b"\n")[0])
        watch = watch_ecg(decoded.text) if decoded else None
        return ("name",) if watch is not None and watch.persons else ()

    @classmethod
    def edition(cls, head: bytes) -> str:
        """6: lines of Empatica above the samples; what rises evenly without a unit is no channel."""
        return "6"

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Signal:
        """[C, T]; channels are named by the header, if there is one. A column `time` or `time_ms` gives the rate."""
        table, headless = self._cells(data, filename)
        clock, rest = _apart(table)
        rate = self._rate(table[clock], filename) if clock is not None else self.rate_above
        columns = _numbers(rest, filename)
        counters = _counters(columns, clock)
        chosen = [name for name in columns if name not in counters] or list(columns)
        for name in sorted(set(columns) - set(chosen)):
            self.remarks.append(
                _("{file}: column '{name}' seems to hold times or row numbers; it is not read as a channel.").format(
                    file=filename, name=name
                )
            )
        samples = np.stack([columns[name] for name in chosen])
        if headless and clock is None:
            samples = channels_first(samples)
        channels = () if headless else tuple(channel_of(name) for name in chosen)
        if self.lead is not None and len(samples) == 1:
            channels = (self.lead,)
        return signal_of(samples, filename, spec, remarks=self.remarks, rate_hz=rate, channels=channels)

    def _rate(self, cells: pd.Series, filename: str) -> float:
        name = str(cells.name)
        numbers = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64)
        times = times_of(cells.str.strip()) if np.isnan(numbers).all() else None
        if times is not None:
            return rate_of("seconds", times, filename)
        return rate_of(name, _numbers(cells.to_frame(), filename)[name], filename)

    def _cells(self, data: bytes, filename: str) -> tuple[pd.DataFrame, bool]:
        """The cells as text, and whether the first line is data: its columns are then "column 1", "column 2"..."""
        decoded = decode(data)
        watch = watch_ecg(decoded.text) if decoded is not None else None
        if watch is not None:
            decoded = Decoded(watch.samples)
        if decoded is None:
            raise BadInput(
                _("{file} is not text: it holds binary content.").format(file=filename),
                _("Export the signal as CSV, NPY or WAV."),
            )
        header = first_cells(decoded.text)
        headless = all(map(_is_number, header))
        self.rate_above, decoded = (None, decoded) if not headless else _apart_from_rate(decoded)
        if watch is not None:
            self.rate_above, self.lead = watch.rate_hz, Channel(name=watch.lead or "ecg", unit=watch.unit)
        if len(header) > _COLUMNS and (not headless or decoded.text.count("\n") > 1):
            raise BadInput(
                _("{file} has {count} columns, more than the {limit} channels a signal may have.").format(
                    file=filename, count=len(header), limit=_COLUMNS
                ),
                _("Write one line for each moment and one column for each channel."),
            )
        try:
            cells = cells_of(decoded.text, header=not headless, quote=False)
        except ValueError as error:
            raise BadInput(
                _("{file} cannot be read as a table: {reason}.").format(
                    file=filename, reason=str(error).strip().rstrip(".")
                ),
                _("Give every line the same number of cells."),
            ) from error
        self.remarks += [f"{filename}: {problem}" for problem in cells.problems]
        table = cells.table
        if headless:
            table.columns = pd.Index([f"column {i}" for i in range(1, len(table.columns) + 1)], dtype=object)
        else:
            table = _with_units(table)
        if table.empty or table.size > MAX_SAMPLES:
            raise BadInput(
                _("{file} holds no samples.").format(file=filename)
                if table.empty
                else _("{file} holds too many samples.").format(file=filename),
                _("Write one line for each moment and one column for each channel.")
                if table.empty
                else _("Cut it into pieces."),
            )
        return table, headless


def _apart_from_rate(decoded: Decoded) -> tuple[float | None, Decoded]:
    """The rate and the samples of a file as Empatica's wristbands write it: the first line is when it began, in seconds
    since 1970, in each column, the second the rate."""
    first, _end, rest = decoded.text.lstrip("\r\n").partition("\n")
    second, _end, samples = rest.partition("\n")
    began, rates = ({cell.strip() for cell in line.split(",")} for line in (first, second))
    if len(began) != 1 or len(rates) != 1 or not samples.strip():
        return None, decoded
    began_s, rate = (pd.to_numeric(cells.pop(), errors="coerce") for cells in (began, rates))
    if not _BEGAN[0] < began_s < _BEGAN[1] or not 0 < rate <= _RATE:
        return None, decoded
    return float(rate), replace(decoded, text=samples)


def _with_units(table: pd.DataFrame) -> pd.DataFrame:
    """Columns without the quotes of some exports; a first line of units, as WFDB's programs write, joins the names."""
    names = [_unquoted(str(name)) for name in table.columns]
    if len(table) > 1 and not any(_is_number(cell) for cell in table.iloc[0]) and _is_number(table.iloc[1, -1]):
        units = [_unquoted(cell) for cell in table.iloc[0]]
        names = [f"{name} ({unit})" if unit else name for name, unit in zip(names, units, strict=True)]
        table = table.iloc[1:].reset_index(drop=True)
    return table.set_axis(pd.Index(names, dtype=object), axis=1)


def _apart(table: pd.DataFrame) -> tuple[str | None, pd.DataFrame]:
    """The column that tells time, if one does, and the columns that do not."""
    clocks = [str(name) for name in table if is_clock(str(name))]
    if not clocks or len(table.columns) == 1:
        return None, table
    rest = table.drop(columns=clocks)
    return clocks[0], rest if len(rest.columns) else table.drop(columns=clocks[0])


def _counters(columns: Mapping[str, np.ndarray | None], clock: str | None) -> set[str]:
    """Columns that number the samples: by name, or the first by its values where no clock is named; never all."""
    first, values = next(iter(columns.items()))
    ramp = clock is None and values is not None and not names_a_quantity(first) and rises_evenly(values)
    gone = {name for name in columns if is_counter(name)} | ({first} if ramp else set())
    return gone if len(gone) < len(columns) else set()


def _numbers(table: pd.DataFrame, filename: str) -> dict[str, np.ndarray]:
    columns = {}
    for name in table:
        cells = table[name].str.strip()
        if cells.str.contains(r"^[-+]?\d+,\d+$").any() and not cells.str.contains(".", regex=False).any():
            cells = cells.str.replace(",", ".", regex=False)  # decimal commas
        empty = cells.str.lower().isin(_EMPTY)
        numbers = pd.to_numeric(cells.mask(empty), errors="coerce")
        odd = numbers.isna() & ~empty
        if odd.any():
            row = int(np.flatnonzero(odd)[0])
            raise BadInput(
                _("{file}: '{cell}' in column '{column}', sample {row}, is not a number.").format(
                    file=filename, cell=cells.iloc[row][:40], column=name, row=row + 1
                ),
                _("A signal's CSV holds numbers only: a line per moment, a column per channel."),
            )
        columns[str(name)] = numbers.to_numpy(dtype=np.float64)
    return columns


def _unquoted(name: str) -> str:
    """A header without the single quotes that some exports put around it."""
    return name.strip().strip("'").strip()


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return cell.strip() == ""
    return True
