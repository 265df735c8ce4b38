"""The plan of exercises, as text: what is trained, how often, and whether at home as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from mmcore.base.values import Evidence, Span
from mmcore.cohorts.rehab.recovery import EFFECTS, FIT, SESSIONS
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.sentences import Picker, Sentence, Wording, compose

Signs = tuple[Evidence, ...]

OPENING = ("Plan of exercises.", "Physiotherapy plan.", "Outpatient rehabilitation.", "Plan agreed with the patient.")
BALANCE = (
    "[Balance and symmetry training]: stance on one leg, weight shift to the weaker side.",
    "Emphasis on [balance and even steps]: mirror feedback, stepping over lines.",
    "[Training of symmetry]: equal step length to a metronome, wobble board.",
    "Focus: [balance exercises and weight transfer].",
)
STRENGTH = (
    "[Strength training of the calves]: heel raises, leg press.",
    "Emphasis on [push-off strength]: resistance band, stair climbing.",
    "[Training of leg strength]: squats, calf raises with weights.",
    "Focus: [strengthening of calf and thigh].",
)
OFTEN = {
    2: ("[Two sessions a week].", "[Twice a week] in the gym."),
    3: ("[Three sessions a week].", "[Three times a week] in the gym."),
    4: ("[Four sessions a week].", "[Four times a week] in the gym."),
    5: ("[Five sessions a week].", "[Daily on working days], in the gym."),
}
HOME = (
    "[Daily exercises at home] with a diary.",
    "[Home programme] of 20 minutes every day.",
    "[Exercises at home], too.",
)
NO_HOME = ("[No exercises at home].", "[Without a home programme].", "[Nothing to be done at home].")
ASIDE = (
    "Warm-up on the bicycle.",
    "Stretching at the end.",
    "Wears an ankle brace outdoors.",
    "Comes with the daughter.",
    "Next visit to the doctor in six weeks.",
    "Prefers mornings.",
)


def write_plans(
    state: pd.DataFrame, cases: range, seed: int, wording: Wording | None = None
) -> tuple[list[str], list[Signs]]:
    """Plans [N] and the evidence in each, as spans of characters; wording: see `compose`."""
    draw = Draws(cases, seed, topic=35, count=12)
    numbers, plans, evidence = draw.uniform(shape=(8,)), [], []
    for case, picks in zip(state.to_dict("records"), numbers, strict=True):
        plan, spans = compose(_sentences(case, Picker(picks)), wording)
        plans.append(plan)
        evidence.append(_evidence(case, spans))
    return plans, evidence


def _sentences(case: Mapping[Any, Any], pick: Picker) -> list[Sentence]:
    return [
        (pick(OPENING), ""),
        (pick(BALANCE if case["balance"] else STRENGTH), "what is trained"),
        (pick(OFTEN[case["sessions"]]), "sessions"),
        (pick(HOME if case["home"] else NO_HOME), "home exercises"),
        (pick(ASIDE), ""),
    ]


def _evidence(case: Mapping[Any, Any], spans: Mapping[str, tuple[Span, ...]]) -> Signs:
    """What moves the gain, in metres."""
    effects = {
        "what is trained": FIT if case["asymmetric"] == case["balance"] else -FIT,
        "sessions": EFFECTS["sessions"] * float(case["sessions"] - np.mean(SESSIONS)),
        "home exercises": EFFECTS["home exercises"] * (1 if case["home"] else -1),
    }
    return tuple(Evidence(name, spans[name], effect) for name, effect in effects.items())
