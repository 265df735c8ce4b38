"""cohort.toml: what a folder says of its own table. Read strictly, written plainly."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.readers.signals import MAX_RATE

FILE = "cohort.toml"


class InputEntry(BaseModel):
    """[inputs.NAME]: its kind, its column (columns for a table), and what signal files do not say."""

    model_config = ConfigDict(extra="forbid")
    kind: Kind
    columns: tuple[str, ...] = Field(min_length=1)
    categories: dict[str, tuple[str, ...]] = {}  # column -> its categories in order
    units: dict[str, str] = {}  # column -> unit
    rate_hz: float | None = Field(default=None, gt=0, le=MAX_RATE, allow_inf_nan=False)
    unit: str = ""
    channel_names: tuple[str, ...] = ()
    masks: dict[str, str] = {}  # of images: column with paths of masks -> what they outline

    @field_validator("columns")
    @classmethod
    def _columns(cls, columns: tuple[str, ...]) -> tuple[str, ...]:
        return _different(columns)

    @field_validator("categories")
    @classmethod
    def _categories(cls, categories: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {column: _different(names) for column, names in categories.items()}


def _different(names: tuple[str, ...]) -> tuple[str, ...]:
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        raise ValueError(_("'{name}' is listed twice").format(name=twice[:80]))
    return names


class CohortFile(BaseModel):
    """Everything cohort.toml may hold; all of it is optional."""

    model_config = ConfigDict(extra="forbid")
    name: str | None = None
    title: str = ""
    description: str = ""
    licence: str = ""
    citation: str = ""
    synthetic: bool = False
    table: str | None = None  # file name of the table; cases.csv or cases.parquet if not said
    id: str | None = None
    target: str | None = None
    task: Literal["binary", "multiclass", "multilabel", "regression", "survival"] | None = None
    classes: tuple[str, ...] = ()
    positive: str | None = None
    event: str | None = None  # of a time to an event: the column that says whether it was seen
    time: str | None = None  # and the one that says when, or how long it was not
    group: str | None = None
    split: str | None = None  # column of a published split, which studies follow
    ignore: tuple[str, ...] = ()
    deidentify: bool = False  # read texts without names, dates and numbers of persons
    left_out: dict[str, str] = {}  # column -> why it is in no input
    leaks: tuple[str, ...] = ()  # those of them that alone determine the target
    target_columns: tuple[str, ...] = ()  # those of them that the target was made from
    # Of synthetic cohorts: column of the true probability of the target given the inputs (of the expected value for
    # regression), or a column for each class.
    ceiling: str | tuple[str, ...] | None = None
    inputs: dict[str, InputEntry] = {}

    @property
    def ceiling_columns(self) -> tuple[str, ...]:
        return (self.ceiling,) if isinstance(self.ceiling, str) else self.ceiling or ()

    @field_validator("classes")
    @classmethod
    def _classes(cls, classes: tuple[str, ...]) -> tuple[str, ...]:
        return _different(classes)


def read_toml(path: Path) -> CohortFile:
    """Raises BadInput with every mistake in the file."""
    try:
        return CohortFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise BadInput(
            _("{file} holds entries that are not understood: {wrong}.").format(file=path.name, wrong=wrong),
            _("Possible entries: {keys}.").format(keys=", ".join(CohortFile.model_fields)),
        ) from error
    except (ValueError, OverflowError, RecursionError, OSError) as error:  # numbers of thousands of digits, too
        raise BadInput(
            _("{file} cannot be read: {reason}.").format(file=path.name, reason=str(error)[:200].rstrip(".")),
            _("See https://toml.io for the format."),
        ) from error


def write_toml(content: CohortFile, path: Path) -> None:
    """What differs from the defaults, in order."""
    facts = content.model_dump(mode="json", exclude_defaults=True)
    inputs = facts.pop("inputs", {})
    lines = [f"{_key(key)} = {_value(value)}" for key, value in facts.items()]
    for name, entry in inputs.items():
        lines += ["", f"[inputs.{_key(name)}]", *(f"{_key(key)} = {_value(value)}" for key, value in entry.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _key(name: str) -> str:
    return name if name and all(c.isascii() and (c.isalnum() or c in "-_") for c in name) else _string(name)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    return repr(value)
