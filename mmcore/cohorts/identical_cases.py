"""Cases of identical content: on both sides of a split they would be learnt by heart and then asked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from mmcore.base.settings import _, counted
from mmcore.base.values import InputSpec, Kind

_PROSE = 40  # characters from which on two equal texts are no chance
_COLUMNS = 3  # of a table, so that equal rows are no chance
_BY_CHANCE = 0.1  # pairs of equal rows that chance makes, at most, where equal rows are copies
_MANY = 20  # cases of one content: more than that is a content too poor to tell cases apart


def copies_of(
    contents: Mapping[str, Sequence[str | None]], inputs: Mapping[str, InputSpec], table: pd.DataFrame
) -> np.ndarray | None:
    """[N] number that cases of identical content share; None where no two cases are alike.

    Two cases are alike if they share a picture or a recording, a long text, or everything there is of them. Of a table
    of very few columns alone that is no sign: rows are alike by chance.
    contents: input -> digest of each case's value, None where missing. table: of the cohort.
    """
    names = list(contents)
    cases = len(contents[names[0]]) if names else 0
    parent = list(range(cases))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    lengths = {
        name: [len(str(cell)) for cell in table[spec.columns[0]]]
        for name, spec in inputs.items()
        if spec.kind is Kind.TEXT and spec.columns[0] in table
    }
    columns = [column for spec in inputs.values() for column in spec.columns if column in table]
    narrow = all(spec.kind is Kind.TABLE and len(spec.columns) < _COLUMNS for spec in inputs.values())
    narrow = narrow and not rows_differ(table[columns])
    for members in _same_content(contents, inputs, lengths, cases, narrow):
        for i in members[1:]:
            parent[root(i)] = root(members[0])
    roots = [root(i) for i in range(cases)]
    return None if len(set(roots)) == cases else np.unique(roots, return_inverse=True)[1]


def _same_content(
    contents: Mapping[str, Sequence[str | None]],
    inputs: Mapping[str, InputSpec],
    lengths: Mapping[str, Sequence[int]],
    cases: int,
    narrow: bool,
) -> list[list[int]]:
    """Groups of cases that share something. narrow: equal rows are no sign."""
    shared: dict[tuple[str, object], list[int]] = defaultdict(list)
    for name, digests in contents.items():
        for i, digest in enumerate(digests):
            telling = inputs[name].kind in (Kind.IMAGE, Kind.SIGNAL) or (
                inputs[name].kind is Kind.TEXT and lengths.get(name, [0] * cases)[i] >= _PROSE
            )
            if digest is not None and telling:
                shared[name, digest].append(i)
    for i in range(0 if narrow else cases):
        everything = tuple(digests[i] for digests in contents.values())
        if any(part is not None for part in everything):
            shared["", everything].append(i)
    counts = Counter(len(members) for members in shared.values())
    poor = sum(size * n for size, n in counts.items() if size > _MANY) > cases / 2
    return [] if poor else [members for members in shared.values() if 1 < len(members) <= _MANY]


def rows_differ(table: pd.DataFrame) -> bool:
    """Whether rows of a table are so seldom equal by chance that two which are must be copies.

    By how often two cells of a column agree among different rows, columns taken as independent.
    """
    different = table.drop_duplicates()
    pairs = len(different) * (len(different) - 1) / 2
    if pairs < 1:
        return False
    by_chance = pairs
    for _name, cells in different.items():
        counts = cells.value_counts(dropna=False).to_numpy(dtype=float)
        by_chance *= max((counts * (counts - 1) / 2).sum(), 1) / pairs
    return bool(by_chance < _BY_CHANCE)


def remarks_on(copies: np.ndarray, ids: Sequence[str], target: np.ndarray, groups: np.ndarray | None) -> list[str]:
    """What to say of cases of identical content. copies: see `copies_of`."""
    order = np.argsort(copies, kind="stable")
    sets = [part for part in np.split(order, np.flatnonzero(np.diff(copies[order])) + 1) if len(part) > 1]
    sentences = [
        _(
            "{count} cases share a picture, a recording, a long text or everything they have with another case, such "
            "as {first} and {second}; a random split keeps them together."
        ).format(count=sum(map(len, sets)), first=ids[sets[0][0]], second=ids[sets[0][1]])
    ]
    for values, what in ((target, _("targets")), (groups, _("groups"))):
        apart = [] if values is None else [part for part in sets if len(set(values[part].tolist())) > 1]
        if apart:
            sentences.append(
                counted(
                    len(apart),
                    "{count} set of such cases has different {what}, such as {first} and {second}.",
                    "{count} sets of such cases have different {what}, such as {first} and {second}.",
                    what=what,
                    first=ids[apart[0][0]],
                    second=ids[apart[0][1]],
                )
            )
    return sentences
