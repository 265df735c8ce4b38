"""The clinical note: a few English sentences, with the place of every telling phrase kept while composing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mmcore.base.values import Evidence, Span
from mmcore.cohorts.heart import phrases
from mmcore.cohorts.heart.state import EFFECTS, interaction
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.sentences import Picker, Sentence, Wording, compose

BREATHLESS = {True: 0.90, False: 0.08}  # share of patients with and without an enlarged heart who complain of breath
_MENTIONED = {
    "opening": 0.50,
    "no chest pain": 0.60,
    "not breathless": 0.45,
    "no family history": 0.35,
    "medication": 0.40,
    "irrelevant": 0.55,
}
_ASIDE = {"medication": phrases.MEDICATION, "irrelevant": phrases.IRRELEVANT}
_LONGEST = 6  # sentences

Signs = tuple[Evidence, ...]


def write_notes(
    state: pd.DataFrame, female: np.ndarray, cases: range, seed: int, wording: Wording | None = None
) -> tuple[list[str], list[Signs]]:
    """Notes [N] and the evidence in each, as spans of characters; wording: see `compose`."""
    draw = Draws(cases, seed, topic=7, count=40)
    complains = _complains(draw, state)
    luck = {name: draw.happens(share) for name, share in _MENTIONED.items()}
    pick, order = draw.uniform(shape=(16,)), draw.uniform(shape=(8,))
    notes, evidence = [], []
    for row, case in enumerate(state.assign(breathless=complains, female=female).itertuples()):
        mentioned = {name for name, drawn in luck.items() if drawn[row]}
        note, spans = compose(_sentences(case, mentioned, Picker(pick[row]), order[row]), wording)
        notes.append(note)
        evidence.append(_evidence(case, spans))
    return notes, evidence


def breathless(state: pd.DataFrame, cases: range, seed: int) -> np.ndarray:
    """[N] bool: whose note tells of breathlessness; the same for a seed as in `write_notes`."""
    return _complains(Draws(cases, seed, topic=7, count=1), state)


def _complains(draw: Draws, state: pd.DataFrame) -> np.ndarray:
    return draw.happens(np.where(state.enlarged_heart, BREATHLESS[True], BREATHLESS[False]))


def _sentences(case: Any, mentioned: set[str], pick: Picker, order: np.ndarray) -> list[Sentence]:
    """Complaint first, the rest in an order of its own; what is beside the point gives way when the note grows long."""
    complaint = [(pick(phrases.CHEST_PAIN), "chest pain")] if case.chest_pain else [(pick(phrases.OTHER_COMPLAINT), "")]
    opening = [(pick(phrases.OPENING[bool(case.female)]), "")] if "opening" in mentioned else []
    sentences: list[Sentence] = []
    if not case.chest_pain and "no chest pain" in mentioned:
        sentences.append((pick(phrases.NO_CHEST_PAIN), "no chest pain"))
    if case.breathless:
        sentences.append((pick(phrases.BREATHLESS), "breathlessness"))
    elif "not breathless" in mentioned:
        sentences.append((pick(phrases.NOT_BREATHLESS), ""))
    if case.family_history:
        sentences.append((pick(phrases.FAMILY), "family history"))
    elif "no family history" in mentioned:
        sentences.append((pick(phrases.NO_FAMILY), ""))
    if case.exertional_leg_pain:
        sentences.append((pick(phrases.LEGS), "exertional leg pain"))
    aside = [(pick(texts), "") for name, texts in _ASIDE.items() if name in mentioned]
    if len(complaint + sentences + aside) < 2:
        aside = [(pick(phrases.IRRELEVANT), "")]
    rest = (sentences + aside)[: _LONGEST - 1]
    rest = [rest[i] for i in np.argsort(order[: len(rest)], kind="stable")]
    return (opening + complaint + rest) if len(rest) < _LONGEST - 1 else complaint + rest


def _evidence(case: Any, spans: dict[str, tuple[Span, ...]]) -> Signs:
    """What moves the target: chest pain or its denial only with ST elevation, breathlessness only with a large heart.

    The effect of a denial is the log-odds lost against a patient with chest pain.
    """
    swing = float(interaction(True, True) - interaction(True, False))
    effects = {"family history": EFFECTS["family history"], "exertional leg pain": EFFECTS["exertional leg pain"]}
    if case.ST_elevation:
        effects |= {"chest pain": swing, "no chest pain": -swing}
    if case.enlarged_heart:
        effects["breathlessness"] = EFFECTS["enlarged heart"]
    return tuple(Evidence(name, spans[name], effects[name]) for name in effects if name in spans)
