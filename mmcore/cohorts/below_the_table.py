"""Lines that stand below the cases of a table: notes, which are left out, and sums, which are told of."""

from __future__ import annotations

import pandas as pd

from mmcore.base.settings import _, counted

_LAST = 6  # lines at the end that are looked at
_COLUMNS = 3  # of a table in whose lines one filled cell is no case
_SUMMARIES = {
    "total", "totals", "sum", "mean", "average", "avg", "median", "sd", "std", "min", "max", "n", "count", "all",
    "overall", "summe", "gesamt", "mittelwert", "moyenne", "media", "promedio", "total général", "合计", "总计", "平均",
    "平均值", "小计", "合計", "平均値", "합계", "평균", "итого",
}  # fmt: skip


def without_notes(frame: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    """The table without lines at its end that fill their first cell only; sums that are left are told.

    frame: cells as the file holds them.
    """
    if len(frame.columns) < _COLUMNS or len(frame) <= 2 * _LAST:
        return frame
    tail = frame.tail(_LAST)
    notes: list[str] = []
    for row in range(_LAST - 1, -1, -1):
        first, *others = tail.iloc[row]
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
    _tell_sums(frame, problems)
    return frame


def _stands_alone(notes: list[str], cells: pd.Series) -> bool:
    """Whether the first cells of the last lines are unlike those of the cases: words below numbers, or far longer."""
    above = [str(cell).strip() for cell in cells if _says(cell)]
    numbers = bool(above) and all(cell[-1:].isdigit() for cell in above)
    longest = max(map(len, above), default=0)
    there = [note for note in notes if note]
    return all(
        note.strip(" :.*").casefold() in _SUMMARIES
        or (numbers and not note[-1:].isdigit())
        or note.startswith(("*", "#", "†"))
        or len(note) > 2 * longest + 10
        for note in there
    )


def _tell_sums(frame: pd.DataFrame, problems: list[str]) -> None:
    names = [str(cell).strip() for cell in frame.iloc[-_LAST:, 0] if _says(cell)]
    sums = [name for name in names if name.strip(" :.*").casefold() in _SUMMARIES]
    if sums:
        problems.append(
            _(
                "The last lines are named {names}: they look like totals of the table, but are read as cases. "
                "Delete them if they are totals."
            ).format(names=", ".join(f"'{name}'" for name in sums))
        )


def _says(cell: object) -> bool:
    if isinstance(cell, str):
        return bool(cell.strip())
    return cell is not None and (not pd.api.types.is_scalar(cell) or bool(pd.notna(cell)))
