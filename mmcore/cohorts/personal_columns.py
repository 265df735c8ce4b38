"""Columns of a table that name persons, or hold texts in which they may be named, besides those that are read."""

from __future__ import annotations

import re
from collections.abc import Collection

import pandas as pd

from mmcore.base.settings import _
from mmcore.base.values import InputSpec
from mmcore.cohorts.column_content import MOST_CATEGORIES, is_identifier
from mmcore.cohorts.names import words

_PERSONAL = {
    "name", "names", "surname", "forename", "firstname", "lastname", "birth", "birthdate", "birthday", "dob", "address",
    "street", "phone", "telephone", "mobile", "email", "mail", "contact", "ssn", "nhs", "insurance", "passport",
}  # fmt: skip
_PERSONAL_ZH = re.compile("姓名|出生|生日|住址|地址|电话|手机|身份证|医保|联系人")
_LISTED = 6


def without_persons(
    table: pd.DataFrame, inputs: Collection[InputSpec], roles: Collection[str | None], problems: list[str]
) -> pd.DataFrame:
    """The table; where notes are read without names, without columns that nothing uses and that are called as names,
    numbers and dates of birth of persons are, or hold texts. They are named in `problems`.

    roles: columns that no input reads and that are used.
    """
    if not any(spec.deidentified for spec in inputs):
        return table
    used = {*roles, *(column for spec in inputs for column in spec.columns)}
    personal = [str(column) for column in table.columns if column not in used and _is_personal(table[column])]
    if not personal:
        return table
    more = _(" and {count} more").format(count=len(personal) - _LISTED) if len(personal) > _LISTED else ""
    problems.append(
        _("Columns that may name persons are not used, and are left out of the cohort: {columns}.").format(
            columns=", ".join(f"'{column}'" for column in personal[:_LISTED]) + more
        )
    )
    return table.drop(columns=personal)


def _is_personal(column: pd.Series) -> bool:
    name = str(column.name)
    if is_identifier(name) or {*words(name)} & _PERSONAL or _PERSONAL_ZH.search(name):
        return True
    return not pd.api.types.is_numeric_dtype(column) and column.nunique() > MOST_CATEGORIES
