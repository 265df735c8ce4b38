"""A cohort as a plain folder: cases.csv, cohort.toml, and one file per picture, note and recording."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Signal, Value
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.mask_writing import written_masks
from mmcore.cohorts.samples import build_sample
from mmcore.cohorts.toml import FILE, CohortFile, InputEntry, write_toml

_CEILING, _EXPECTED = "true_probability", "expected_value"
_EXACT = 2**53  # whole numbers below it are exact
_SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


def write_sample(
    name: str, out: str | Path, cases: int | None = None, seed: int = 0, progress: Progress = silent
) -> Path:
    """Write a built-in cohort as a folder; see `write_cohort`."""
    return write_cohort(build_sample(name, cases, seed), out, progress)


def write_cohort(
    cohort: Cohort,
    out: str | Path,
    progress: Progress = silent,
    *,
    name: str = "",
    units: Mapping[str, str] = MappingProxyType({}),
) -> Path:
    """Write a cohort as a folder that `open_cohort` reads back to the same values, targets and groups.

    Pictures are PNG, notes TXT, recordings NPY (float32 [C, T]) with their rate in cohort.toml, or CSV where rates
    differ from case to case. Missing inputs are empty cells; unreadable ones are left out. Where findings lie in the
    pictures is written as masks (see `written_masks`); other evidence is not.
    name: of the cohort, instead of its own. units: column -> unit, beside those the cohort has.
    Raises BadInput if the folder holds something already.
    """
    out = Path(out).expanduser()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput(_("{folder} is not an empty folder.").format(folder=out), _("Choose a new folder."))
    out.mkdir(parents=True, exist_ok=True)
    table = cohort.table.copy()
    names = _file_names(cohort.ids)
    entries = {}
    for input, spec in cohort.inputs.items():
        values = {}
        for i, id in enumerate(cohort.ids):
            progress(Step(_("Writing {input}").format(input=input), i, len(cohort)))
            values[id] = _value(cohort, id, input)
        columns, entry = (
            _write_table(spec, values) if spec.kind is Kind.TABLE else _write_media(spec, values, names, out)
        )
        if spec.kind is Kind.IMAGE:
            masks, outlined = written_masks(cohort, input, values, names, out)
            columns, entry = {**columns, **masks}, entry.model_copy(update={"masks": outlined})
        for column, cells in columns.items():
            table[column] = pd.Series(cells, index=table.index, dtype=object)
        entries[input] = entry
    if cohort.ceiling_probability is not None:
        ceiling = _ceiling_columns(cohort)
        table[ceiling] = cohort.ceiling_probability.reshape(len(cohort), len(ceiling))
    id = _name_of_ids(cohort)
    table = table.drop(columns=[id], errors="ignore")
    table.insert(0, id, cohort.ids)
    table = table.apply(_whole_numbers)
    table.to_csv(out / "cases.csv", index=False, float_format=None)
    entries = {input: _with_units(entry, cohort.inputs[input], units) for input, entry in entries.items()}
    described = _described(cohort, entries)
    write_toml(described.model_copy(update={"id": id, "name": name or described.name}), out / FILE)
    return out


def _whole_numbers(cells: pd.Series) -> pd.Series:
    """Numbers without parts are written without a point: 4477, not 4477.0."""
    if not pd.api.types.is_float_dtype(cells) and any(isinstance(cell, (str, bool)) for cell in cells):
        return cells
    numbers = cells.to_numpy(dtype=float, na_value=np.nan)
    numbers = numbers[~np.isnan(numbers)]
    whole = bool(len(numbers)) and bool((np.abs(numbers) < _EXACT).all()) and bool((numbers == np.round(numbers)).all())
    return cells.astype(float).astype("Int64") if whole else cells


def _name_of_ids(cohort: Cohort) -> str:
    """The column of the ids: `id`, but where a column that says something else is called so."""
    name = "id"
    while name in cohort.table and list(cohort.table[name].astype(str)) != cohort.ids:
        name = "case_id" if name == "id" else f"{name}_"
    return name


def _with_units(entry: InputEntry, spec: InputSpec, units: Mapping[str, str]) -> InputEntry:
    if spec.kind is Kind.TABLE:
        own = {column: units[column] for column in spec.columns if column in units}
        return entry.model_copy(update={"units": own | entry.units})
    if spec.kind is Kind.SIGNAL and not entry.unit:
        return entry.model_copy(update={"unit": units.get(spec.columns[0], "")})
    return entry


def _described(cohort: Cohort, entries: dict[str, InputEntry]) -> CohortFile:
    s = cohort.schema
    return CohortFile(
        name=s.name, title=s.title, description=s.description, licence=s.licence, citation=s.citation,
        synthetic=s.synthetic, id="id", target=s.target, task=s.task, classes=s.classes, group=s.group,
        split=s.split,
        ceiling=tuple(columns) if len(columns := _ceiling_columns(cohort)) > 1 else next(iter(columns), None),
        inputs=entries, left_out=s.ignored,
        leaks=s.leaks,
        target_columns=s.target_columns,
    )  # fmt: skip


def _ceiling_columns(cohort: Cohort) -> list[str]:
    """What the columns of the true probabilities are called; none where they are unknown."""
    if cohort.ceiling_probability is None:
        return []
    if cohort.ceiling_probability.ndim > 1:
        return [f"{_CEILING}_{name}" for name in cohort.schema.classes]
    return [_EXPECTED if cohort.schema.task == "regression" else _CEILING]


def _value(cohort: Cohort, id: str, input: str) -> Value | None:
    try:
        return cohort.value(id, input)
    except BadInput:
        return None


def _file_names(ids: list[str]) -> dict[str, str]:
    """A file name for each id: the id where all are harmless and differ by more than letter case, else its number."""
    harmless = all(id and set(id) <= set(_SAFE) and len(id) < 80 for id in ids) and len(
        {id.lower() for id in ids}
    ) == len(ids)
    return {id: id if harmless else f"{i:05d}" for i, id in enumerate(ids, 1)}


def _write_table(spec: InputSpec, values: dict[str, Value | None]) -> tuple[dict[str, list], InputEntry]:
    rows = [value if isinstance(value, Mapping) else {} for value in values.values()]
    cells = {column: [row.get(column) for row in rows] for column in spec.columns}
    categories = {c.name: c.categories for c in spec.table if c.type == "category"}
    units = {c.name: c.unit for c in spec.table if c.unit}
    return cells, InputEntry(kind=spec.kind, columns=spec.columns, categories=categories, units=units)


def _write_media(
    spec: InputSpec, values: dict[str, Value | None], names: dict[str, str], out: Path
) -> tuple[dict[str, list], InputEntry]:
    folder = out / ("".join(c if c in _SAFE else "_" for c in spec.name) or "media")
    folder.mkdir(exist_ok=True)
    signals = [value for value in values.values() if isinstance(value, Signal)]
    common = {(s.rate_hz, s.unit, s.channel_names) for s in signals}
    one_rate = len({s.rate_hz for s in signals}) <= 1 and all(s.samples.shape[0] <= s.samples.shape[1] for s in signals)
    cells = [
        None if value is None else str(_write_value(value, folder / names[id], one_rate).relative_to(out).as_posix())
        for id, value in values.items()
    ]
    rate, unit, channels = next(iter(common)) if len(common) == 1 else (spec.rate_hz, spec.unit, spec.channel_names)
    if one_rate and signals:
        rate = signals[0].rate_hz
    if spec.kind is not Kind.SIGNAL:
        rate, unit, channels = None, "", ()
    return {spec.name: cells}, InputEntry(
        kind=spec.kind, columns=(spec.name,), rate_hz=rate, unit=unit, channel_names=channels
    )


def _write_value(value: Value, stem: Path, one_rate: bool) -> Path:
    if isinstance(value, Signal) and one_rate:
        path = stem.with_name(stem.name + ".npy")
        np.save(path, value.samples.astype(np.float32), allow_pickle=False)
    elif isinstance(value, Signal):
        path = stem.with_name(stem.name + ".csv")
        frame = pd.DataFrame(
            value.samples.T, columns=value.channel_names or [f"channel {i}" for i in range(1, len(value.samples) + 1)]
        )
        if value.rate_hz:
            frame.insert(0, "time", np.arange(len(frame)) / value.rate_hz)
        frame.to_csv(path, index=False)
    elif isinstance(value, str):
        path = stem.with_name(stem.name + ".txt")
        path.write_bytes(value.encode("utf-8"))
    else:
        from PIL import Image

        path = stem.with_name(stem.name + ".png")
        Image.fromarray(np.asarray(value, dtype=np.uint8)).save(path, compress_level=3)
    return path
