"""Which cases belong together: the column that says so, and identifiers that repeat beside it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from mmcore.base.settings import _
from mmcore.cohorts.column_content import DATE, is_identifier
from mmcore.cohorts.long_tables import long_form
from mmcore.cohorts.names import plain

# A person (or an animal, a family, a lesion) as columns name them, alone or with a word for its number on either side:
# "Patient ID", "pat_no", "ID_paziente", "código_paciente", "患者番号". As `plain` writes names.
_PERSON = (
    "patient|patients|pat|pt|patienten?|paciente|paziente|participant|person|individual|subject|subj|sujet|sujeto"
    "|soggetto|proband|client|member|donor|lesion|animal|mouse|family|speaker|患者|病人|病患|受试者|被験者|환자"
)
_NUMBER = "id|ids|no|nr|num|number|code|key|identifier|name|nummer|numero|número|codigo|código|编号|編號|番号|号|번호"
_OF_A_STUDY = "study|trial|unique|research|master|anon|anonymi[sz]ed|hosp|hospital"  # before the person
_PERSONS = re.compile(
    rf"(?:{_OF_A_STUDY})?(?:(?:{_NUMBER})(?:of|de|del|della|du|der)?)?(?:{_PERSON})(?:{_NUMBER})*"
    "|hosp(?:ital)?(?:no|nr|num|number)|chart(?:no|num|number)"
    "|rid|ptid|pid|eid|mrn|mrnid|mrnno|usubjid|subjid|studyid|nhsnumber|nhsno|medicalrecordnumber|病历号|住院号"
)
# These may be other things: a count of relatives, somebody's surname, an abbreviation.
_LOOSE = ("pat", "pt", "client", "member", "individual", "familyname", "familyno", "familynum", "familynumber")
_GROUPS = ("group", "groups", "groupid")
_SITES = ("site", "siteid", "center", "centre", "hospital", "hospitalid", "clinic", "centro", "医院", "中心")
_HOSPITAL = re.compile(
    r"\bhospi(?:tals?|ces?)\b|h[ôo]pita[lu]x?\b|\bclini(?:cs?|que)\b|klini(?:k|ken|kum)\b|krankenhaus|infirmary"
    r"|medical cent|\bcent(?:er|re)\b|\bsite|charit[ée]\b|universit(?:y|ies|ät|é|à)|\bCHU\b|医院|中心$|院区|病院|병원",
    re.IGNORECASE,
)
_RECORDS = ("recordid", "record", "recordno", "recordnumber")
_VISIT = {
    "redcapeventname", "redcaprepeatinstance", "eventname", "repeatinstance", "visit", "visitname", "visitid",
    "visitno", "timepoint", "session", "wave",
}  # fmt: skip
_LEAST_LINES, _BLOCKS, _VISITS = 20, 10, 1.3  # of a column that stands in blocks; cases of one value on average
_FEWEST, _LARGEST = 5, 50  # different values an identifier of persons has at least, and cases of one value on average
_ARMS = 4  # more groups than that are hardly those of patients and controls, or of doses
_PLACES = 3  # fewer cannot be learnt from and tested on by turns
_MANY = 15  # different codes from which a column whose name says nothing may number persons
_CODES, _SHORT = 10_000, 12  # whole numbers from here on are rather codes than counts; signs beside a code's digits


def find_group(
    table: pd.DataFrame, taken: set[str], id_column: str | None = None
) -> tuple[str | None, dict[str, str], list[str]]:
    """The first column with a group's name whose values repeat, why earlier ones were passed over, and what to say.

    A place is a group only where there are several of them and no column names persons: to its patients it is a fact
    like any other.
    """
    passed: dict[str, str] = {}
    there = {plain(column): column for column in reversed(table.columns)}
    named = [there[name] for name in _GROUPS if name in there]
    persons = [column for column in table.columns if names_persons(column)]
    named += persons
    if any(plain(column) in _VISIT for column in table.columns):  # then the number of a record is a person's
        named += [there[name] for name in _RECORDS if name in there]
    for column in named:
        cells = table[column].dropna()
        if column in taken or cells.nunique() < 2:
            continue
        if cells.is_unique:
            passed[column] = _("every case has its own value, so it groups nothing")
            continue
        if plain(column) in _GROUPS and cells.nunique() <= _ARMS:
            passed[column] = _(
                "has only a few values, like the arms of a study or classes; to use it, make it the "
                "target or the group yourself"
            )
            continue
        return column, passed, []
    place = next((there[name] for name in _SITES if name in there and there[name] not in taken), None)
    few = next((name for name in passed if table[name].notna().any() and not table[name].dropna().is_unique), None)
    if place is None and few is not None and _names_places(table[few]):
        place = few
        passed.pop(few)
    elif place is not None and few is not None and _means_the_same(table, few, place):
        passed[few] = _("has the same meaning as '{column}'").format(column=place)
    places = 0 if place is None else table[place].nunique()
    if place is None or places < 2 or table[place].dropna().is_unique:
        return None, passed, []
    if places < _PLACES or persons or (id_column is not None and names_persons(id_column)):
        remark = _(
            "Column '{column}' names sites, not patients: it is not used as the group, and is left out of the "
            "inputs. Make it the group to test models on sites they were not trained on."
        )
        passed[place] = _("names sites, which a model should not learn from; make it an input yourself to use it")
        return None, passed, [remark.format(column=place)]
    remark = _(
        "There is no column that names patients, so '{column}' is the group: models are tested on sites "
        "they were not trained on."
    )
    return place, passed, [remark.format(column=place)]


def _names_places(cells: pd.Series) -> bool:
    """Whether most different values are called as hospitals are."""
    values = [str(value) for value in cells.dropna().unique()]
    return 2 * sum(bool(_HOSPITAL.search(value)) for value in values) > len(values)


def _means_the_same(table: pd.DataFrame, column: str, other: str) -> bool:
    pairs = table[[column, other]].dropna().drop_duplicates()
    return len(pairs) == pairs[column].nunique() == pairs[other].nunique()


def names_persons(column: str) -> bool:
    """Whether a column is called as those that say whose a case is."""
    name = plain(column)
    return bool(_PERSONS.fullmatch(name)) and name not in _LOOSE


def _may_number_persons(cells: pd.Series) -> bool:
    if not pd.api.types.is_numeric_dtype(cells) and cells.dropna().str.match(DATE).mean() > 0.5:
        return False
    return _many(cells) or _stands_in_blocks(cells)


def _stands_in_blocks(cells: pd.Series) -> bool:
    """Whole numbers or words of which each stands in one stretch of lines, as the numbers of patients with several
    visits do: measurements come back elsewhere."""
    if len(cells) < _LEAST_LINES or cells.isna().any():
        return False
    filled = cells.to_numpy()
    if pd.api.types.is_numeric_dtype(cells) and not (filled == np.round(filled)).all():
        return False
    different = cells.nunique()
    blocks = 1 + int((filled[1:] != filled[:-1]).sum())
    return blocks == different >= _BLOCKS and len(filled) >= _VISITS * different


def _many(cells: pd.Series) -> bool:
    """Whether a column's values alone look as if they numbered persons, most of them with several cases."""
    cells = cells.dropna()
    if pd.api.types.is_numeric_dtype(cells) and not (cells.to_numpy() == np.round(cells.to_numpy())).all():
        return False  # no codes
    sizes = cells.value_counts()
    return len(sizes) >= _MANY and bool((sizes > 1).mean() > 0.5) and _looks_coded(cells)


def _looks_coded(cells: pd.Series) -> bool:
    """Codes of one form that rise with whoever was numbered: "P017", "1000042"; a category has fewer, words others."""
    if pd.api.types.is_numeric_dtype(cells):
        whole = cells[cells == cells.round()]
        return len(whole) == len(cells) and bool(cells.abs().min() >= _CODES)
    forms = cells.str.replace(r"\d+", "0", regex=True).unique()
    return len(forms) == 1 and "0" in forms[0] and len(forms[0]) <= _SHORT


def _repeats_as_persons(cells: pd.Series) -> bool:
    """Whether there are as many different values, and each as often, as of persons with several cases.

    Numbers without pandas: most of thousands of columns end here.
    """
    if pd.api.types.is_numeric_dtype(cells):
        numbers = cells.to_numpy(dtype=float, na_value=np.nan)
        numbers = np.sort(numbers[~np.isnan(numbers)])
        filled, different = len(numbers), int((numbers[1:] != numbers[:-1]).sum()) + bool(len(numbers))
    else:
        filled, different = int(cells.notna().sum()), cells.nunique()
    return _FEWEST <= different < filled <= _LARGEST * different


def repeated_identifiers(table: pd.DataFrame, group: str | None, taken: set[str]) -> list[str]:
    """A sentence on each column that identifies persons, repeats, and is not kept together by the group; and one where
    rows are not cases at all."""
    remarks = long_form(table, group)
    remarked: list[str] = []
    measured = _measured(table)
    for column in table.columns:
        if column in taken or column == group:
            continue
        if column in measured and not (names_persons(column) or is_identifier(column)):
            continue
        cells = table[column]
        if not _repeats_as_persons(cells):
            continue
        if not (names_persons(column) or is_identifier(column) or _may_number_persons(cells)):
            continue
        cells = cells.dropna()
        different = cells.nunique()
        if group is not None and table.groupby(column)[group].nunique().max() <= 1:
            continue
        if not names_persons(column) and any(_one_each(table, other, column) for other in remarked):
            continue  # what a person has once, such as an age, beside the number of the person
        remarked.append(column)
        remarks.append(
            _(
                "Column '{column}' repeats ({different} different values in {count} cases) and is not the "
                "group: cases that share it may lie on both sides of a split. If they belong together, make it "
                "the group."
            ).format(column=column, different=different, count=len(cells))
        )
    return remarks


def _measured(table: pd.DataFrame) -> set[str]:
    """Columns of numbers with parts behind the point, which number nobody; all at once, for there may be thousands."""
    numbers = table.select_dtypes("float")
    values = numbers.to_numpy(dtype=float)
    return {*numbers.columns[((values != np.round(values)) & np.isfinite(values)).any(axis=0)]}


def _one_each(table: pd.DataFrame, person: str, column: str) -> bool:
    return bool(table.groupby(person)[column].nunique().max() <= 1)
