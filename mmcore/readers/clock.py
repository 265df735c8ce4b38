"""Time columns of signal files: which column is one, in what unit, and the rate it gives."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.settings import _

_UNITS = {
    "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0,
    "ms": 1e-3, "msec": 1e-3, "millis": 1e-3, "millisecond": 1e-3, "milliseconds": 1e-3,
    "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "usec": 1e-6, "microsecond": 1e-6, "microseconds": 1e-6,
    "ns": 1e-9, "nsec": 1e-9, "nanosecond": 1e-9, "nanoseconds": 1e-9,
    "min": 60.0, "mins": 60.0, "minute": 60.0, "minutes": 60.0, "秒": 1.0,
    "毫秒": 1e-3, "微秒": 1e-6,
    "ミリ秒": 1e-3, "分": 60.0, "分钟": 60.0, "sekunden": 1.0, "millisekunden": 1e-3, "мс": 1e-3, "с": 1.0,
    "h": 3600.0, "hour": 3600.0, "hours": 3600.0,
}  # fmt: skip
_TIMES = {
    "t", "ts", "time", "times", "timestamp", "timestamps", "datetime", "elapsed", "epoch", "tstamp", "utc", "clock",
    "unix", "posix", "zeit", "zeitstempel", "temps", "tiempo", "tempo", "время", "时间", "時間", "时刻", "時刻",
    "时间戳", "시간",
}  # fmt: skip
_COUNTERS = {
    "", "unnamed0", "index", "idx", "sample", "samples", "sampleno", "samplenr", "samplenumber", "sampleindex", "frame",
    "frameno", "n", "no", "nr", "row", "rownum",
}  # fmt: skip
_EPOCHS = ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3), (1e8, 1.0))  # counts since 1970 are so large, in these units
_QUANTITIES = {
    "mv", "uv", "µv", "μv", "v", "mmhg", "kpa", "pa", "bar", "cmh2o", "ml", "l", "deg", "degrees", "rad", "mm", "cm",
    "m", "g", "mg", "kg", "n", "nm", "bpm", "°c", "celsius", "percent", "%",
}  # fmt: skip
_RAMP = 20  # lines from which an even rise is no chance
_SLOWEST = 1.0  # Hz: whole numbers that would mean less than this may be milliseconds as well


def is_clock(name: str) -> bool:
    """Whether a column of this name tells time."""
    words = _words(name)
    return bool(words) and (bool(_TIMES & set(words)) or (words[0] in _UNITS and len(words) == 1))


def is_counter(name: str) -> bool:
    """Whether a column of this name only numbers the samples."""
    return re.sub(r"[\W_]+", "", name.casefold()) in _COUNTERS


def names_a_quantity(name: str) -> bool:
    """Whether a column names a unit, in brackets or as its last word, that is none of time: it measures something."""
    bracket = re.search(r"[\(\[]\s*([^\)\]]{1,12}?)\s*[\)\]]\s*$", name)
    unit = (bracket[1] if bracket else (re.split(r"[\W_]+", name)[-1] if re.search(r"[\W_]", name) else "")).casefold()
    return unit in _QUANTITIES or (bracket is not None and bool(unit) and unit not in _UNITS and not unit.isdigit())


def rises_evenly(values: np.ndarray) -> bool:
    """A clock or a counter by its values: it rises by the same step from line to line, as nothing measured does."""
    steps = np.diff(values)
    if len(values) < _RAMP or not np.isfinite(steps).all() or steps[0] <= 0:
        return False
    return bool(np.abs(steps - steps.mean()).max() < 0.02 * steps.mean())


def rate_of(name: str, cells: np.ndarray, filename: str) -> float:
    """Samples a second from the cells of a time column, numbers in the unit that name or size tell.

    Raises BadInput for a column that does not rise evenly, and for whole numbers whose unit nobody says.
    """
    steps = np.diff(cells)
    step = float(np.median(steps)) if steps.size else float("nan")
    if not step > 0 or not np.isfinite(steps).all() or np.abs(steps - step).max() > 0.5 * step:
        raise BadInput(
            _("{file}: its time column does not rise evenly, so it gives no rate.").format(file=filename),
            _("Resample the signal evenly, or drop the time column and give the rate of the input."),
        )
    unit = _unit_of(name, float(cells[0]))
    mean = (float(cells[-1]) - float(cells[0])) / (len(cells) - 1)
    rate = 1 / (mean * (unit or 1.0)) if mean * (unit or 1.0) > 1e-12 else float("inf")
    if unit is None and rate < _SLOWEST and (cells == np.round(cells)).all():
        raise BadInput(
            _("{file}: column '{name}' rises by {step:g} from line to line, but its unit is not stated.").format(
                file=filename, name=name, step=step
            ),
            _("Name it with its unit: time_s, time_ms or time_us."),
        )
    return float(f"{rate:.6g}")


def times_of(cells: pd.Series) -> np.ndarray | None:
    """Seconds from cells such as "2021-01-01 00:00:00.004", "01.02.2021 00:00:00,004" or "00:00:01.25"; None if they
    are no times."""
    try:
        if cells.str.fullmatch(r"\d+:\d\d(:\d\d([.,]\d+)?)?").all():
            parts = cells.str.replace(",", ".").str.split(":")
            return np.array([sum(float(p) * 60**k for k, p in enumerate(reversed(row))) for row in parts])
        cells = cells.str.replace(r"(?<=:\d\d),(?=\d)", ".", regex=True)
        cells = cells.str.replace(r"^(\d\d?)\.(\d\d?)\.(\d{4})(?=[ T])", r"\3-\2-\1", regex=True)  # the day is first
        cells = cells.str.replace(r"(?<=-)(\d)(?=[- T])", r"0\1", regex=True)
        stamps = pd.to_datetime(cells, format="ISO8601")
    except (ValueError, TypeError, OverflowError):
        return None
    return (stamps - stamps.iloc[0]).dt.total_seconds().to_numpy(dtype=np.float64)


def _unit_of(name: str, first: float) -> float | None:
    """Seconds of one step of the clock, None where nothing says."""
    named = next((_UNITS[word] for word in _words(name) if word in _UNITS), None)
    if named is not None:
        return named
    return next((unit for least, unit in _EPOCHS if first >= least), None)


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", name.casefold())
