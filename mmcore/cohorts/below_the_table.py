"""Lines that stand below the cases of a table and are left out: notes, sums, and other tables."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted

_LAST = 6  # lines at the end that are looked at
_NAMED = 3  # letters of a sum's name, for one of them at least: a case may be called n
_LOOKED, _NUMBERS, _ODD, _ABOVE = 12, 2, 0.2, 5  # columns that are looked at; of numbers; words in them; cases above
_COLUMNS = 3  # of a table in whose lines one filled cell is no case
_SUMMARIES = {
    "total", "totals", "sum", "mean", "average", "avg", "median", "sd", "std", "min", "max", "n", "count", "all",
    "overall", "summe", "gesamt", "mittelwert", "moyenne", "media", "promedio", "total général", "合计", "总计", "平均",
    "平均值", "小计", "合計", "平均値", "합계", "평균", "итого",
}  # fmt: skip


def without_notes(frame: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    """The table without lines at its end that fill their first cell only, or are named as sums are.

    frame: cells as the file holds them.
    """
    if len(frame.columns) < _COLUMNS or len(frame) <= 2 * _LAST:
        return frame
    notes: list[str] = []
    for row in range(len(frame) - 1, len(frame) - 1 - _LAST, -1):
        first, *others = frame.iloc[row]
        if any(_says(cell) for cell in others):
            break
        notes.insert(0, str(first).strip() if _says(first) else "")
    notes = notes[next((i for i, note in enumerate(notes) if note), len(notes)) :]
    if notes and not _stands_alone(notes, frame.iloc[: len(frame) - len(notes), 0]):
        notes = []
    if notes:
        problems.append(
            counted(
                len(notes),
                "{count} line below the table fills the first cell only and was skipped: '{line}'.",
                "{count} lines below the table fill the first cell only and were skipped, such as '{line}'.",
                line=notes[0][:60],
            )
        )
        frame = frame.iloc[: len(frame) - len(notes)]
    return _without_sums(frame, problems)


def _stands_alone(notes: list[str], cells: pd.Series) -> bool:
    """Whether the first cells of the last lines are unlike those of the cases: words below numbers, or far longer."""
    above = [str(cell).strip() for cell in cells if _says(cell)]
    numbers = bool(above) and all(cell[-1:].isdigit() for cell in above)
    digits = numbers and all(cell.isdigit() for cell in above)
    longest = max(map(len, above), default=0)
    there = [note for note in notes if note]
    return all(
        note.strip(" :.*").casefold() in _SUMMARIES
        or (numbers and not note[-1:].isdigit())
        or (digits and any(letter.isalpha() for letter in note))
        or note.startswith(("*", "#", "†"))
        or len(note) > 2 * longest + 10
        for note in there
    )


def _without_sums(frame: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    """The table without the lines at its end that are named as sums are; a case may be called so, as Max is.

    Where the cases above are called by words, too, the numbers have to be sums, means and the like of those above.
    """
    names = [str(cell).strip() if _says(cell) else "" for cell in frame.iloc[:, 0].iloc[-_LAST:]]
    last = next((i for i, name in enumerate(reversed(names)) if not _is_sum(name)), len(names))
    above, lines = frame.iloc[: len(frame) - last], frame.iloc[len(frame) - last :]
    if last and _called_by_words(above.iloc[:, 0]):
        totals = next((i for i in range(last) if not _sums_up(above, lines.iloc[last - 1 - i])), last)
        if totals < last:
            problems.append(
                _(
                    "'{name}' at the end of the table is the name of a total, but its numbers do not sum "
                    "up the cases above: it is read as a case."
                ).format(name=names[-totals - 1])
            )
        last = totals
    if last and len([name for name in names[-last:] if len(name) >= _NAMED]):
        problems.append(
            counted(
                last,
                "{count} line at the end of the table has the name of a total, {names}, and is left out.",
                "{count} lines at the end of the table have the names of totals, {names}, and are left out.",
                names=list_of(f"'{name}'" for name in names[-last:]),
            )
        )
        return frame.iloc[: len(frame) - last]
    return frame


def _called_by_words(cells: pd.Series) -> bool:
    """Whether most cases have a name without a digit."""
    names = [str(cell) for cell in cells if _says(cell)]
    return 2 * sum(not any(letter.isdigit() for letter in name) for name in names) > len(names)


def _sums_up(above: pd.DataFrame, line: pd.Series) -> bool:
    """Whether all numbers of a line are a sum, mean and the like of the cases above it, and not just by chance."""
    matches, beyond = 0, False
    for place in range(1, len(line)):
        digits = _plain_number(line.iloc[place])
        cells = [float(number) for cell in above.iloc[:, place] if (number := _plain_number(cell))]
        if not digits or len(cells) < max(2, len(above) / 2):
            continue
        numbers, value = np.array(cells), float(digits)
        summaries = [numbers.sum(), numbers.mean(), np.median(numbers), numbers.max(), numbers.min(), len(numbers)]
        summaries += [numbers.std(), numbers.std(ddof=1)]
        decimals = len(digits.partition(".")[2])
        if not any(abs(value - summary) <= 0.51 * 10.0**-decimals for summary in summaries):
            return False
        matches += len({*cells}) > 2
        beyond = beyond or not numbers.min() <= value <= numbers.max()
    return beyond or matches >= 2


def _plain_number(cell: object) -> str:
    """The digits of a cell that is a number, with a decimal point; "" for others."""
    text = str(cell).strip().replace(",", ".") if _says(cell) else ""
    return text if re.fullmatch(r"[-+]?\d+(\.\d+)?", text) else ""


def _is_sum(name: str) -> bool:
    return name.strip(" :.*").casefold() in _SUMMARIES


def without_second_table(frame: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    """The table without its header where that comes again, as in joined exports, and without what follows another
    header: a line of words in columns that hold numbers above it."""
    looked = frame.iloc[:, :_LOOKED]
    words = pd.DataFrame({name: _words(looked[name]) for name in looked}, index=frame.index)
    usual = [name for name in words if words[name].mean() <= _ODD and looked[name].map(_says).any()]
    if len(usual) < _NUMBERS:
        return frame
    places = np.flatnonzero(words[usual].all(axis=1).to_numpy())
    header = [str(name) for name in looked]
    again = [row for row in places if [str(cell).strip() for cell in looked.iloc[row]] == header]
    others = [row for row in places if row not in again and row >= _ABOVE and _may_be_header(looked, int(row))]
    if others:
        problems.append(
            _(
                "At row {row} below the header (empty rows not counted), another table begins ({names}); "
                "it is left out."
            ).format(row=others[0] + 1, names=list_of(f"'{cell}'" for cell in looked.iloc[others[0]] if _says(cell)))
        )
    if again:
        problems.append(
            counted(
                len(again),
                "{count} row repeats the header and is left out.",
                "{count} rows repeat the header and are left out.",
            )
        )
    stay = np.ones(len(frame), bool)
    stay[again] = False
    stay[others[0] if others else len(frame) :] = False
    return frame if stay.all() else frame[stay].reset_index(drop=True)


def _may_be_header(looked: pd.DataFrame, row: int) -> bool:
    """Names that differ, and that no line above has: a line of "not done" is that of a case, so is one with a class."""
    cells = {column: str(cell).strip() for column, cell in looked.iloc[row].items() if _says(cell)}
    if len({*cells.values()}) != len(cells) or len(cells) < _NUMBERS:
        return False
    return not any((looked[column].iloc[:row].astype(str).str.strip() == cell).any() for column, cell in cells.items())


def _words(cells: pd.Series) -> pd.Series:
    """[N] bool: filled, and no number."""
    if pd.api.types.is_numeric_dtype(cells):
        return pd.Series(False, index=cells.index)
    if not isinstance(cells.dtype, pd.StringDtype):  # bytes, lists and dates of other files are no words
        cells = cells.map(lambda cell: cell if isinstance(cell, str) else "").astype("string")
    texts = cells.str.strip().fillna("")
    return (texts != "") & ~texts.str.contains(r"\d", regex=True)


def _says(cell: object) -> bool:
    if isinstance(cell, str):
        return bool(cell.strip())
    return cell is not None and (not pd.api.types.is_scalar(cell) or bool(pd.notna(cell)))
