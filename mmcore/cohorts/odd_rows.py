"""Ids that say more than that cases differ: two of one patient."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted

_PARTS = re.compile(r"^(.*[^\W_])[\W_]+([^\W_]{1,6})$")  # "S12_L": a beginning and a short end
_FEWEST, _ENDS = 5, 12  # beginnings that are no chance, and different ends of which each has some
_SEVERAL = 1.5  # cases of a beginning, on average


def sentences(ids: Sequence[str], grouped: bool) -> list[str]:
    """What should be told of the ids of a table, in its order. grouped: whether cases have a group already."""
    return [] if grouped else [*_differently_spelt(ids), *_parts_of_one(ids)]


def _differently_spelt(ids: Sequence[str]) -> list[str]:
    """Ids that only letter case or spaces tell apart, as "P017" and "p017 "."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for id in ids:
        spellings["".join(id.casefold().split())].append(id)
    several = [same for same in spellings.values() if len(same) > 1]
    if not several:
        return []
    return [
        counted(
            len(several),
            "{count} id is written in several ways that differ only in letter case or spaces, {ids}: if it is one "
            "patient, add a column that names the patient and make it the group.",
            "{count} ids are written in several ways that differ only in letter case or spaces, such as {ids}: if each "
            "is one patient, add a column that names the patient and make it the group.",
            ids=list_of(f"'{id}'" for id in several[0][:3]),
        )
    ]


def _parts_of_one(ids: Sequence[str]) -> list[str]:
    """Ids such as "S12_L" and "S12_R", where nothing keeps the two together."""
    cases: dict[str, list[str]] = defaultdict(list)
    ends = set()
    for id in ids:
        if match := _PARTS.match(id):
            cases[match[1]].append(id)
            ends.add(match[2])
    several = [members for members in cases.values() if len(members) > 1]
    if len(several) < _FEWEST or len(ends) > _ENDS or len(ids) < _SEVERAL * len(cases):
        return []
    if sum(map(len, several)) < 0.5 * len(ids):
        return []
    return [
        _(
            "Ids such as {ids} begin alike ({count} such beginnings): if they are cases of one patient, add a column "
            "that names the patient and make it the group, so that they stay on one side of a split."
        ).format(ids=list_of(f"'{id}'" for id in several[0][:3]), count=len(several))
    ]
