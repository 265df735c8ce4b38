"""What one column of a table looks like it holds: prose, categories, or nothing to learn from."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pandas as pd

from mmcore.base.settings import _
from mmcore.cohorts.names import plain, words
from mmcore.cohorts.split_words import marks_a_split, says_parts
from mmcore.cohorts.units import unit_of

_PARTS = 4  # of a split that is named, at most

_IDENTIFYING = {
    "id", "ids", "uid", "uuid", "guid", "index", "idx", "rownum", "row", "nr", "mrn", "accession", "identifier",
}  # fmt: skip
_IDENTIFIERS = {
    "rid", "ptid", "pid", "usubjid", "mrn", "index", "unnamed0", "patient", "subject", "participant", "person", "患者",
    "病人", "受试者",
}  # fmt: skip
# "Fallnr", "Sample No", "Probennummer", "n_dossier", as `plain` writes them.
_NUMBERED = re.compile(
    r"(case|fall|proben?|sample|specimen|lab|labor|akten?|record|chart|visit|encounter|admission|aufnahme|accession|study|exam"
    r"|image|series|dossier|échantillon|hospital|registration|reg|serial|sl|s)(nr|nummer|no|num|number|zeichen)"
    r"|(n|no|nr|numéro|numero|num|número)(dossier|patient|cas|caso|historia|expediente|échantillon|séjour)"
)
DATE = re.compile(
    r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T].*)?$|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}([ T].*)?$"
    r"|^(\d{4}|\w{2}\d{1,2})年\d{1,2}月\d{1,2}日"
    r"|^\d{1,2}[-. ]*[^\W\d]{3,9}\.?[-, ]*(19|20)\d\d([ T:].*)?$|^[^\W\d]{3,9}\.? \d{1,2}, *(19|20)\d\d$"
)
_COPIES = {"duplicate", "duplicated", "duplicates", "duplikat", "dublette", "doublon", "duplicado"}
_PAIR = re.compile(r"^\d{1,3}(\.\d+)?\s*/\s*\d{1,3}(\.\d+)?$")
_TICKS = {
    "x", "✓", "✔", "☑", "√", "yes", "y", "ja", "j", "oui", "o", "si", "sí", "true", "1", "是", "有", "あり", "有り",
    "○", "예", "유", "checked",
}  # fmt: skip
_TIME = re.compile(r"^(\d+ days?,? )?\d{1,3}:\d\d(:\d\d([.,]\d+)?)?$")
FILE_NAME = re.compile(r"^[^\n|;{}<>]{0,400}[^\n|;{}<>.\s/\\]\.(nii\.gz|tar\.gz|[A-Za-z][A-Za-z0-9]{1,5})$")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LETTERS_OF_NAMES = 5  # a name in a script without spaces is shorter than this, a note longer
MOST_CATEGORIES = 50  # different values a category may have


def is_numbers(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column)


def is_prose(column: pd.Series) -> bool:
    """Free text: mostly several words (or long, as in languages without spaces), and seldom twice the same."""
    if is_numbers(column):
        return False
    cells = column.dropna()
    spaced, letters = cells.str.split().str.len(), cells.str.len()
    varied = cells.nunique() > max(0.2 * len(cells), min(MOST_CATEGORIES, 0.5 * len(cells)))
    return (
        varied
        and bool(spaced.mean() >= 3 or letters.mean() >= 25 or is_unspaced(cells))
        and bool(cells.str.contains(r"[^\W\d_]{2}").mean() > 0.8)
    )


def is_unspaced(cells: pd.Series) -> bool:
    """Mostly sentences of a script without spaces between words (Chinese, Japanese, Thai ..)."""
    return bool(len(cells) and cells.str.count(_UNSPACED).mean() > _LETTERS_OF_NAMES)


@lru_cache(maxsize=2**16)  # as `plain` is
def is_identifier(name: str) -> bool:
    """Whether a column is called as ids are: "patient_id", "StudyID", "MRN #", "患者ID"."""
    parts = [word for word in words(name) if word not in ("raw", "orig", "original")]
    last = parts[-1] if parts else ""
    return (
        last in _IDENTIFYING
        or plain(name) in _IDENTIFIERS
        or bool(_NUMBERED.fullmatch(plain(name)))
        or bool(re.fullmatch(r"unnamed\d+", plain(name)))
        or bool(re.search(r"[^\x00-\x7f](id|号|编号|番号|编码|序号|번호)$", name.strip(), re.IGNORECASE))
    )


def useless(column: pd.Series, name: str) -> str | None:
    """Why this column can be no input, or None."""
    if {*words(name)} & _COPIES:
        return _("marks cases that occur twice, which is not a measurement")
    if is_numbers(column) and not pd.api.types.is_bool_dtype(column):
        return _useless_numbers(column.to_numpy(dtype=float), name)
    cells = column.dropna()
    if cells.empty:
        return _("empty")
    if cells.nunique() == 1:
        if len(cells) < len(column) and cells.iloc[0].strip().casefold() in _TICKS:
            return _("only '{cell}' where it is filled in; if an empty cell means no, write no").format(
                cell=cells.iloc[0]
            )
        return _("the same in every case") if len(cells) == len(column) else _("only one value where it is filled in")
    if len(column) >= 50 and len(cells) < 0.02 * len(column):
        return _("filled in for {count} of {total} cases only").format(count=len(cells), total=len(column))
    if marks_a_split(name) or (cells.nunique() <= _PARTS and says_parts(cells.unique())):
        return _("marks a split, which is not a measurement")
    if cells.str.match(DATE).mean() > 0.9:
        return _("a date")
    if cells.str.match(_TIME).mean() > 0.9:
        return _("a time of day or a duration; give it as a number to use it")
    if cells.str.match(_PAIR).mean() > 0.8:
        return _("two numbers in a cell, such as '{cell}'; give each a column of its own").format(cell=cells.iloc[0])
    return _names_cases(cells, name, len(column))


def _names_cases(cells: pd.Series, name: str, cases: int) -> str | None:
    single = (~cells.str.contains(r"\s")).mean() > 0.9
    if not single or is_unspaced(cells) or cells.str.len().mean() >= 60:
        return None
    if cells.str.contains(r"[/\\]").any() or cells.str.match(FILE_NAME).any():
        return None
    if is_identifier(name):
        return _("names the cases or patients")
    if len(cells) >= 10 and cells.nunique() > 0.9 * len(cells):
        if len(cells) < 0.5 * cases:
            return _("filled in for {count} of {total} cases, nearly every one with a value of its own").format(
                count=len(cells), total=cases
            )
        return _("nearly every case has its own value, as names have")
    return None


def _useless_numbers(column: np.ndarray, name: str) -> str | None:
    """The same for numbers, without pandas: there may be thousands of such columns."""
    cells = column[~np.isnan(column)]
    if not len(cells):
        return _("empty")
    if (cells == cells[0]).all():
        return _("the same in every case") if len(cells) == len(column) else _("only one value where it is filled in")
    if len(column) >= 50 and len(cells) < 0.02 * len(column):
        return _("filled in for {count} of {total} cases only").format(count=len(cells), total=len(column))
    if marks_a_split(name):
        return _("marks a split, which is not a measurement")
    return _("gives the number or name of each case") if _is_counter(cells, len(column), name) else None


def _is_counter(cells: np.ndarray, cases: int, name: str) -> bool:
    """Integers, each once, that rise or fall from row to row, or are called an index."""
    if not (cells == np.round(cells)).all():
        return False
    steps = np.diff(cells)
    if unit_of(name):  # measured, if in the order of the rows
        return False
    rises_or_falls = len(cells) == cases >= 10 and bool((steps > 0).all() or (steps < 0).all())
    return rises_or_falls or is_identifier(name)


def looks_like_paths(column: pd.Series) -> bool:
    """Cells end as file names do, whether or not there are such files."""
    return not is_numbers(column) and bool(column.dropna().str.match(FILE_NAME).mean() > 0.8)


def too_many_values(column: pd.Series) -> bool:
    """Words too varied to be a category."""
    if is_numbers(column):
        return False
    different, filled = column.nunique(), int(column.notna().sum())
    return different > MOST_CATEGORIES or (filled >= 20 and different > 0.5 * filled)
