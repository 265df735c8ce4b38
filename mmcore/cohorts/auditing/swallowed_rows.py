"""Cells that hold rows of the table, which are then no cases."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmcore.base.settings import _, counted
from mmcore.cohorts.auditing.base import AuditedCohort, AuditFinding, Check, Severity, checks
from mmcore.readers.delimited import beginning

_SEPARATORS = ",;\t|"
_WIDEST, _NARROWEST = 200, 3  # columns of a table that is looked at


@checks.register("swallowed_rows")
class SwallowedRows(Check):
    """Rows of the table that became part of a cell because a quotation mark was not closed."""

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        table = audited.cohort.table
        width = len(table.columns)
        if not _NARROWEST <= width <= _WIDEST:
            return
        rows: dict[str, int] = {}
        forms = {beginning(str(id)) for id in table.index} | {
            beginning(str(cell)) for cell in table.iloc[:, 0].dropna()
        }
        for name in table.select_dtypes(exclude="number"):
            for id, cell in table[name].dropna().items():
                if "\n" in str(cell) and (inside := _rows_in(str(cell), width, forms)):
                    rows[str(id)] = rows.get(str(id), 0) + inside
        if not rows:
            return
        yield AuditFinding(
            self.name,
            Severity.MEDIUM,
            counted(
                sum(rows.values()),
                "{count} row of the table stands inside a cell of another case, and is no case itself.",
                "{count} rows of the table stand inside cells of other cases, and are no cases themselves.",
            ),
            _(
                "A quotation mark was not closed there: close it in the table, and open the table again. "
                "Until then these cases are lost, and the cell that swallowed them holds their text "
                "beside its own."
            ),
            {"rows": rows},
            tuple(rows),
        )


def _rows_in(cell: str, width: int, forms: set[str]) -> int:
    """Lines of a cell, but the first, that are cut into as many parts as the table has columns and begin as a row does.

    forms: of what rows begin with; a line of a note that holds as many commas begins with words.
    """
    lines = [re.sub(r'"[^"]*"', "", line) for line in cell.splitlines()[1:]]
    return max(
        sum(line.count(mark) == width - 1 and beginning(line.split(mark)[0]) in forms for line in lines)
        for mark in _SEPARATORS
    )
