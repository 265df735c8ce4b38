"""What one column of a table looks like it holds: files, prose, categories, or nothing to learn from."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.readers import kind_of, located

_SPLITS = re.compile(r"^(fold|folds|split|subset|partition|strat_fold|cv_fold|is_train|is_test)$", re.IGNORECASE)
_IDENTIFIER = re.compile(
    r"(^|_)(id|uid|uuid|guid|index|idx|rownum|row|nr|mrn|accession)(_raw)?$|^unnamed: \d+$", re.IGNORECASE
)
_DATE = re.compile(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?$|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}([ T].*)?$")
_PATH = re.compile(
    r"^[^\n|;{}]{1,400}\.(png|jpe?g|bmp|tiff?|wav|flac|npy|csv|tsv|hea|dat|dcm|txt|md|mp3|ogg|edf)$", re.IGNORECASE
)
LOOK = 40  # cells that are looked at to tell what a column holds
MOST_CATEGORIES = 50  # different values a category may have


def path_kind(column: pd.Series, folder: Path) -> Kind | None:
    """The kind of the files a column names (relative to `folder`), None if most of its cells name none."""
    kinds = [kind for kind in map(kind_of, paths_in(column, folder)) if kind]
    return max(sorted(set(kinds)), key=kinds.count) if kinds else None


def paths_in(column: pd.Series, folder: Path) -> list[Path]:
    """Files named by some of a column's cells; none unless at least half of the cells looked at name one."""
    if pd.api.types.is_numeric_dtype(column):
        return []
    cells = column.dropna()
    looked = cells.iloc[np.linspace(0, len(cells) - 1, min(len(cells), LOOK)).astype(int)] if len(cells) else cells
    if not len(looked) or max(map(len, looked)) > 1000 or any("\n" in cell for cell in looked):
        return []
    there = [path for path in (path_of(cell, folder) for cell in looked) if path]
    return there if len(there) >= 0.5 * len(looked) else []


def path_of(cell: str, folder: Path) -> Path | None:
    """The file a cell names, relative to the folder of the table, or None."""
    try:
        return located(folder / cell) or (located(folder / cell.replace("\\", "/")) if "\\" in cell else None)
    except (OSError, ValueError):  # no name a file could have
        return None


def is_prose(column: pd.Series) -> bool:
    """Free text: mostly several words (or long, as in languages without spaces), and seldom twice the same."""
    if pd.api.types.is_numeric_dtype(column):
        return False
    cells = column.dropna()
    words, letters = cells.str.split().str.len(), cells.str.len()
    varied = cells.nunique() > max(0.2 * len(cells), min(MOST_CATEGORIES, 0.5 * len(cells)))
    return (
        varied
        and bool(words.mean() >= 3 or letters.mean() >= 25)
        and bool(cells.str.contains(r"[^\W\d_]{2}").mean() > 0.8)
    )


def useless(column: pd.Series, name: str) -> str | None:
    """Why this column can be no input, or None."""
    cells = column.dropna()
    if cells.empty:
        return _("empty")
    if cells.nunique() == 1:
        return _("the same in every case") if len(cells) == len(column) else _("one single value where it is filled in")
    if len(column) >= 50 and len(cells) < 0.02 * len(column):
        return _("filled in for {count} of {total} cases only").format(count=len(cells), total=len(column))
    if _SPLITS.match(name):
        return _("marks a split, which is nothing measured")
    if pd.api.types.is_numeric_dtype(column):
        return _("counts or names the cases") if _is_counter(cells, len(column), name) else None
    if cells.str.match(_DATE).mean() > 0.9:
        return _("a date")
    single = (~cells.str.contains(r"\s")).mean() > 0.9
    if (
        single
        and not cells.str.contains(r"[/\\]").any()
        and not cells.str.match(_PATH).any()
        and cells.str.len().mean() < 60
    ):
        if _IDENTIFIER.search(name):
            return _("names the cases or patients")
        if len(cells) >= 10 and cells.nunique() > 0.9 * len(cells):
            return _("nearly every case has its own value, as names have")
    return None


def _is_counter(cells: pd.Series, cases: int, name: str) -> bool:
    """Integers, each once, that rise or fall from row to row, or are called an index."""
    whole = bool((cells == cells.round()).all()) and cells.is_unique and len(cells) == cases
    if not whole:
        return bool(_IDENTIFIER.search(name)) and bool((cells == cells.round()).all())
    return bool(_IDENTIFIER.search(name)) or (
        cases >= 10 and (cells.is_monotonic_increasing or cells.is_monotonic_decreasing)
    )


def looks_like_paths(column: pd.Series) -> bool:
    """Cells end as file names do, whether or not there are such files."""
    return not pd.api.types.is_numeric_dtype(column) and bool(column.dropna().str.match(_PATH).mean() > 0.8)


def too_many_values(column: pd.Series) -> bool:
    """Words too varied to be a category."""
    if pd.api.types.is_numeric_dtype(column):
        return False
    different, filled = column.nunique(), int(column.notna().sum())
    return different > MOST_CATEGORIES or (filled >= 20 and different > 0.5 * filled)
