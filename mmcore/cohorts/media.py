"""Where the values of a cohort's inputs come from: memory, or files and cells read when asked for."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from mmcore import deidentification, readers
from mmcore.base.values import InputSpec, Kind, Row, Value
from mmcore.cohorts.digests import DigestMemo
from mmcore.cohorts.names import class_name
from mmcore.readers.text_remarks import MAX_CHARACTERS, cut


def digest_of(*facts: object) -> str:
    """Short digest of plain facts."""
    return hashlib.blake2b(json.dumps(facts, sort_keys=True, default=str).encode(), digest_size=16).hexdigest()


def digest_of_upload(spec: InputSpec, name: str, data: bytes) -> str:
    """Digest that a cohort gives a file of this name and content, by which an uploaded value is known again."""
    content = hashlib.blake2b(data, digest_size=16).hexdigest() + readers.edition_of(
        Path(name).suffix, data[: readers.HEAD]
    )
    return _digest_of_file(spec, Path(name).suffix, [content])


def _digest_of_file(spec: InputSpec, suffix: str, content: list[str]) -> str:
    more: list[object] = [[(channel.name, channel.unit) for channel in spec.channels]] if spec.channels else []
    if spec.deidentified:
        more.append(f"de-identified {deidentification.VERSION}")
    return digest_of(spec.kind, suffix.lower(), spec.rate_hz, spec.unit, spec.channel_names, content, *more)


class Media(Protocol):
    """Values by case and input. A value that is not there is None; one that cannot be read raises BadInput."""

    def has(self, id: str, spec: InputSpec) -> bool: ...

    def value(self, id: str, spec: InputSpec, remarks: list[str] | None = None) -> Value | None:
        """remarks: list to which what was guessed or mended in reading is added, a sentence each."""

    def digest(self, id: str, spec: InputSpec) -> str: ...

    def remarks(self, id: str, spec: InputSpec, digest: str) -> list[str]:
        """What was told of this value, which has this digest, when it was last read."""

    def remember(self, id: str, spec: InputSpec, remarks: list[str]) -> None:
        """Keep remarks for a time when the value need not be read again."""

    def settle(self) -> None:
        """Keep what was learnt of digests for next time."""

    def rates(self, input: str) -> list[float]:
        """Different samples per second that the table gives to recordings of this input, ascending."""

    def files(self, input: str) -> list[Path]:
        """The files that values of this input are read from."""


class Memory:
    """Values held in memory, as a generator made them; `fingerprint` stands for all their content."""

    def __init__(self, values: Mapping[str, Mapping[str, Value]], fingerprint: str) -> None:
        self._values, self._fingerprint = values, fingerprint

    def has(self, id: str, spec: InputSpec) -> bool:
        return self._values.get(spec.name, {}).get(id) is not None

    def value(self, id: str, spec: InputSpec, remarks: list[str] | None = None) -> Value | None:
        return self._values.get(spec.name, {}).get(id)

    def digest(self, id: str, spec: InputSpec) -> str:
        return digest_of(self._fingerprint, spec.name, id)

    def remarks(self, id: str, spec: InputSpec, digest: str) -> list[str]:
        return []

    def remember(self, id: str, spec: InputSpec, remarks: list[str]) -> None:
        return None

    def settle(self) -> None:
        return None

    def rates(self, input: str) -> list[float]:
        return []

    def files(self, input: str) -> list[Path]:
        return []


class Files:
    """Values read from files beside a table, or from its cells.

    paths: input -> id -> file, for inputs whose cells name files. cells: input -> id -> text, for texts in the table.
    rows: the table, for table inputs. blobs: input -> id -> name and content of a file that lies in the cell itself.
    rates: input -> id -> samples per second of recordings that do not say, where they differ from case to case.
    """

    def __init__(
        self,
        paths: Mapping[str, Mapping[str, Path]],
        cells: Mapping[str, Mapping[str, str]],
        rows: Mapping[str, Mapping[str, Row]],
        blobs: Mapping[str, Mapping[str, tuple[str, bytes]]] | None = None,
        rates: Mapping[str, Mapping[str, float]] | None = None,
    ) -> None:
        self._paths, self._cells, self._rows, self._blobs = paths, cells, rows, blobs or {}
        self._rates = rates or {}
        self._memo = DigestMemo()

    def has(self, id: str, spec: InputSpec) -> bool:
        return any(id in held.get(spec.name, {}) for held in (self._paths, self._cells, self._rows, self._blobs))

    def _spec(self, id: str, spec: InputSpec) -> InputSpec:
        rate = self._rates.get(spec.name, {}).get(id)
        return spec if rate is None else spec.model_copy(update={"rate_hz": rate})

    def value(self, id: str, spec: InputSpec, remarks: list[str] | None = None) -> Value | None:
        spec = self._spec(id, spec)
        if id in self._paths.get(spec.name, {}):
            return readers.read(spec.kind, self._paths[spec.name][id], spec, remarks)
        if id in self._blobs.get(spec.name, {}):
            name, data = self._blobs[spec.name][id]
            return readers.read_bytes(spec.kind, name or id, data, spec, remarks)
        if id in self._cells.get(spec.name, {}):
            text = cut(self._cells[spec.name][id], id, remarks)
            return deidentification.deidentified(text).text if spec.deidentified else text
        return self._rows.get(spec.name, {}).get(id)

    def digest(self, id: str, spec: InputSpec) -> str:
        """Of the content and of what the spec adds to it (a rate, names of channels)."""
        spec = self._spec(id, spec)
        if id in self._paths.get(spec.name, {}):
            path = self._paths[spec.name][id]
            return _digest_of_file(spec, path.suffix, [self._memo.digest(file) for file in readers.files_of(path)])
        if id in self._blobs.get(spec.name, {}):
            return digest_of_upload(spec, *self._blobs[spec.name][id])
        if (text := self._cells.get(spec.name, {}).get(id)) is not None and len(text) > MAX_CHARACTERS:
            return digest_of(spec.kind, self.value(id, spec), text)  # what is not read tells two texts apart, too
        return digest_of(spec.kind, self.value(id, spec))

    def remarks(self, id: str, spec: InputSpec, digest: str) -> list[str]:
        return self._memo.remarks(digest, self._names(id, spec))

    def remember(self, id: str, spec: InputSpec, remarks: list[str]) -> None:
        self._memo.remember(self.digest(id, spec), remarks, self._names(id, spec))

    def _names(self, id: str, spec: InputSpec) -> list[str]:
        """What remarks call the file: with its folder, and alone; without its suffix (a record has several files) where
        that could not be a number among others. A text in a cell is called as its case."""
        path = self._paths.get(spec.name, {}).get(id)
        if path is None:
            blobs = self._blobs.get(spec.name, {})
            return [(blobs[id][0] if id in blobs else "") or id]
        name = path.stem if re.search(r"[^\W\d_]{2}", path.stem) else path.name
        return [f"{path.parent.name}/{name}", name]

    def settle(self) -> None:
        self._memo.save()

    def rates(self, input: str) -> list[float]:
        return sorted({*self._rates.get(input, {}).values()})

    def files(self, input: str) -> list[Path]:
        return list(self._paths.get(input, {}).values())


def rows_of(table: pd.DataFrame, spec: InputSpec) -> dict[str, Row]:
    """Rows of a table input by case id; a case with every column empty has none."""
    numbers = {column.name for column in spec.table if column.type == "number"}
    part = table[list(spec.columns)]
    if numbers == {*spec.columns} and (part.dtypes == np.float64).all():  # at once, for there may be thousands
        values = part.to_numpy()
        finite = np.isfinite(values)
        values = values if finite.all() else np.array(np.where(finite, values, None))
        every = zip(table.index, values.tolist(), finite.any(axis=1), strict=True)
        return {id: dict(zip(spec.columns, cells, strict=True)) for id, cells, there in every if there}
    columns = [_plain(cells, name in numbers) for name, cells in part.items()]
    rows = {
        id: dict(zip(spec.columns, cells, strict=True))
        for id, cells in zip(table.index, zip(*columns, strict=True), strict=True)
    }
    return {id: row for id, row in rows.items() if any(cell is not None for cell in row.values())}


def _plain(column: pd.Series, number: bool) -> Iterable[float | str | None]:
    if number:
        numbers = column if column.dtype == float else pd.to_numeric(column, errors="coerce")
        values = numbers.to_numpy(dtype=float)
        finite = np.isfinite(values)
        plain: list[float | None] = values.tolist()
        return plain if finite.all() else [x if ok else None for x, ok in zip(plain, finite, strict=True)]
    return [class_name(cell) for cell in column]


def has_table(spec: InputSpec, table: pd.DataFrame) -> bool:
    """Whether this table input can be read from the cohort's own table."""
    return spec.kind is Kind.TABLE and set(spec.columns) <= set(table.columns)
