"""From drawn cases to a cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.languages import ENGLISH
from mmcore.base.settings import _
from mmcore.base.values import Evidence, Kind, Value
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.schema import Schema

Signs = tuple[Evidence, ...]


def check_request(cases: int, seed: int) -> None:
    """Raises BadInput for fewer than one case or a negative seed."""
    if cases < 1 or seed < 0:
        raise BadInput(
            _("Cannot draw {cases} cases with seed {seed}.").format(cases=cases, seed=seed),
            _("Ask for one case or more, and a seed of 0 or more."),
        )


def cohort_of(
    schema: Schema,
    table: pd.DataFrame,
    contents: Mapping[str, Sequence[Value]],
    present: Mapping[str, np.ndarray],
    signs: Mapping[str, Sequence[Signs]],
    *,
    ceiling: np.ndarray,
    fingerprint: str,
    language: str = ENGLISH,
) -> Cohort:
    """The cohort of N cases with the inputs that are present.

    table: index = ids; the columns of table inputs, the target and what else is to be kept. contents: input -> N
    values, but for table inputs. present: input -> [N] bool. signs: input -> evidence of N cases. ceiling: see
    `Cohort`. language: of its notes.
    """
    ids, table = list(table.index), table.copy()
    for name, spec in schema.inputs.items():
        if spec.kind is Kind.TABLE:
            table.loc[~present[name], list(spec.columns)] = None
    values = {
        name: {id: value for id, value, there in zip(ids, content, present[name], strict=True) if there}
        for name, content in contents.items()
    }
    evidence = {
        id: {name: tuple(of[row]) for name, of in signs.items() if present[name][row] and of[row]}
        for row, id in enumerate(ids)
    }
    return Cohort.from_memory(
        in_language(schema, language), table, values, evidence=evidence, ceiling_probability=ceiling,
        fingerprint=marked(fingerprint, language),
    )  # fmt: skip


def in_language(schema: Schema, language: str) -> Schema:
    """The schema of a cohort whose notes are in that language, under the name it is looked up by."""
    if language == ENGLISH:
        return schema
    title = _("{title}, notes in Chinese").format(title=schema.title)
    return schema.model_copy(update={"name": marked(schema.name, language, "_"), "title": title})


def marked(name: str, language: str, mark: str = "-") -> str:
    """The name with the language after it, unless that is English: what was kept under it before stays valid."""
    return name if language == ENGLISH else f"{name}{mark}{language}"
