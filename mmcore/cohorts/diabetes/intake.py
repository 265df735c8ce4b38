"""The note of a first visit: work, family, movement. Places of telling phrases are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mmcore.base.values import Evidence, Span
from mmcore.cohorts.diabetes.onset import EFFECTS, together
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.sentences import Picker, Sentence, Wording, compose

Signs = tuple[Evidence, ...]

OPENING = (
    "First visit.",
    "Seen for a check of glucose.",
    "Came after a screening at work.",
    "Sent by the family doctor.",
)
NIGHT_WORK = (
    "[Works night shifts as a nurse], eats at two in the morning.",
    "[On permanent night duty] in a warehouse, with a warm meal at night.",
    "[Drives a lorry at night] and sleeps by day.",
    "[Night watchman], has supper at three.",
)
DAY_WORK = (
    "[Works by day in an office], asleep by eleven.",
    "[Teacher], sleeps through the night.",
    "[Retired, goes to bed early], no meals at night.",
    "[Runs a flower shop by day], sound sleep.",
)
FAMILY = (
    "[Mother and brother have type 2 diabetes].",
    "[Father had diabetes from the age of 50].",
    "Family history: [two sisters on metformin].",
)
NO_FAMILY = ("[No diabetes in the family].", "[Parents without diabetes].", "Family history: [nothing of note].")
WALKS = ("[Walks for an hour every day].", "[Cycles to work all year].", "[Swims three times a week].")
SITS = ("[Hardly moves during the week].", "[Sits all day, no sports].", "[Takes the car for every errand].")
ASIDE = (
    "Takes thyroxine.",
    "Glasses for reading.",
    "Allergic to pollen.",
    "Lives with a partner and a dog.",
    "Had the gallbladder removed.",
    "Likes to cook.",
)


def write_intake(
    state: pd.DataFrame, cases: range, seed: int, wording: Wording | None = None
) -> tuple[list[str], list[Signs]]:
    """Notes [N] and the evidence in each, as spans of characters; wording: see `compose`."""
    draw = Draws(cases, seed, topic=43, count=8)
    numbers, notes, evidence = draw.uniform(shape=(6,)), [], []
    for case, picks in zip(state.to_dict("records"), numbers, strict=True):
        note, spans = compose(_sentences(case, Picker(picks)), wording)
        notes.append(note)
        evidence.append(_evidence(case, spans))
    return notes, evidence


def _sentences(case: Mapping[Any, Any], pick: Picker) -> list[Sentence]:
    return [
        (pick(OPENING), ""),
        (pick(NIGHT_WORK if case["works_at_night"] else DAY_WORK), "work"),
        (pick(FAMILY if case["family_history"] else NO_FAMILY), "family history" if case["family_history"] else ""),
        (pick(WALKS if case["walks_daily"] else SITS), "walks daily" if case["walks_daily"] else ""),
        (pick(ASIDE), ""),
    ]


def _evidence(case: Mapping[Any, Any], spans: Mapping[str, tuple[Span, ...]]) -> Signs:
    """When somebody works counts only where glucose rises at night."""
    effects = {name: EFFECTS[name] for name in ("family history", "walks daily")}
    if case["rise_at_night"]:
        swing = float(together(True, True) - together(True, False))
        effects["work"] = swing if case["works_at_night"] else -swing
    return tuple(Evidence(name, spans[name], effect) for name, effect in effects.items() if name in spans)
