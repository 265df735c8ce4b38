"""Signals as CSV: a column per channel and, if there is one, a time column that gives the rate."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.readers.base import Reader, readers
from mmcore.readers.delimited import cells_of, first_cells
from mmcore.readers.plain_text import decode
from mmcore.readers.signals import signal_of

_TIME = re.compile(r"^\W*(t|time|times|timestamp|sec|secs|seconds?|ms|milliseconds?|elapsed)\b", re.IGNORECASE)
_MILLISECONDS = re.compile(r"(^|[\W_])(ms|msec|milliseconds?)\W*$", re.IGNORECASE)
_COUNTERS = re.compile(r"^(|unnamed: 0|index|sample|samples|sample_index|frame|n)$", re.IGNORECASE)
_EMPTY = ("", "nan", "na", "n/a", "null")


@readers.register("signal_csv")
class SignalCsv(Reader):
    """CSV or TSV, a column per channel."""

    kind = Kind.SIGNAL
    suffixes = (".csv", ".tsv")
    max_bytes = 128 * 2**20

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Signal:
        """[C, T]; channels are named by the header, if there is one. A column `time` or `time_ms` gives the rate."""
        columns = _numbers(_cells(data, filename), filename)
        names = [name for name in columns if not _COUNTERS.match(name)] or list(columns)
        clock = next((name for name in names if _TIME.match(name.replace("_", " "))), None)
        rate = None
        if clock is not None and len(names) > 1:
            names.remove(clock)
            rate = _rate(columns[clock] / (1000 if _MILLISECONDS.search(clock) else 1), filename)
        named = () if all(name.startswith("column ") for name in names) else tuple(names)
        return signal_of(np.stack([columns[name] for name in names]), filename, spec, rate_hz=rate, names=named)


def _cells(data: bytes, filename: str) -> pd.DataFrame:
    """The cells as text; a first line of numbers is data, and its columns are named "column 1", "column 2"..."""
    text = decode(data)
    if text is None:
        raise BadInput(
            _("{file} is not text: it holds binary content.").format(file=filename),
            _("Export the signal as CSV, NPY or WAV."),
        )
    headless = all(_is_number(cell) for cell in first_cells(text))
    try:
        table = cells_of(text, header=not headless)
    except ValueError as error:
        raise BadInput(
            _("{file} cannot be read as a table: {reason}.").format(
                file=filename, reason=str(error).strip().rstrip(".")
            ),
            _("Give every line the same number of cells."),
        ) from error
    table.columns = [f"column {i}" if headless else str(name).strip() for i, name in enumerate(table.columns, 1)]
    if table.empty:
        raise BadInput(
            _("{file} holds no samples.").format(file=filename), _("A line per moment, a column per channel.")
        )
    return table


def _numbers(table: pd.DataFrame, filename: str) -> dict[str, np.ndarray]:
    columns = {}
    for name in table:
        cells = table[name].str.strip()
        numbers = pd.to_numeric(cells.mask(cells.str.lower().isin(_EMPTY)), errors="coerce")
        odd = numbers.isna() & ~cells.str.lower().isin(_EMPTY)
        if odd.any():
            row = int(np.flatnonzero(odd)[0])
            raise BadInput(
                _("{file}: '{cell}' in column '{column}', sample {row}, is not a number.").format(
                    file=filename, cell=cells.iloc[row][:40], column=name, row=row + 1
                ),
                _("A signal's CSV holds numbers only: a line per moment, a column per channel."),
            )
        columns[name] = numbers.to_numpy(dtype=np.float64)
    return columns


def _rate(seconds: np.ndarray, filename: str) -> float:
    steps = np.diff(seconds)
    step = float(np.median(steps)) if steps.size else float("nan")
    if not step > 0 or not np.isfinite(steps).all() or np.abs(steps - step).max() > 0.5 * step:
        raise BadInput(
            _("{file}: its time column does not rise evenly, so it gives no rate.").format(file=filename),
            _("Resample the signal evenly, or drop the time column and give the rate with --rate INPUT=HZ."),
        )
    return float(f"{(len(seconds) - 1) / (seconds[-1] - seconds[0]):.6g}")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell.strip() == ""
    return True
