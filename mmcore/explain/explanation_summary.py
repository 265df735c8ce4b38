"""The tests of explanations summed up over cases, and what they come to in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mmcore.base.name_lists import all_of, any_of, list_of
from mmcore.base.settings import _
from mmcore.evaluation import resamples
from mmcore.explain.tests.faithfulness import area
from mmcore.explain.tests.pointing import pointing
from mmcore.explain.tests.scores import ATTENTION, EVEN, RANDOM, WITHIN, CaseScores

_SLIGHT = 0.02  # of the area under a curve from 0 to 1
MOSTLY = 0.75  # share of the network in the answer below which its attention is said to be only part of it
STANDS_IN = "integrated_gradients"  # tells where a method looks that shows no weights


def summarise(scores: Sequence[CaseScores], groups: Sequence[object] | None, inputs: Sequence[str]) -> dict[str, Any]:
    """One row of the document of `explain`: see mmcore.studies.explaining. groups: of the cases, None without."""
    level = scores[0].level
    by = ATTENTION if level else STANDS_IN
    explanations = {name: _explanation(name, scores, groups, inputs) for name in _names(scores)}
    points_by = ATTENTION if level == "tokens" else STANDS_IN
    agreement = {name: mean_interval([case.agreement[name] for case in scores], groups) for name in scores[0].agreement}
    pointed = explanations[points_by]["pointing"]
    row: dict[str, Any] = {
        "attention": level,
        "by": by,
        "pointing": pointed and {name: {**hits, "by": points_by} for name, hits in pointed.items()},
        "agreement": {name: interval["mean"] for name, interval in agreement.items()},
        "agreement_intervals": agreement,
        "agreement_level": level,
        "deletion": explanations[by]["deletion"]["mean"],
        "insertion": explanations[by]["insertion"]["mean"],
        "random_deletion": explanations[RANDOM]["deletion"]["mean"],
        "random_insertion": explanations[RANDOM]["insertion"]["mean"],
        "explanations": explanations,
        "shapley": {
            name: mean_interval([abs(case.shapley.get(name, np.nan)) for case in scores], groups) for name in inputs
        },
        "cases": len(scores),
        "everywhere": [name for name in inputs if _everywhere(scores, name)],
    }
    if level:
        gap = [area(case.deletion[ATTENTION]) - area(case.deletion[STANDS_IN]) for case in scores]
        row["deletion_vs_attribution"] = mean_interval(gap, groups)
    return row | {
        "faithful": faithful(explanations[by]),
        "better_than_even": faithful(explanations[by], EVEN),
        "points": points(pointed),
    }


def mean_interval(values: Sequence[float] | np.ndarray, groups: Sequence[object] | None = None) -> dict[str, float]:
    """Mean over cases and its 95% interval (bootstrap over cases, whole groups together); nan ones left out."""
    numbers = np.asarray(values, float)
    fine = np.isfinite(numbers)
    if not fine.any():
        return {"mean": float("nan"), "low": float("nan"), "high": float("nan")}
    numbers, own_groups = numbers[fine], None if groups is None else np.asarray(groups)[fine].tolist()
    weights = resamples(len(numbers), own_groups)
    low, high = np.percentile(numbers @ weights / np.maximum(weights.sum(0), 1e-9), [2.5, 97.5])
    return {"mean": float(numbers.mean()), "low": float(low), "high": float(high)}


def _everywhere(scores: Sequence[CaseScores], input: str) -> bool:
    """Whether evidence of an input is known, but lies under every token, so that none can miss it."""
    return any(input in case.everywhere for case in scores) and not any(
        input in hits for case in scores for hits in case.pointing.values()
    )


def _names(scores: Sequence[CaseScores]) -> list[str]:
    within = [name for name in WITHIN if any(name in case.pointing for case in scores)]
    return [*scores[0].deletion, *within]


def _explanation(
    name: str, scores: Sequence[CaseScores], groups: Sequence[object] | None, inputs: Sequence[str]
) -> dict[str, Any]:
    """What the tests say of one explanation: places it points at, areas, and both against random orders."""
    tested: dict[str, Any] = {"pointing": _pointing(name, scores, groups, inputs)}
    if name in WITHIN:
        return tested
    for test in ("deletion", "insertion"):
        curves = np.array([getattr(case, test)[name] for case in scores])
        areas = np.array([area(curve) for curve in curves])
        tested[test] = mean_interval(areas, groups)
        for control in () if name in (RANDOM, EVEN) else (RANDOM, EVEN):
            control_areas = [area(getattr(case, test)[control]) for case in scores]
            tested[f"{test}_vs_{control}"] = mean_interval(areas - control_areas, groups)
        tested[f"{test}_curve"] = curves.mean(0).tolist()
    if name in scores[0].gap:
        tested["gap"] = float(np.median([case.gap[name] for case in scores]))
    return tested


def _pointing(
    name: str, scores: Sequence[CaseScores], groups: Sequence[object] | None, inputs: Sequence[str]
) -> dict[str, dict[str, float]] | None:
    by_input = {}
    for input in inputs:
        rows = [i for i, case in enumerate(scores) if input in case.pointing.get(name, {})]
        own_groups = None if groups is None else [groups[i] for i in rows]
        hits = pointing([scores[i].pointing[name][input] for i in rows], own_groups)
        if hits is not None:
            by_input[input] = hits.document()
    return by_input or None


def faithful(tested: Mapping[str, Any], control: str = RANDOM) -> bool:
    """Whether the model needs what the explanation points at more than what the control does, by either curve.

    control: "random" order of all tokens, or "even": every input the same weight. An attention that says nothing
    already beats a random order where inputs differ in their number of tokens, as it takes the short ones first.
    """
    return tested[f"deletion_vs_{control}"]["high"] < 0 or tested[f"insertion_vs_{control}"]["low"] > 0


def points(pointed: Mapping[str, Mapping[str, float]] | None) -> list[str] | None:
    """Inputs whose evidence is pointed at more often than chance; None where no evidence is known."""
    return None if pointed is None else [name for name, hits in pointed.items() if hits["above_low"] > 0]


def guides(row: Mapping[str, Any]) -> bool:
    """Whether the attention of a summarised run is a fair guide to what the model used: the model needs what it favours
    more than a random order and than even weights would have it, and by more than is worth speaking of."""
    return row["faithful"] and row["better_than_even"] and not slight(row)


def overall(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Whose attention is a fair guide, of several summarised runs by the names that readers see; "" where none shows
    any."""
    shown = {name: row for name, row in rows.items() if row["attention"] is not None}
    if useful := [name for name, row in shown.items() if guides(row)]:
        return _("A fair guide to what the model used: the attention of {methods}.").format(methods=list_of(useful))
    return _("Here no method's attention is a good guide to what it used.") if shown else ""


def verdict(method: str, row: Mapping[str, Any]) -> str:
    """What a person should make of it, in a few sentences."""
    useful = row["faithful"] and row["better_than_even"]
    if row["attention"] is None:
        first = _("{method} shows no weights; integrated gradients, another way to ask the model, were tested instead.")
    elif row["attention"] == "inputs":
        first = _("{method} weighs whole inputs, so it cannot point at a place within one.")
        if not useful:
            first += " " + _("Its weights do not show what it used either.")
    elif useful and slight(row):
        first = _("The attention of {method} is hardly a guide here.")
    elif useful:
        first = _("The attention of {method} is a fair guide here.")
    elif row["points"]:
        first = _("The attention of {method} is a poor guide here.")
    else:
        first = _("The attention of {method} does not tell what it used here.")
    hits = "" if row["attention"] == "inputs" else _hits(row)
    sentences = [first.format(method=method), _needed(row), hits, _behind(row), _linear(row)]
    return " ".join(sentence for sentence in sentences if sentence)


def _needed(row: Mapping[str, Any]) -> str:
    """Whether the model needs what is favoured."""
    if not row["faithful"]:
        return _(
            "Taking away what ranks highest does not clearly change the answer more than taking away parts at random."
        )
    if not row["better_than_even"]:
        return _(
            "The ranking is not clearly better at finding what matters than equal weights for every "
            "input and every place in it."
        )
    if slight(row):
        return _("What ranks highest matters a little more to the answer than the rest.")
    return _("What ranks highest matters more to the answer than the rest.")


def slight(row: Mapping[str, Any]) -> bool:
    """Whether what is gained over even weights is too little to speak of, however certain it is."""
    tested = row.get("explanations", {}).get(row.get("by"))
    return (
        tested is not None
        and max(abs(tested[f"{test}_vs_{EVEN}"]["mean"]) for test in ("deletion", "insertion")) < _SLIGHT
    )


def _hits(row: Mapping[str, Any]) -> str:
    """Where known evidence is hit; empty where none is known."""
    if row["pointing"] is None:
        return ""
    right = row["points"]
    wrong = [name for name in row["pointing"] if name not in right]
    if right and wrong:
        where = _("It points at the known evidence more often than chance in {right}, but not clearly in {wrong}.")
    elif right:
        where = _("It points at the known evidence more often than chance in {right}.")
    else:
        where = _("It does not point at the known evidence clearly more often than chance.")
    return where.format(right=all_of(right), wrong=any_of(wrong))


def _linear(row: Mapping[str, Any]) -> str:
    """Whether most of the answer comes from where attention does not reach."""
    share = row.get("network_share", 1.0)
    if row["attention"] is None or share >= MOSTLY:
        return ""
    return _(
        "Attention explains only the network, {share:.0%} of the answer; the rest comes from a simple model of each "
        "input."
    ).format(share=share)


def _behind(row: Mapping[str, Any]) -> str:
    """Whether an attribution that does not ask the attention does better."""
    gap, areas = row.get("deletion_vs_attribution"), row.get("explanations")
    if not gap or not areas or not gap["low"] > 0:
        return ""
    return _(
        "Integrated gradients show better than attention what the model used. When the parts they rank highest "
        "are taken away first, less of the prediction is left: {theirs:.2f} against {own:.2f} on average."
    ).format(theirs=areas[STANDS_IN]["deletion"]["mean"], own=areas[ATTENTION]["deletion"]["mean"])
