"""Opening a cohort: a built-in one by name, or a folder or table of one's own."""

from __future__ import annotations

import os
from pathlib import Path

from mmcore.base.errors import BadInput, NotFound, unknown
from mmcore.base.name_lists import first_of
from mmcore.base.settings import _
from mmcore.cohorts import json_tables
from mmcore.cohorts.allowed import require_allowed
from mmcore.cohorts.archive import unpacked
from mmcore.cohorts.assembly import Assembly
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.cohort_table import ARRAYS
from mmcore.cohorts.roles import NO_ROLES, Roles
from mmcore.cohorts.samples import build_sample, samples
from mmcore.cohorts.table_files import EXCEL, SUFFIXES, TEXTS, divided_text, holds_html
from mmcore.cohorts.toml import FILE, CohortFile, read_toml
from mmcore.readers import suffixes

_LOOKED = 100_000  # files below a folder without a table
_TABLES = ["cases.csv", "cases.parquet", "cases.tsv", "cases.xlsx"]  # what a cohort's table is called


def open_cohort(source: str | Path, roles: Roles = NO_ROLES, *, cases: int | None = None, seed: int = 0) -> Cohort:
    """A cohort from a built-in name, a folder or zip with a table in it, or the path of a CSV, Excel or Parquet table.

    roles go before cohort.toml, which goes before what the content suggests. cases and seed are for built-in cohorts.
    Media are read later, when asked for. Raises NotFound for an unknown name, BadInput for a table that cannot be used.
    """
    if _may_be_built_in(source) and (str(source) in samples or str(source) in samples.broken):
        if roles != NO_ROLES:
            raise BadInput(
                _("The roles of the built-in cohort '{name}' are fixed.").format(name=source),
                _("Write it to a folder first, and open that."),
            )
        return build_sample(str(source), cases, seed)
    if cases is not None:
        raise BadInput(
            _("The number of cases can be chosen for built-in cohorts only."), _("Shorten the table instead.")
        )
    try:
        path = table_of(Path(source).expanduser())
    except (OSError, RuntimeError) as error:  # a name too long, a home that is nobody's
        raise BadInput(
            _("'{source}' cannot be read as a path: {error}.").format(
                source=str(source)[:80], error=str(error)[:120].rstrip(".")
            ),
            _("Give the path of a folder, a zip, or a table such as CSV, Excel or Parquet."),
        ) from error
    file = file_beside(path)
    return Assembly(path, file, roles).cohort()


def _may_be_built_in(source: str | Path) -> bool:
    """A path is none: looking through the built-in cohorts imports packages that take seconds."""
    return not set(str(source)) & {"/", "\\", "."}


def table_of(source: Path) -> Path:
    """The table a path means: a file, or the folder itself where it holds no table.

    Raises BadInput for one that lies outside the folders that may be opened.
    """
    if len(source.parts) > 1 or source.exists():
        require_allowed(source)
    table = _table_of(source)
    require_allowed(table)
    return table


def _table_of(source: Path) -> Path:
    if not source.exists() and len(source.parts) > 1:
        message = _("There is no file {path}.") if source.suffix else _("There is no folder {path}.")
        raise NotFound(
            message.format(path=source),
            _("Give the path of a folder or zip on this machine, or of a table such as CSV, Excel or Parquet."),
        )
    if not source.exists():
        error = unknown(_("cohort"), str(source), samples)
        raise NotFound(
            error.message,
            _("{hint} Or give the path of a folder, a zip, or a table such as CSV, Excel or Parquet.").format(
                hint=error.hint
            ),
        )
    source = folder_of(source)
    if not source.is_dir():
        if source.suffix.lower() == ".npy":  # labels are in a file beside it
            return _table_of(source.parent)
        if holds_html(source):
            raise _web_page(source)
        if source.suffix.lower() not in (*SUFFIXES, *json_tables.SUFFIXES, ARRAYS) and not divided_text(source):
            raise BadInput(
                _("{file} is not a table that can be read here.").format(file=source.name),
                _("Save it as CSV, TSV, Excel (XLSX), Parquet or JSON, or give a folder or zip with such a file."),
            )
        return source
    declared = read_toml(source / FILE).table if (source / FILE).is_file() else None
    wanted = [declared] if declared else _TABLES
    there = [source / name for name in wanted if (source / name).is_file()]
    others = tables_in(source)
    if len(others) > 1 and len(plain := [path for path in others if path.suffix.lower() not in EXCEL]) == 1:
        others = plain  # an Excel file beside a table is mostly its description
    if there:
        return there[0]
    if len(others) == 1 and not declared:
        return others[0]
    if others:
        raise BadInput(
            _("{folder} holds several tables and no {name}.").format(folder=source.name, name=wanted[0]),
            _("Give the path of one of them: {names}.").format(names=first_of([path.name for path in others], 8)),
        )
    records = [path for path in sorted(source.iterdir()) if json_tables.holds_table(path)]
    texts = sorted(path for path in source.iterdir() if path.suffix.lower() in TEXTS)
    if len(records) == 1:
        return records[0]
    if not records and len(texts) == 1 and divided_text(texts[0]):
        return texts[0]
    if below := _only_table_below(source):
        return below
    pages = sorted(path for path in source.iterdir() if holds_html(path))
    if pages and not any(path.suffix.lower() in suffixes() for path in source.rglob("*")):
        raise _web_page(pages[0])
    return source  # the cases are read off its folders and files


def _web_page(path: Path) -> BadInput:
    return BadInput(
        _("{file} is a web page (HTML), whatever it is called, and no table that is read here.").format(file=path.name),
        _("Open it in a spreadsheet program, and save its table as XLSX or CSV."),
    )


def _only_table_below(folder: Path) -> Path | None:
    """The only table in the folders below, where all other files that may be read lie below it or beside it."""
    files: list[Path] = []
    for parent, inner, names in os.walk(folder):
        inner[:] = [name for name in sorted(inner) if not name.startswith(".")]
        files += [Path(parent) / name for name in names if not name.startswith(".")]
        if len(files) > _LOOKED:
            return None
    tables = [path for path in files if path.suffix.lower() in SUFFIXES]
    if len(tables) != 1:
        return None
    place = tables[0].parent
    readable = suffixes()
    elsewhere = [path for path in files if path.suffix.lower() in readable and place not in path.parents]
    return tables[0] if 10 * len(elsewhere) <= len(files) else None


def folder_of(source: Path) -> Path:
    """A zip as the folder it unpacks to; any other path as it is."""
    require_allowed(source)
    return unpacked(source) if source.is_file() and source.suffix.lower() == ".zip" else source


def several_tables(source: str | Path) -> tuple[str, ...]:
    """File names of the tables in a folder or zip, where nothing says which of several is meant."""
    folder = folder_of(Path(source).expanduser())
    try:
        table_of(folder)
    except BadInput:
        return tuple(path.name for path in tables_in(folder)) if folder.is_dir() else ()
    return ()


def file_beside(table: Path) -> CohortFile:
    """cohort.toml beside the table, if it is about this table."""
    path = (table if table.is_dir() else table.parent) / FILE
    file = read_toml(path) if path.is_file() else CohortFile()
    if table.is_dir():
        return file
    about = {file.table} if file.table else set(_TABLES)
    alone = not file.table and tables_in(table.parent) == [table]
    return file if alone or table.name in about else CohortFile()


def tables_in(folder: Path) -> list[Path]:
    """Files of the folder that may be its table."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
