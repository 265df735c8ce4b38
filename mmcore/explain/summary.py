"""The tests of explanations summed up over cases, and what they come to in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mmcore.base.settings import _
from mmcore.explain.tests.judge import ATTENTION, EVEN, RANDOM, WITHIN, Judged, area, bounds
from mmcore.explain.tests.pointing import pointing

STANDS_IN = "integrated_gradients"  # tells where a method looks that shows no weights


def summed(judged: Sequence[Judged], groups: Sequence[object] | None, inputs: Sequence[str]) -> dict[str, Any]:
    """One row of the document of `explain`: see mmcore.studies.explaining."""
    level = judged[0].level
    by = ATTENTION if level else STANDS_IN
    each = {name: _explanation(name, judged, groups, inputs) for name in _names(judged)}
    points_by = ATTENTION if level == "tokens" else STANDS_IN
    agreement = {name: bounds([one.agreement[name] for one in judged], groups) for name in judged[0].agreement}
    pointed = each[points_by]["pointing"]
    row = {
        "attention": level,
        "by": by,
        "pointing": pointed and {name: {**one, "by": points_by} for name, one in pointed.items()},
        "agreement": {name: one["mean"] for name, one in agreement.items()},
        "agreement_intervals": agreement,
        "agreement_level": level,
        "deletion": each[by]["deletion"]["mean"],
        "insertion": each[by]["insertion"]["mean"],
        "random_deletion": each[RANDOM]["deletion"]["mean"],
        "random_insertion": each[RANDOM]["insertion"]["mean"],
        "explanations": each,
        "shapley": {n: bounds([abs(one.shapley.get(n, np.nan)) for one in judged], groups) for n in inputs},
        "cases": len(judged),
        "everywhere": [name for name in inputs if _everywhere(judged, name)],
    }
    if level:
        gap = [area(one.deletion[ATTENTION]) - area(one.deletion[STANDS_IN]) for one in judged]
        row["deletion_vs_attribution"] = bounds(gap, groups)
    return row | {
        "faithful": faithful(each[by]),
        "better_than_even": faithful(each[by], EVEN),
        "points": points(pointed),
    }


def _everywhere(judged: Sequence[Judged], input: str) -> bool:
    """Whether evidence of an input is known, but lies under every token, so that none can miss it."""
    return any(input in one.everywhere for one in judged) and not any(
        input in hits for one in judged for hits in one.pointing.values()
    )


def _names(judged: Sequence[Judged]) -> list[str]:
    within = [name for name in WITHIN if any(name in one.pointing for one in judged)]
    return [*judged[0].deletion, *within]


def _explanation(
    name: str, judged: Sequence[Judged], groups: Sequence[object] | None, inputs: Sequence[str]
) -> dict[str, Any]:
    """What the tests say of one explanation: places it points at, areas, and both against random orders."""
    said: dict[str, Any] = {"pointing": _pointing(name, judged, groups, inputs)}
    if name in WITHIN:
        return said
    for test in ("deletion", "insertion"):
        curves = np.array([getattr(one, test)[name] for one in judged])
        areas = np.array([area(curve) for curve in curves])
        said[test] = bounds(areas, groups)
        for control in () if name in (RANDOM, EVEN) else (RANDOM, EVEN):
            other = [area(getattr(one, test)[control]) for one in judged]
            said[f"{test}_vs_{control}"] = bounds(areas - other, groups)
        said[f"{test}_curve"] = curves.mean(0).tolist()
    if name in judged[0].gap:
        said["gap"] = float(np.median([one.gap[name] for one in judged]))
    return said


def _pointing(
    name: str, judged: Sequence[Judged], groups: Sequence[object] | None, inputs: Sequence[str]
) -> dict[str, dict[str, float]] | None:
    found = {}
    for input in inputs:
        rows = [i for i, one in enumerate(judged) if input in one.pointing.get(name, {})]
        own = None if groups is None else [groups[i] for i in rows]
        said = pointing([judged[i].pointing[name][input] for i in rows], own)
        if said is not None:
            found[input] = said.document()
    return found or None


def faithful(said: Mapping[str, Any], control: str = RANDOM) -> bool:
    """Whether the model needs what the explanation points at more than what the control does, by either curve.

    control: "random" order of all tokens, or "even": every input the same weight. An attention that says nothing
    already beats a random order where inputs differ in their number of tokens, as it takes the short ones first.
    """
    return said[f"deletion_vs_{control}"]["high"] < 0 or said[f"insertion_vs_{control}"]["low"] > 0


def points(pointed: Mapping[str, Mapping[str, float]] | None) -> list[str] | None:
    """Inputs whose evidence is pointed at more often than chance; None where no evidence is known."""
    return None if pointed is None else [name for name, one in pointed.items() if one["above_low"] > 0]


def verdict(method: str, row: Mapping[str, Any]) -> str:
    """What a person should make of it, in a few sentences."""
    useful = row["faithful"] and row["better_than_even"]
    if row["attention"] is None:
        first = _("{method} shows no weights; integrated gradients speak for it.")
    elif row["attention"] == "inputs":
        first = _("{method} weighs whole inputs, so it cannot point at a place within one.")
        if not useful:
            first += " " + _("Its weights explain nothing here.")
    elif useful:
        first = _("The attention of {method} is of use here.")
    elif row["points"]:
        first = _("The attention of {method} is a poor guide here.")
    else:
        first = _("The attention of {method} explains nothing here.")
    hits = "" if row["attention"] == "inputs" else _hits(row)
    told = [first.format(method=method), _needed(row), hits, _behind(row)]
    return " ".join(one for one in told if one)


def _needed(row: Mapping[str, Any]) -> str:
    """Whether the model needs what is favoured."""
    if not row["faithful"]:
        return _("The model needs the tokens it favours no more than random ones.")
    if not row["better_than_even"]:
        return _("The model needs the tokens it favours no more than if every input had the same weight.")
    return _("The model needs the tokens it favours more than others.")


def _hits(row: Mapping[str, Any]) -> str:
    """Where known evidence is hit; empty where none is known."""
    if row["pointing"] is None:
        return ""
    right = row["points"]
    wrong = [name for name in row["pointing"] if name not in right]
    if right and wrong:
        where = _("Known evidence is hit more often than by chance in {right}, not in {wrong}.")
    elif right:
        where = _("Known evidence is hit more often than by chance in {right}.")
    else:
        where = _("Known evidence is hit no more often than by chance.")
    return where.format(right=", ".join(right), wrong=", ".join(wrong))


def _behind(row: Mapping[str, Any]) -> str:
    """Whether an attribution that does not ask the attention does better."""
    gap, areas = row.get("deletion_vs_attribution"), row.get("explanations")
    if not gap or not gap["low"] > 0:
        return ""
    return _("Integrated gradients find what the model needs sooner (deletion {theirs:.2f} against {own:.2f}).").format(
        theirs=areas[STANDS_IN]["deletion"]["mean"], own=areas[ATTENTION]["deletion"]["mean"]
    )
