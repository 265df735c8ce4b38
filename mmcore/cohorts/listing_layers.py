"""What the folders of a listing divide: patients above classes, parts of a split below them, outlines of pictures."""

from __future__ import annotations

import pandas as pd

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.cohorts.outline_names import is_outline, outlined_stem
from mmcore.cohorts.split_words import TEST, TRAIN, VALIDATION

_REPEATED = 0.5  # of the folders below others: a larger share in several of them, and they are no patients
_MOST_CLASSES = 12


def without_outlines(rows: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    """Without files that outline what other files show: a folder of masks is no class, and a mask no case.

    Folders that hold the same names as others stay: those are inputs of the same cases.
    """
    outline = rows["top"].map(is_outline) | rows["inner"].map(is_outline)
    others = set(rows.loc[~outline, "stem"])
    if outline.all() or (
        others and 2 * rows.loc[outline, "stem"].isin(others).sum() > outline.sum() and _of_inputs(rows)
    ):
        outline = pd.Series(False, rows.index)
    places = rows["top"] + "/" + rows["inner"] + "/"
    there = set(places + rows["stem"])
    bare = [(own := outlined_stem(stem)) is not None and place + own in there
            for place, stem in zip(places, rows["stem"], strict=True)]  # fmt: skip
    outline |= pd.Series(bare, rows.index)
    if not outline.any():
        return rows
    problems.append(
        counted(
            int(outline.sum()),
            "{count} file, {file}, outlines what another file shows; it is not a case.",
            "{count} files, such as {file}, outline what other files show; they are not cases.",
            file=rows.loc[outline, "path"].iloc[0],
        )
    )
    return rows[~outline].reset_index(drop=True)


def turned(rows: pd.DataFrame, problems: list[str]) -> pd.DataFrame:
    """Folders of which the upper ones are the patients and the lower ones the classes, the other way around; and
    parts of a split below the classes where they belong."""
    below = rows[rows["inner"] != ""]
    if below.empty or len(below) < _REPEATED * len(rows):
        return rows
    above = below.groupby("inner")["top"].nunique()
    inner, tops = set(above.index), set(below["top"])
    if rows["split"].isna().all() and len(below) == len(rows) and _are_parts(inner):
        return rows.assign(split=rows["inner"], inner="")
    if len(tops) < 2 or len(inner) < 2 or (above > 1).mean() <= _REPEATED:
        return rows
    if len(inner) <= _MOST_CLASSES and len(inner) < len(tops):
        problems.append(
            _(
                "Folders {classes} are taken as classes, because each lies in several others; those others, such as "
                "{folder}, are taken as patients."
            ).format(classes=list_of(sorted(inner)), folder=min(tops))
        )
        return rows.assign(top=rows["inner"], inner=rows["top"])
    return rows


def _of_inputs(rows: pd.DataFrame) -> bool:
    """Whether the other folders are no classes: there is but one, or they hold the same names again."""
    stems = {name: set(part["stem"]) for name, part in rows.groupby("top") if not is_outline(str(name))}
    if (rows["inner"] != "").any() or not stems:
        return False
    return len(set().union(*stems.values())) < sum(map(len, stems.values())) or len(stems) == 1


def _are_parts(names: set[str]) -> bool:
    there = {name.casefold() for name in names}
    return bool(there & TRAIN) and bool(there & (TEST | VALIDATION)) and there <= TRAIN | TEST | VALIDATION
