"""The table of a cohort: CSV or Parquet -> one row a case, numbers as numbers, ids checked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.cohorts.names import class_name
from mmcore.readers.delimited import cells_of
from mmcore.readers.plain_text import decode

SUFFIXES = (".csv", ".tsv", ".parquet")
_ODD = 0.05  # share of cells that may be no numbers in a column of numbers
_IDS = ("id", "case_id", "caseid", "case")
_EMPTY = ("", "na", "n/a", "nan", "null", "#n/a", "<na>", "?")  # "none" is a word that may mean something


def read_table(path: Path, id_column: str | None = None) -> tuple[pd.DataFrame, str | None, list[str]]:
    """The table, indexed by case id, the column the ids came from (None: they are row numbers), and what was odd.

    Columns of numbers are float64, a few cells that are no numbers count as missing and are told; all others hold str,
    or None where empty.
    Raises BadInput for a file that is no table, has no rows, or repeats ids.
    """
    try:
        raw = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else _read_csv(path)
    except BadInput:
        raise
    except Exception as error:  # damaged Parquet makes pyarrow raise almost anything
        raise BadInput(
            _("{file} cannot be read as a table: {reason}.").format(
                file=path.name, reason=str(error).strip().rstrip(".")[:200]
            ),
            _("Save it again as CSV (UTF-8), with one header line and the same number of cells in every line."),
        ) from error
    if any(name is not None for name in raw.index.names):  # Parquet keeps an index apart
        raw = raw.reset_index()
    raw.columns = [str(name).strip() for name in raw.columns]
    if raw.empty:
        raise BadInput(
            _("{file} has no rows.").format(file=path.name), _("Give one line per case below a header line.")
        )
    twice = [name for name, count in Counter(raw.columns).items() if count > 1]
    if twice:
        raise BadInput(
            _("{file} has several columns named '{name}'.").format(file=path.name, name=twice[0]),
            _("Give every column its own name."),
        )
    found = (
        id_column if id_column in raw.columns else next((name for name in raw.columns if name.lower() in _IDS), None)
    )
    texts = {name: _texts(raw[name]) for name in raw.columns}
    ids = _ids(texts[found], found, path) if found else [str(i) for i in range(1, len(raw) + 1)]
    index = pd.Index(ids, dtype=object)
    typed, problems = {}, []
    for name, cells in texts.items():
        own = cells.set_axis(index)
        typed[name], problem = (own, "") if name == found else _typed(own)
        problems += [problem] if problem else []
    return pd.DataFrame(typed, index=index), found, problems


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise BadInput(
            _("{file} cannot be read: {reason}.").format(file=path.name, reason=error.strerror),
            _("Check the file and its permissions."),
        ) from error
    if text is None:
        raise BadInput(
            _("{file} is not a CSV table: it holds binary content.").format(file=path.name),
            _("Save it as CSV (UTF-8)."),
        )
    if not text.strip():
        raise BadInput(
            _("{file} is empty.").format(file=path.name), _("Give a header line, and one line per case below it.")
        )
    return cells_of(text)


def _texts(column: pd.Series) -> pd.Series:
    """Cells as str, None where empty."""
    cells = [None if cell is None else cell.strip() if isinstance(cell, str) else _text(cell) for cell in column]
    return pd.Series(
        [None if cell is None or cell.lower() in _EMPTY else cell for cell in cells], dtype=object, name=column.name
    )


def _text(cell: object) -> str | None:
    if isinstance(cell, (pd.Timestamp, np.datetime64)):
        return None if pd.isna(cell) else str(pd.Timestamp(cell))
    return None if cell is pd.NaT else class_name(cell)


def _typed(cells: pd.Series) -> tuple[pd.Series, str]:
    """float64 if the cells that are not empty are finite numbers, and a sentence on the few of many that are not."""
    filled = cells[cells.notna()]
    numbers = pd.to_numeric(filled, errors="coerce").astype(float)
    odd = filled[~np.isfinite(numbers.to_numpy())]
    if filled.empty or len(odd) > (_ODD * len(filled) if len(filled) >= 20 else 0):
        return cells, ""
    whole = numbers.where(np.isfinite(numbers)).set_axis(filled.index)
    values = pd.Series(np.nan, index=cells.index, dtype=float)
    values[cells.notna().to_numpy()] = whole.to_numpy()
    if odd.empty:
        return values, ""
    return values, _(
        "Column '{column}': {count} cells are no numbers and count as missing, '{cell}' of case {id} first."
    ).format(column=cells.name, count=len(odd), cell=str(odd.iloc[0])[:40], id=odd.index[0])


def _ids(cells: pd.Series, column: str, path: Path) -> list[str]:
    empty = int(cells.isna().sum())
    if empty:
        raise BadInput(
            _("{file}: {count} rows have no '{column}'.").format(file=path.name, count=empty, column=column),
            _("Give every case an id."),
        )
    twice = [id for id, count in Counter(cells).items() if count > 1]
    if twice:
        raise BadInput(
            _("{file}: {count} ids occur more than once in '{column}': {ids}.").format(
                file=path.name,
                count=len(twice),
                column=column,
                ids=", ".join(twice[:5]) + (", ..." if len(twice) > 5 else ""),
            ),
            _("Give every case its own id; several cases of one patient share a group, not an id."),
        )
    return list(cells)
