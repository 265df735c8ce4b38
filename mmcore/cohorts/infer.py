"""Roles by content: what a table's columns are when nobody has said so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import pandas as pd

from mmcore import readers
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.base.values import InputSpec, Kind
from mmcore.cohorts.chosen import TABLE
from mmcore.cohorts.column_content import (
    MOST_CATEGORIES,
    is_numbers,
    is_prose,
    looks_like_paths,
    too_many_values,
    useless,
)
from mmcore.cohorts.column_files import (
    ColumnFiles,
    facts_from_twin,
    files_of_column,
    names_readable_file,
    same_recordings,
)
from mmcore.cohorts.columns_of_files import tells_of_files
from mmcore.cohorts.folder import Folder
from mmcore.cohorts.leaks import may_settle, settles
from mmcore.cohorts.long_tables import quantities_in_rows
from mmcore.cohorts.names import plain, same_but_for_case
from mmcore.cohorts.personal_columns import tells_a_person
from mmcore.cohorts.roles import column_specs
from mmcore.cohorts.table_files import Blob
from mmcore.cohorts.target_names import named_outcome
from mmcore.cohorts.text_copies import Likeness, likeness, unedited

TARGETS = (
    "label", "labels", "target", "y", "outcome", "diagnosis", "class", "disease", "event", "dx", "诊断", "标签", "结局",
)  # fmt: skip
_VIEW = 8  # columns with one prefix that make an input of their own, where several prefixes have so many


@dataclass
class Inferred:
    """inputs in column order; ignored: column -> why; leaks: those of them that alone determine the target; problems:
    what a person should know."""

    inputs: dict[str, InputSpec] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def named_like(columns: Iterable[str], names: tuple[str, ...]) -> list[str]:
    """Columns with one of these names, in the order of the names, whatever their case, spaces and underscores."""
    there: dict[str, str] = {}
    for column in columns:
        there.setdefault(plain(column), column)
    return [there[name] for name in names if name in there]


def find_target(table: pd.DataFrame, taken: set[str]) -> str | None:
    """A column with a target's name that holds labels or numbers, not prose or paths."""
    for column in named_like(table.columns, TARGETS):
        cells = table[column].dropna()
        if column in taken or cells.empty:
            continue
        if is_numbers(cells) or cells.nunique() <= max(2, min(MOST_CATEGORIES, len(cells) // 2)):
            return column
    return None


def likely_target(table: pd.DataFrame, taken: set[str], problems: list[str]) -> str | None:
    """A column with a target's name; else one that is called as outcomes are, which is told."""
    if (column := find_target(table, taken)) is not None:
        return column
    column = named_outcome(table, taken)
    if column is not None:
        problems.append(
            _(
                "Column '{column}' is taken as the target because of its name. Choose another one if this is wrong."
            ).format(column=column)
        )
    return column


def infer(
    table: pd.DataFrame,
    folder: Folder,
    *,
    taken: Mapping[str, str],
    target: np.ndarray,
    group: str | None,
    blobs: Mapping[str, Mapping[str, Blob]],
) -> Inferred:
    """Inputs from the columns that are not `taken` (column -> its role: id, target, group, ignored).

    target: [N] class index or float, to find columns that alone settle it (see leaks). blobs: files in cells.
    """
    inferred, rest, unsettled = Inferred(), [], may_settle(table.drop(columns=[*taken], errors="ignore"), target)
    inferred.problems += quantities_in_rows(table, TARGETS)
    for column, cells in table.items():
        if column in taken:
            continue
        files = _in_cells(blobs[column]) if column in blobs else files_of_column(cells, folder)
        if files is not None:
            _enter_files(inferred, table, column, files, folder)
        elif reason := useless(cells, column) or tells_a_person(cells, column) or _repeats(table, column, group):
            inferred.ignored[column] = reason
        elif _absent_files(cells):
            inferred.ignored[column] = _("names files that do not exist")
            inferred.problems.append(
                _("Column '{column}' looks like paths, but no such files lie below {folder}.").format(
                    column=column, folder=folder.name
                )
            )
        elif column in unsettled and settles(cells, target):
            inferred.ignored[column] = _("it alone determines the target: a likely leak, which gives the answer away")
            inferred.leaks.append(column)
            inferred.problems.append(
                _(
                    "Column '{column}' alone determines the target; it is left out as a likely leak, "
                    "which gives the answer away. To use it, make it an input yourself."
                ).format(column=column)
            )
        elif is_numbers(cells):
            rest.append(column)
        elif is_prose(cells):
            _enter_text(inferred, table, column)
        elif too_many_values(cells):
            inferred.ignored[column] = _("{count} different short values: neither a category nor free text").format(
                count=cells.nunique()
            )
        else:
            rest.append(column)
    media = [spec for spec in inferred.inputs.values() if spec.kind in (Kind.IMAGE, Kind.SIGNAL)]
    of_files = {column: tells_of_files(table, column, media, folder) for column in rest} if media else {}
    inferred.ignored |= {column: reason for column, reason in of_files.items() if reason}
    _enter_table(inferred, table, [column for column in rest if not of_files.get(column)])
    return inferred


def _in_cells(files: Mapping[str, Blob]) -> ColumnFiles:
    kinds = Counter(kind for name, data in islice(files.values(), 20) if (kind := readers.kind_of_bytes(name, data)))
    if not kinds:
        return ColumnFiles(None, _("unknown"))
    return ColumnFiles(max(sorted(kinds), key=lambda kind: kinds[kind]))


def _enter_text(inferred: Inferred, table: pd.DataFrame, column: str) -> None:
    """A text input; of two that are the same text, or one text and its cut edition, only one is."""
    for other in [name for name, spec in inferred.inputs.items() if spec.kind is Kind.TEXT and name in table]:
        like = likeness(table, column, other)
        if like is Likeness.PART:
            inferred.problems.append(
                _(
                    "The texts of '{column}' and '{other}' repeat one another: one is part of the other. "
                    "A study of both counts the same words twice."
                ).format(column=column, other=other)
            )
        elif like is not None:
            out, stays = (other, column) if unedited(other, column) else (column, other)
            inferred.ignored[out] = _("the same texts as '{column}', or an edited version of them").format(column=stays)
            inferred.problems.append(
                _(
                    "Columns '{column}' and '{other}' hold the same texts, or one is a shortened version of "
                    "the other; '{other}' is left out. To use it, make it an input yourself."
                ).format(column=stays, other=out)
            )
            if out == column:
                return
            inferred.inputs.pop(out)
    inferred.inputs[column] = InputSpec(name=column, kind=Kind.TEXT, columns=(column,))


def _absent_files(column: pd.Series) -> bool:
    return looks_like_paths(column) and bool(column.dropna().head(40).map(names_readable_file).mean() > 0.5)


def _enter_table(inferred: Inferred, table: pd.DataFrame, columns: list[str]) -> None:
    """One table input; columns that share a prefix (mrna_, meth_) are inputs of their own where there are several."""
    prefixes = {column: match.group(1) for column in columns if (match := re.match(r"^([A-Za-z]\w*?)[_.:-]", column))}
    counts = Counter(prefixes.values())
    views = [prefix for prefix, count in counts.items() if count >= _VIEW]
    parts = {prefix: [c for c in columns if prefixes.get(c) == prefix] for prefix in views} if len(views) > 1 else {}
    if parts:
        inferred.problems.append(
            _("Columns whose names begin alike are taken together, each set of them as one input: {views}.").format(
                views=list_of(f"{prefix} ({len(names)})" for prefix, names in parts.items())
            )
        )
    in_views = {column for names in parts.values() for column in names}
    left = [column for column in columns if column not in in_views]
    for name, names in {**parts, TABLE: left}.items():
        if names:
            own = name if name not in inferred.inputs else f"{name}_"
            specs = column_specs(table, names)
            inferred.inputs[own] = InputSpec(name=own, kind=Kind.TABLE, columns=tuple(names), table=specs)
    for column in table[columns].select_dtypes(exclude=["number", "bool"]):
        inferred.problems += same_labels(table[column])


def _enter_twin(inferred: Inferred, table: pd.DataFrame, column: str, twin: str, folder: Folder) -> None:
    """A column of the recordings of another one is left out, but what only its files say of them is taken."""
    inferred.ignored[column] = _("the same recordings as '{column}', in another format").format(column=twin)
    spec = inferred.inputs[twin]
    facts = facts_from_twin(table, twin, column, folder) if spec.kind is Kind.SIGNAL else {}
    if facts:
        inferred.inputs[twin] = spec.model_copy(update=facts)
        inferred.problems.append(
            _(
                "The files of '{column}' do not state their sampling rate; that of '{other}', {rate:g} Hz, is used."
            ).format(column=twin, rate=facts["rate_hz"], other=column)
        )


def same_labels(column: pd.Series) -> list[str]:
    """A sentence where labels of a column differ by letter case or spaces only."""
    pairs = same_but_for_case(column)
    if not pairs:
        return []
    return [
        counted(
            len(pairs),
            "Column '{column}': '{first}' and '{second}' differ only in letter case or spaces, but count as different.",
            "Column '{column}': {count} values are written in several ways that differ only in letter case or spaces, "
            "but count as different, such as '{first}' and '{second}'.",
            column=column.name,
            first=pairs[0][0],
            second=pairs[0][1],
        )
    ]


def _repeats(table: pd.DataFrame, column: str, group: str | None) -> str | None:
    if group is None or table[column].isna().any():
        return None
    pairs = table[[group, column]].drop_duplicates()
    return (
        _("has the same meaning as the group")
        if len(pairs) == table[group].nunique() == table[column].nunique()
        else None
    )


def _enter_files(inferred: Inferred, table: pd.DataFrame, column: str, files: ColumnFiles, folder: Folder) -> None:
    if files.kind is None:
        inferred.ignored[column] = _("its files are of a format that is not read here: {format}").format(
            format=files.format
        )
        inferred.problems.append(
            _("Column '{column}': its files are there, but their format, {format}, is not read here.").format(
                column=column, format=files.format
            )
        )
        return
    twin = next(
        (
            spec.columns[0]
            for spec in inferred.inputs.values()
            if spec.kind is files.kind and same_recordings(table, spec.columns[0], column, files.kind, folder)
        ),
        None,
    )
    if twin:
        _enter_twin(inferred, table, column, twin, folder)
        return
    inferred.inputs[column] = InputSpec(name=column, kind=files.kind, columns=(column,))
    if files.by_name:
        inferred.problems.append(
            _("Column '{column}' gives no paths; its files were found by their names, such as {file}.").format(
                column=column, file=files.example
            )
        )
