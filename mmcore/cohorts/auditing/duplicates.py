"""The same, or nearly the same, content in several cases: it answers for itself across folds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping

import numpy as np
import pandas as pd

from mmcore.base.name_lists import first_of, list_of
from mmcore.base.settings import _, counted
from mmcore.base.values import Kind
from mmcore.cohorts.auditing.base import AuditedCohort, AuditFinding, Check, Severity, checks
from mmcore.cohorts.auditing.facts import SIDE, ValueFacts
from mmcore.cohorts.column_content import is_identifier
from mmcore.cohorts.identical_cases import rows_differ

SAME_RECORDING = 0.998  # correlation of sketches from which two values count as one recording
View = Callable[[np.ndarray], np.ndarray]  # sketches [K, S] -> those of the values mirrored or turned over
_TELLING = 5  # filled cells of a row, from which on two are not equal by chance
LONG_TEXT = 200  # characters from which two persons do not write the same by chance
COMMON = 0.02  # share of the pairs of cases: if more are alike, all values look alike and none is a copy


@checks.register("duplicates")
class Duplicates(Check):
    """The same image, signal, text or row of values in several cases."""

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        for name, spec in audited.cohort.inputs.items():
            turned: set[str] = set()
            if spec.kind is Kind.TABLE:
                sets = _equal(_rows(audited, name))
            elif spec.kind is Kind.TEXT:
                facts = audited.facts[name].items()
                sets = _equal({id: f.text for id, f in facts if len(f.text) >= LONG_TEXT})
            else:
                sets, turned = near_copies(audited.facts[name], spec.kind)
            if sets:
                yield _finding(audited, name, spec.kind, sets, turned)


def _rows(audited: AuditedCohort, name: str) -> dict[str, str]:
    """Digests of the rows of a table input that hold enough for a repetition not to be chance."""
    table = audited.cohort.table[list(audited.cohort.inputs[name].columns)]
    filled = table.notna().sum(axis=1)
    least = _TELLING if len(table.columns) >= _TELLING or not rows_differ(table) else len(table.columns)
    table = table[(filled >= least).to_numpy()]
    digests = pd.util.hash_pandas_object(table, index=False)
    return {str(id): str(digest) for id, digest in zip(table.index, digests, strict=True)}


def _equal(content: Mapping[str, str]) -> list[list[str]]:
    """Sets of cases whose content is the same."""
    owners: dict[str, list[str]] = defaultdict(list)
    for id, text in content.items():
        owners[text].append(id)
    return [ids for ids in owners.values() if len(ids) > 1]


def near_copies(facts: Mapping[str, ValueFacts], kind: Kind) -> tuple[list[list[str]], set[str]]:
    """Sets of cases whose images or signals are the same but for size, rate, scale or rounding, or mirrored or turned
    over; and the cases that are only the latter."""
    exact = _equal({id: f.digest for id, f in facts.items() if not f.blank})
    parent = {id: id for id in facts}

    def root(id: str) -> str:
        while parent[id] != id:
            parent[id] = parent[parent[id]]
            id = parent[id]
        return id

    for ids in exact:
        for id in ids[1:]:
            parent[root(id)] = root(ids[0])
    by_length: dict[int, list[str]] = defaultdict(list)
    for id, f in facts.items():
        if f.sketch is not None:
            by_length[len(f.sketch)].append(id)
    turned: set[str] = set()
    for ids in by_length.values():
        for first, second in _near(ids, facts):
            parent[root(second)] = root(first)
        for view in _VIEWS[kind]:
            for first, second in _near(ids, facts, view):
                if root(first) != root(second):
                    parent[root(second)] = root(first)
                    turned |= {second}
    sets: dict[str, list[str]] = defaultdict(list)
    for id in facts:
        sets[root(id)].append(id)
    return [ids for ids in sets.values() if len(ids) > 1], turned


def _near(ids: list[str], facts: Mapping[str, ValueFacts], view: View | None = None) -> list[tuple[str, str]]:
    """Pairs whose sketches agree, one of them seen otherwise where a view is given; none if so many do that the sketch
    cannot tell these values apart."""
    sketches = np.stack([sketch for id in ids if (sketch := facts[id].sketch) is not None])
    others = sketches if view is None else view(sketches)
    pairs = []
    for start in range(0, len(ids), 512):  # a block at a time keeps memory small for large cohorts
        close = sketches[start : start + 512] @ others.T >= SAME_RECORDING
        rows, columns = np.nonzero(np.triu(close, start + 1))
        pairs += [(ids[start + row], ids[column]) for row, column in zip(rows, columns, strict=True)]
        if len(pairs) > COMMON * len(ids) * (len(ids) - 1) / 2 + len(ids):
            return []
    return pairs


def _flipped(sketches: np.ndarray, *axes: int) -> np.ndarray:
    return np.flip(sketches.reshape(-1, SIDE, SIDE), axes).reshape(len(sketches), -1)


_VIEWS: dict[Kind, tuple[View, ...]] = {
    Kind.IMAGE: (
        lambda sketches: _flipped(sketches, 2),
        lambda sketches: _flipped(sketches, 1),
        lambda sketches: _flipped(sketches, 1, 2),
    ),
    Kind.SIGNAL: (np.negative,),
}


def _finding(
    audited: AuditedCohort, name: str, kind: Kind, sets: list[list[str]], turned: Collection[str]
) -> AuditFinding:
    cohort = audited.cohort
    position = {id: row for row, id in enumerate(cohort.ids)}
    groups, target = cohort.groups, audited.target

    def of(values: np.ndarray | None, ids: list[str]) -> set[object]:
        own = [] if values is None else [values[position[id]] for id in ids]
        return {value for value in own if value == value}  # NaN: not known

    apart = [ids for ids in sets if groups is None or len(of(groups, ids)) > 1]
    contradictory = [ids for ids in sets if len(of(target, ids)) > 1]
    cases = [id for ids in sorted(sets, key=lambda ids: ids not in contradictory) for id in ids]
    severity = Severity.HIGH if contradictory or len(cases) > len(cohort) / 20 else Severity.MEDIUM
    if not apart and not contradictory:
        severity = Severity.LOW
    if kind is Kind.TABLE and len(cases) <= len(cohort) / 10:  # two patients may have the same few values
        severity = Severity.LOW
    counted_sets = counted(len(sets), "{count} set of cases", "{count} sets of cases")
    parts = [_("{sets} with the same '{input}'").format(sets=counted_sets, input=name)]
    if turned:
        parts.append(
            counted(
                len(turned),
                "{count} of these cases, {id}, mirrored or turned over",
                "{count} of these cases mirrored or turned over, such as {id}",
                id=min(turned, key=position.__getitem__),
            )
        )
    if contradictory:
        different = _("with different targets"), _("{count} of the sets with different targets")
        parts.append(different[len(sets) > 1].format(count=len(contradictory)))
    if groups is not None and apart:
        different = _("in different groups"), _("{count} of the sets in different groups")
        parts.append(different[len(sets) > 1].format(count=len(apart)))
    named_apart = _people(audited, kind, sets)
    for column, ids in named_apart.items():
        cases_apart = "; ".join(first_of(same, 3) for same in ids[:3]) + ("; …" if len(ids) > 3 else "")
        different_column = _("{count} of the sets with different '{column}' ({cases})")
        parts.append(different_column.format(count=len(ids), column=column, cases=cases_apart))
    return AuditFinding(
        Duplicates.name,
        severity,
        _("{what}.").format(what=list_of(parts)),
        _("Keep one of each, or give copies the same group, so that no model is tested on a case it was trained on."),
        {
            "input": name,
            "sets": len(sets),
            "cases": len(cases),
            "different_targets": len(contradictory),
            **({"turned": len(turned)} if turned else {}),
            **({"different_identifiers": named_apart} if named_apart else {}),
            "different_groups": len(apart) if groups is not None else None,
            "examples": [ids[:4] for ids in (contradictory or apart or sets)[:5]],
        },
        tuple(cases),
    )


def _people(audited: AuditedCohort, kind: Kind, sets: list[list[str]]) -> dict[str, list[list[str]]]:
    """By column of identifiers, the sets that it names differently, where it does not tell apart all of them."""
    persons = [] if kind is Kind.TABLE else [name for name in audited.other_columns() if is_identifier(name)]
    differing = {column: _named_differently(audited, column, sets) for column in persons}
    return {column: ids for column, ids in differing.items() if ids and len(ids) < len(sets)}


def _named_differently(audited: AuditedCohort, column: str, sets: list[list[str]]) -> list[list[str]]:
    """The sets whose cases a column of identifiers names differently, as those of one person with two numbers."""
    cells = audited.cohort.table[column]
    return [ids for ids in sets if cells.loc[ids].nunique() > 1]
