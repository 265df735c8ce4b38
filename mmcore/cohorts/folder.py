"""Files of a cohort's folder: found by the path a cell gives, by their name alone, or by their name without suffix."""

from __future__ import annotations

import os
from collections import defaultdict
from functools import cached_property
from pathlib import Path

from mmcore.base.settings import counted
from mmcore.cohorts.allowed import may_open
from mmcore.readers import located, suffix_of, suffixes

_FEWEST, _SHARE, _FIRST = 5, 0.2, 5_000  # files for a case that are no chance; files that are looked through for them
_MOST = 300_000  # files that are looked through


class Folder:
    """The folder of a table. Its files are listed once, and only when a cell does not name one by its path."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.resolve().name

    def at(self, cell: str) -> Path | None:
        """The file a cell names by its path, relative to the folder of the table, or None.

        None as well for one that lies outside the folders that may be opened, so that no table can reach further.
        """
        try:
            file = located(self.path / cell) or (located(self.path / cell.replace("\\", "/")) if "\\" in cell else None)
            file = file or self._whatever_its_case(cell)
            return file if file is None or may_open(file) else None
        except (OSError, ValueError):  # no name a file could have
            return None

    def _whatever_its_case(self, cell: str) -> Path | None:
        """The only file with this path but for letter case, as Windows would find it."""
        path = cell.strip().replace("\\", "/").casefold()
        if "/" not in path or "." not in path.rpartition("/")[2]:
            return None
        there = self._by_path.get(path.removeprefix("./"), [])
        return there[0] if len(there) == 1 else None

    def like(self, cell: str, column: str = "") -> Path | None:
        """The only file below the folder that is called so, with or without its suffix; None for a cell with a path.

        column: where a folder is called as it, only files in there are meant.
        """
        name = cell.strip().casefold()
        if not name or "/" in name or "\\" in name:
            return None
        there = self._by_name.get(name) or self._by_stem.get(name) or []
        called = {column.casefold(), f"{column.casefold()}s"} & self._folder_names
        if column and called:  # a file of that name elsewhere is of another input
            there = [
                path
                for path in there
                if called & {part.casefold() for part in path.parent.relative_to(self.path).parts}
            ]
        return there[0] if len(there) == 1 and may_open(there[0]) else None

    def unused(self, cases: int) -> list[str]:
        """A sentence where many files that can be read lie below the folder, for a table that names none of them."""
        readable = set(suffixes()) - {".csv", ".tsv", ".txt", ".pdf", ".docx", ".md"}
        there = [path for path in self._first_files() if suffix_of(path.name) in readable]
        arrays = [path for path in there if path.suffix.lower() in (".npy", ".npz") and path.parent != self.path]
        if not arrays and len(there) < max(_FEWEST, _SHARE * cases):
            return []
        return [
            counted(
                len(there),
                "{count} file, {file}, lies beside the table, but no column names it; it is not used. Add a column "
                "that gives the file of each case.",
                "{count} files, such as {file}, lie beside the table, but no column names them; they are not used. "
                "Add a column that gives the file of each case.",
                file=(arrays or there)[0].relative_to(self.path).as_posix(),
            )
        ]

    def _first_files(self) -> list[Path]:
        files: list[Path] = []
        for folder, inner, names in os.walk(self.path):
            inner[:] = [name for name in sorted(inner) if not name.startswith(".")]
            files += [Path(folder) / name for name in sorted(names) if not name.startswith(".")]
            if len(files) > _FIRST:
                break
        return files

    def files(self) -> list[Path]:
        """All files below the folder, hidden ones aside."""
        return self._files

    @cached_property
    def _files(self) -> list[Path]:
        files: list[Path] = []
        for folder, inner, names in os.walk(self.path):
            inner[:] = [name for name in sorted(inner) if not name.startswith(".")]
            files += [Path(folder) / name for name in sorted(names) if not name.startswith(".")]
            if len(files) > _MOST:
                break
        return files[:_MOST]

    @cached_property
    def _folder_names(self) -> set[str]:
        some = {path.parent: path for path in self._files}.values()
        return {name for path in some for name in self._folders_of(path)}

    def _folders_of(self, path: Path) -> set[str]:
        return {part.casefold() for part in path.parent.relative_to(self.path).parts}

    @cached_property
    def _by_path(self) -> dict[str, list[Path]]:
        return _grouped([(path.relative_to(self.path).as_posix().casefold(), path) for path in self._files])

    @cached_property
    def _by_name(self) -> dict[str, list[Path]]:
        return _grouped([(path.name.casefold(), path) for path in self._files])

    @cached_property
    def _by_stem(self) -> dict[str, list[Path]]:
        """A record of two files counts once, by its header."""
        headers = {path.with_suffix("") for path in self._files if path.suffix == ".hea"}
        return _grouped(
            [
                (path.name.split(".")[0].casefold() if path.name.endswith(".gz") else path.stem.casefold(), path)
                for path in self._files
                if path.suffix == ".hea" or path.with_suffix("") not in headers
            ]
        )


def _grouped(named: list[tuple[str, Path]]) -> dict[str, list[Path]]:
    groups: dict[str, list[Path]] = defaultdict(list)
    for name, path in named:
        groups[name].append(path)
    return groups
