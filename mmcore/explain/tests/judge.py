"""Is an explanation right? One run's attention and attributions put to every test that can be made, case by case.

Tests: does it point at known evidence (`pointing`), does the model need what it points at (`faithfulness`), and does
attention agree with attributions that do not ask it (rank correlation; after Jain & Wallace 2019, "Attention is not
Explanation", NAACL).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mmcore.base.values import Evidence, Place
from mmcore.evaluation import resamples
from mmcore.explain.attribution import Attribution, attribute, attributors
from mmcore.explain.shapley import shapley
from mmcore.explain.tests.faithfulness import curves
from mmcore.explain.tests.pointing import overlaps, point
from mmcore.explain.token_weights import Attended, attended
from mmcore.training.panel import Reading

ATTENTION, RANDOM = "attention", "random"
EVEN = "even"  # every input the same weight, every token of it the same share: what an idle attention would show
EVERYWHERE = ("integrated_gradients", "input_x_gradient", "occlusion")  # attributions that compare across inputs
WITHIN = ("grad_cam",)  # attributions of which only the places within one input compare, for images


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of a case beforehand: places and evidence by input (evidence of synthetic cases only)."""

    places: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    evidence: Mapping[str, Sequence[Evidence]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Judged:
    """What the tests say of one case.

    level: of its attention, None without. pointing: explanation -> input -> (hit, chance). deletion, insertion:
    explanation -> curve [S + 1]. agreement: attribution -> rank correlation with attention, over tokens or inputs.
    gap: attribution that promises to add up -> share of the score it leaves unexplained. shapley: input -> value.
    everywhere: inputs whose evidence lies under every token.
    """

    level: str | None
    pointing: dict[str, dict[str, tuple[float, float]]]
    deletion: dict[str, np.ndarray]
    insertion: dict[str, np.ndarray]
    agreement: dict[str, float]
    gap: dict[str, float]
    shapley: dict[str, float]
    everywhere: tuple[str, ...] = ()


def judge(
    reading: Reading,
    known: Sequence[Known],
    *,
    attributions: Sequence[str] = EVERYWHERE,
    images: Sequence[str] = (),
    seed: int = 0,
) -> list[Judged]:
    """Put the explanations of B cases to the tests. images: inputs whose Grad-CAM is looked at too."""
    looks = attended(reading)
    within = [name for name in WITHIN if images]
    found = attribute(reading, [*attributions, *within])
    shares = shapley(reading)
    by = {name: [one.values for one in found[name]] for name in attributions}
    if looks:
        by = {ATTENTION: [one.values for one in looks], **by}
    by[EVEN] = [_even(reading.masks, b) for b in range(len(reading))]
    drawn = curves(reading, by, seed=seed)
    return [
        Judged(
            looks[b].level if looks else None,
            _pointing(looks and looks[b], {name: one[b] for name, one in found.items()}, known[b], within, images),
            {name: one.deletion[b] for name, one in drawn.items()},
            {name: one.insertion[b] for name, one in drawn.items()},
            (
                agreement(looks[b], {n: found[n][b] for n in attributions}, shares[b].values)
                | _agreement_within(looks[b], {n: found[n][b] for n in within}, images)
                if looks
                else {}
            ),
            {name: found[name][b].gap for name in attributions if attributors[name].adds_up},
            shares[b].values,
            _everywhere(known[b]),
        )
        for b in range(len(reading))
    ]


def _pointing(
    look: Attended | None, found: Mapping[str, Attribution], known: Known, within: Sequence[str], images: Sequence[str]
) -> dict[str, dict[str, tuple[float, float]]]:
    maps = {name: one.values for name, one in found.items()}
    if look and look.level == "tokens":
        maps = {ATTENTION: look.values, **maps}
    hits: dict[str, dict[str, tuple[float, float]]] = {}
    for name, values in maps.items():
        for input, each in values.items():
            if input not in known.places or (name in within and input not in images):
                continue
            hit = point(each, known.places[input], known.evidence.get(input, ()))
            if hit is not None:
                hits.setdefault(name, {})[input] = hit
    return hits


def _everywhere(known: Known) -> tuple[str, ...]:
    told = {name: [one for one in known.evidence.get(name, ()) if one.effect] for name in known.places}
    return tuple(
        name
        for name, places in known.places.items()
        if told[name] and all(any(overlaps(place, one) for one in told[name]) for place in places)
    )


def agreement(
    look: Attended, found: Mapping[str, Attribution], shares: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Rank correlation of attention with the size of each attribution, and of Shapley values of inputs (`shares`)."""
    names = list(look.values)
    agree = {}
    for name, one in found.items():
        if look.level == "tokens":
            own = np.concatenate([look.values[n] for n in names]) if names else np.zeros(0)
            other = np.concatenate([np.abs(one.values[n]) for n in names]) if names else np.zeros(0)
        else:
            own, other = _of(look.inputs, names), np.abs(_of(one.inputs, names))
        agree[name] = rank_correlation(own, other)
    if shares is None:
        return agree
    return agree | {"shapley": rank_correlation(_of(look.inputs, names), np.abs(_of(shares, names)))}


def _agreement_within(look: Attended, found: Mapping[str, Attribution], images: Sequence[str]) -> dict[str, float]:
    """Rank correlation of attention with attributions that only compare within one image; nan without such weights."""
    if look.level != "tokens":
        return {}
    agree = {}
    for name, one in found.items():
        each = [rank_correlation(look.values[n], np.abs(one.values[n])) for n in images if n in look.values]
        agree[name] = float(np.mean(each)) if each else float("nan")
    return agree


def _even(masks: Mapping[str, np.ndarray], b: int) -> dict[str, np.ndarray]:
    counts = {name: int(mask[b].sum()) for name, mask in masks.items() if mask[b].any()}
    return {name: np.full(count, 1 / count) for name, count in counts.items()}


def _of(values: Mapping[str, float], names: Sequence[str]) -> np.ndarray:
    return np.array([values[name] for name in names], float)


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's rho; nan for fewer than three numbers or where one of them is constant."""
    from scipy.stats import rankdata

    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])


def bounds(values: Sequence[float], groups: Sequence[object] | None = None) -> dict[str, float]:
    """Mean over cases and its 95% interval (bootstrap over cases, whole groups together); nan ones left out."""
    values = np.asarray(values, float)
    fine = np.isfinite(values)
    if not fine.any():
        return {"mean": float("nan"), "low": float("nan"), "high": float("nan")}
    values, groups = values[fine], None if groups is None else np.asarray(groups)[fine]
    weights = resamples(len(values), groups)
    low, high = np.percentile(values @ weights / np.maximum(weights.sum(0), 1e-9), [2.5, 97.5])
    return {"mean": float(values.mean()), "low": float(low), "high": float(high)}


def area(curve: np.ndarray) -> float:
    """Area under a curve over shares from 0 to 1."""
    return float(np.trapezoid(curve, np.linspace(0, 1, len(curve))))
