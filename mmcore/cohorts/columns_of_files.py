"""Columns that say something of the files beside them, and nothing of the case: how long, which take, how noisy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from mmcore import readers
from mmcore.base.errors import MMError
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.cohorts.column_content import is_numbers
from mmcore.cohorts.folder import Folder
from mmcore.cohorts.names import class_name, words

_LENGTHS = {"duration", "length", "len", "dauer", "duree", "durée", "seconds", "sec", "时长"}
_NUMBERED = {
    "take", "repetition", "rep", "recording", "rec", "clip", "segment", "seq", "sequence", "instance", "utterance",
}  # fmt: skip
_FLAWS = {"noise", "drift", "wander", "artifact", "artifacts", "artefact", "artefacts", "伪影", "漂移"}
_LOOKED = 3  # recordings that are read
_NEAR = 0.02  # share of a length by which it may be rounded


def tells_of_files(table: pd.DataFrame, column: str, inputs: Iterable[InputSpec], folder: Folder) -> str | None:
    """Why this column of numbers or words can be no input beside these inputs of files, or None."""
    called = {*words(column)}
    for spec in inputs:
        lasts = spec.kind is Kind.SIGNAL and called & _LENGTHS and is_numbers(table[column])
        if lasts and _lengths(table, spec, column, folder):
            return _("says how long the recordings of '{input}' last, which the recordings show themselves").format(
                input=spec.name
            )
        if spec.kind is Kind.SIGNAL and _tells_a_flaw(table[column], column):
            return _("says what is wrong with the recordings of '{input}', not with the case").format(input=spec.name)
        if called & _NUMBERED and _in_names(table, spec.columns[0], column):
            return _("gives each file of '{input}' the number that is already in its name").format(input=spec.name)
    return None


def _tells_a_flaw(cells: pd.Series, column: str) -> bool:
    """ "static_noise", "baseline drift"; a plain "noise" that is a number may be what somebody was exposed to."""
    called = words(column)
    return called[-1:] != [] and called[-1] in _FLAWS and (len(called) > 1 or not is_numbers(cells))


def _lengths(table: pd.DataFrame, spec: InputSpec, column: str, folder: Folder) -> bool:
    """Whether the first recordings last as many seconds, or milliseconds."""
    ratios = []
    for cell, number in table[[spec.columns[0], column]].dropna().head(_LOOKED).itertuples(index=False):
        path = folder.at(str(cell))
        try:
            value = readers.read(Kind.SIGNAL, path, spec) if path else None
        except (MMError, ValueError):
            return False
        if not isinstance(value, Signal) or not value.rate_hz or number <= 0:
            return False
        ratios.append(value.duration / number)
    return any(bool(ratios) and bool(np.allclose(ratios, unit, rtol=_NEAR)) for unit in (1, 1e-3))


def _in_names(table: pd.DataFrame, files: str, column: str) -> bool:
    """Whether every number is part of the name of the file beside it."""
    pairs = table[[files, column]].dropna()
    return len(pairs) > 0 and all(
        str(class_name(number)) in {str(int(digits)) for digits in re.findall(r"\d{1,9}", Path(str(cell)).stem)}
        for cell, number in pairs.itertuples(index=False)
    )
