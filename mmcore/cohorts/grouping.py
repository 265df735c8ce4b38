"""Which cases belong together: the column that says so, and identifiers that repeat beside it."""

from __future__ import annotations

import pandas as pd

from mmcore.base.settings import _
from mmcore.cohorts.column_content import is_identifier
from mmcore.cohorts.names import plain

PERSONS = (
    "patient", "patientid", "patientno", "patientnr", "patientnumber", "patno", "participant", "participantid",
    "person", "personid", "subject", "subjectid", "subj", "subjid", "subjectno", "usubjid", "mrn", "pid", "rid", "ptid",
    "studyid", "患者id", "患者", "患者编号", "患者番号", "病人id", "病历号", "住院号", "受试者", "受试者编号",
    "donor", "donorid",
    "lesionid",
    "lesion", "animal", "animalid", "mouse", "mouseid", "family", "familyid", "speaker", "speakerid",
)  # fmt: skip
GROUPS = ("group", "groups", "groupid", *PERSONS, "site", "siteid", "center", "centre", "hospital", "hospitalid")
_FEWEST, _LARGEST = 5, 50  # different values an identifier of persons has at least, and cases of one value on average


def find_group(table: pd.DataFrame, taken: set[str]) -> tuple[str | None, dict[str, str]]:
    """The first column with a group's name whose values repeat, and why earlier ones were passed over."""
    passed = {}
    there = {plain(column): column for column in reversed(table.columns)}
    for column in [there[name] for name in GROUPS if name in there]:
        cells = table[column].dropna()
        if column in taken or cells.nunique() < 2:
            continue
        if cells.is_unique:
            passed[column] = _("every case has its own, so it groups nothing")
            continue
        return column, passed
    return None, passed


def repeated_identifiers(table: pd.DataFrame, group: str | None, taken: set[str]) -> list[str]:
    """A sentence on each column that identifies persons, repeats, and is not kept together by the group."""
    remarks = []
    for column in table.columns:
        if column in taken or column == group or not (plain(column) in PERSONS or is_identifier(column)):
            continue
        cells = table[column].dropna()
        different = cells.nunique()
        if not _FEWEST <= different < len(cells) <= _LARGEST * different:
            continue
        if group is not None and table.groupby(column)[group].nunique().max() <= 1:
            continue
        remarks.append(
            _(
                "Column '{column}' repeats ({different} different in {count} cases) and is not the group: cases that "
                "share it may lie on both sides of a split. If they belong together, make it the group."
            ).format(column=column, different=different, count=len(cells))
        )
    return remarks
