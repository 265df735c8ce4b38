"""Where each value of a cohort is: in a file, in a cell, or in several cells of a row."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from mmcore import readers
from mmcore.base.errors import BadInput
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.base.values import Channel, InputSpec, Kind, Row
from mmcore.cohorts.column_files import files_of_column, format_of, named_by, path_of
from mmcore.cohorts.folder import Folder
from mmcore.cohorts.media import rows_of
from mmcore.cohorts.names import class_name
from mmcore.cohorts.table_files import Blob
from mmcore.readers.channels import agreed, same_name

_LISTED, _EXAMPLES = 3, 3  # missing files of one input that are told one by one, and of more, those that are named
_FOLDERS = 500  # that are looked through for files that no cell names
_LOOKED = 40  # files of a signal input whose channels are looked at


@dataclass
class Located:
    """By input and case id. inputs: with the channels that recordings are brought to."""

    inputs: dict[str, InputSpec]
    paths: dict[str, dict[str, Path]] = field(default_factory=dict)
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    blobs: dict[str, Mapping[str, Blob]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def locate(
    inputs: Mapping[str, InputSpec], table: pd.DataFrame, folder: Folder, blobs: Mapping[str, Mapping[str, Blob]]
) -> Located:
    """Raises BadInput for an input none of whose cells names a file."""
    located = Located(dict(inputs))
    for name, spec in inputs.items():
        column = table[spec.columns[0]]
        if spec.kind is Kind.TABLE:
            located.rows[name] = rows_of(table, spec)
        elif spec.columns[0] in blobs:
            located.blobs[name] = blobs[spec.columns[0]]
        elif spec.kind is Kind.TEXT and not files_of_column(column, folder):
            located.cells[name] = {id: str(cell) for id, cell in column.dropna().items()}
        else:
            located.paths[name] = _paths(name, column, folder, located.problems)
        if spec.kind is Kind.SIGNAL and not spec.channels:
            located.inputs[name] = _with_channels(spec, list(located.paths.get(name, {}).values()), located.problems)
    return located


def unused_beside(paths: Mapping[str, Mapping[str, Path]], taken: Collection[object] = ()) -> list[str]:
    """A sentence on files that lie beside those that cells name, and that no cell names. taken: that are used, too."""
    named = {path for files in paths.values() for path in files.values()}
    folders = sorted({path.parent for path in named})
    suffixes = {path.suffix.lower() for path in named} - {".csv", ".tsv", ".txt", ".md", ""}
    if len(folders) > _FOLDERS or not suffixes:
        return []
    parts: set[Path] | None = None  # files of records of several, looked for only where something seems left over
    unused, first = 0, ""
    for place in folders:
        try:
            with os.scandir(place) as entries:
                names = sorted(entry.name for entry in entries if Path(entry.name).suffix.lower() in suffixes)
        except OSError:
            continue
        others = [
            name
            for name in names
            if not name.startswith(".") and place / name not in named and place / name not in taken
        ]
        if others and parts is None:
            parts = {part for path in named for part in readers.files_of(path)}
        others = [name for name in others if place / name not in (parts or ())]
        first = first or (f"{place.name}/{others[0]}" if others else "")
        unused += len(others)
    if not unused:
        return []
    return [
        counted(
            unused,
            "{count} file, {file}, lies beside those of the table, but no row names it; it is not used.",
            "{count} files, such as {file}, lie beside those of the table, but no row names them; they are not used.",
            file=first,
        )
    ]


def _paths(name: str, column: pd.Series, folder: Folder, problems: list[str]) -> dict[str, Path]:
    named = {id: text for id, cell in column.items() if (text := class_name(cell)) is not None}
    by_name = named_by(column, folder)
    there = {id: path for id, cell in named.items() if (path := path_of(cell, folder, by_name, str(column.name)))}
    if named and not there:
        raise BadInput(
            counted(
                len(named),
                "Input '{name}': the only cell of column '{column}', '{cell}', names no file below {folder}.",
                "Input '{name}': none of the {count} cells of column '{column}' names a file below {folder}; "
                "the first is '{cell}'.",
                name=name,
                column=column.name,
                folder=folder.name,
                cell=next(iter(named.values()))[:80],
            ),
            _("Paths are relative to the folder of the table."),
        )
    unread = [path for path in there.values() if readers.kind_of(path) is None and path.suffix != ""]
    if unread and len(unread) == len(there):
        problems.append(
            _("Input '{name}': its files are of a format that is not read here, {format}.").format(
                name=name, format=format_of(unread[0])
            )
        )
    absent = [id for id in named if id not in there]
    if len(absent) <= _LISTED:
        problems += [
            _("Case {id}: {input} is missing, because {file} does not exist.").format(id=id, input=name, file=named[id])
            for id in absent
        ]
    else:
        problems.append(
            counted(
                len(absent),
                "{count} of {total} files of {input} does not exist: {files}; the input is missing there.",
                "{count} of {total} files of {input} do not exist, such as {files}; the input is missing there.",
                total=len(named),
                input=name,
                files=list_of(_("{file} of case {id}").format(file=named[id], id=id) for id in absent[:_EXAMPLES]),
            )
        )
    return there


def _with_channels(spec: InputSpec, paths: list[Path], problems: list[str]) -> InputSpec:
    """The input with the channels that its recordings are brought to, where some of them are given otherwise.

    Where all files looked at agree in order and unit there is something to bring new recordings to as well.
    """
    looked = [paths[i] for i in np.linspace(0, len(paths) - 1, min(len(paths), _LOOKED)).astype(int)] if paths else []
    files = [channels for path in looked if (channels := readers.channels_of(path))]
    wanted = agreed(files)
    if files and not wanted:
        problems.append(
            _(
                "Input '{name}': its recordings have no channel names in common; channels are matched by their order."
            ).format(name=spec.name)
        )
    if not wanted or (len(wanted) < 2 and not wanted[0].unit):
        return spec
    if odd := [channels for channels in files if _differs(channels, wanted)]:
        problems.append(
            counted(
                len(odd),
                "Input '{name}': {count} of {total} recordings checked has other channels, another order or "
                "another unit; all are converted to {channels}, and one that lacks a channel is left out.",
                "Input '{name}': {count} of {total} recordings checked have other channels, another order or "
                "another unit; all are converted to {channels}, and those that lack a channel are left out.",
                name=spec.name,
                total=len(files),
                channels=list_of(f"{c.name} ({c.unit})" if c.unit else c.name for c in wanted),
            )
        )
    return spec.model_copy(update={"channels": wanted})


def _differs(channels: tuple[Channel, ...], wanted: tuple[Channel, ...]) -> bool:
    def facts(listed: tuple[Channel, ...]) -> list[tuple[str, str]]:
        return [(same_name(channel.name), channel.unit.casefold()) for channel in listed]

    return facts(channels) != facts(wanted)
