"""Is an explanation right? One run's attention and attributions put to every test that can be made, case by case.

Tests: does it point at known evidence (`pointing`), does the model need what it points at (`faithfulness`), and does
attention agree with attributions that do not ask it (`agreement`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mmcore.base.values import Evidence, Place
from mmcore.explain.attribution import Attribution, attribute, attributors
from mmcore.explain.shapley import shapley
from mmcore.explain.tests.agreement import agreement, agreement_within
from mmcore.explain.tests.faithfulness import curves
from mmcore.explain.tests.pointing import overlaps, point
from mmcore.explain.token_weights import TokenWeights, token_weights
from mmcore.training.panel import PanelReading

ATTENTION, RANDOM = "attention", "random"
EVEN = "even"  # every input the same weight, every token of it the same share: what an idle attention would show
EVERYWHERE = ("integrated_gradients", "input_x_gradient", "occlusion")  # attributions that compare across inputs
WITHIN = ("grad_cam",)  # attributions of which only the places within one input compare, for images


@dataclass(frozen=True, eq=False)
class GroundTruth:
    """What is known of a case beforehand: places and evidence by input (evidence of synthetic cases only)."""

    places: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    evidence: Mapping[str, Sequence[Evidence]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class CaseScores:
    """What the tests say of the explanations of one case.

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


def score_explanations(
    reading: PanelReading,
    truths: Sequence[GroundTruth],
    *,
    attributions: Sequence[str] = EVERYWHERE,
    images: Sequence[str] = (),
    seed: int = 0,
) -> list[CaseScores]:
    """Put the explanations of B cases to the tests. images: inputs whose Grad-CAM is looked at too."""
    weights = token_weights(reading)
    within = [name for name in WITHIN if images]
    by_name = attribute(reading, [*attributions, *within])
    shares = shapley(reading)
    importance = {name: [attribution.values for attribution in by_name[name]] for name in attributions}
    if weights:
        importance = {ATTENTION: [attention.values for attention in weights], **importance}
    importance[EVEN] = [_even(reading.masks, b) for b in range(len(reading))]
    drawn = curves(reading, importance, seed=seed)
    scores = []
    for b, truth in enumerate(truths):
        attention = weights[b] if weights else None
        own = {name: each[b] for name, each in by_name.items()}
        agrees = {}
        if attention is not None:
            agrees = agreement(attention, {name: own[name] for name in attributions}, shares[b].values)
            agrees |= agreement_within(attention, {name: own[name] for name in within}, images)
        scores.append(
            CaseScores(
                level=attention.level if attention else None,
                pointing=_pointing(attention, own, truth, within, images),
                deletion={name: curve.deletion[b] for name, curve in drawn.items()},
                insertion={name: curve.insertion[b] for name, curve in drawn.items()},
                agreement=agrees,
                gap={name: own[name].gap for name in attributions if attributors[name].adds_up},
                shapley=shares[b].values,
                everywhere=_everywhere(truth),
            )
        )
    return scores


def _pointing(
    attention: TokenWeights | None,
    attributions: Mapping[str, Attribution],
    truth: GroundTruth,
    within: Sequence[str],
    images: Sequence[str],
) -> dict[str, dict[str, tuple[float, float]]]:
    maps = {name: attribution.values for name, attribution in attributions.items()}
    if attention and attention.level == "tokens":
        maps = {ATTENTION: attention.values, **maps}
    hits: dict[str, dict[str, tuple[float, float]]] = {}
    for name, values in maps.items():
        for input, each in values.items():
            if input not in truth.places or (name in within and input not in images):
                continue
            hit = point(each, truth.places[input], truth.evidence.get(input, ()))
            if hit is not None:
                hits.setdefault(name, {})[input] = hit
    return hits


def _everywhere(truth: GroundTruth) -> tuple[str, ...]:
    telling = {name: [sign for sign in truth.evidence.get(name, ()) if sign.effect] for name in truth.places}
    return tuple(
        name
        for name, places in truth.places.items()
        if telling[name] and all(any(overlaps(place, sign) for sign in telling[name]) for place in places)
    )


def _even(masks: Mapping[str, np.ndarray], b: int) -> dict[str, np.ndarray]:
    counts = {name: int(mask[b].sum()) for name, mask in masks.items() if mask[b].any()}
    return {name: np.full(count, 1 / count) for name, count in counts.items()}
