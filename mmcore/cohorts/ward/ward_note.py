"""The note of the round: what was found and told, each said or denied in several ways, among what does not matter."""

from __future__ import annotations

import pandas as pd

from mmcore.base.values import Evidence
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.sentences import Picker, Sentence, Wording, compose
from mmcore.cohorts.ward.needs import SHARES, VITALS, effect_of

Signs = tuple[Evidence, ...]

OPENING = ("Ward round.", "Seen on the round.", "Day 3 on the ward.", "Morning round.", "Reviewed at the bedside.")
ASIDE = (
    "Slept well.",
    "Daughter will visit in the afternoon.",
    "Physiotherapy continues.",
    "Glasses are at home.",
    "Asks for a single room.",
    "Old scar on the left knee.",
)
# finding -> said, denied
PHRASES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "heart failure": (
        ("[Known heart failure].", "[Chronic heart failure, ejection fraction 30%].", "[Heart failure for years]."),
        ("[Heart healthy so far].", "[No heart failure], echo normal.", "[Normal heart on echo]."),
    ),
    "transfused": (
        (
            "[Red cells transfused this morning].",
            "[Transfusion running since 8].",
            "[Received two units of red cells].",
        ),
        ("[No blood products given].", "[Not transfused].", "[Without transfusion so far]."),
    ),
    "productive cough": (
        ("[Cough with yellow sputum].", "[Productive cough].", "[Coughs up green sputum]."),
        ("[No cough].", "[Denies cough and sputum].", "[Chest clear, does not cough]."),
    ),
    "orthopnoea": (
        ("[Cannot lie flat].", "[Sleeps on three pillows, breathless].", "[Orthopnoea]."),
        ("[Lies flat without trouble].", "[No orthopnoea].", "[Comfortable lying flat]."),
    ),
    "poor intake": (
        ("[Hardly drinks], dry tongue.", "[Vomits and keeps nothing down].", "[Poor oral intake] since yesterday."),
        ("[Eats and drinks well].", "[Good oral intake].", "[Finishes every meal]."),
    ),
    "bleeding": (
        ("[Black stools again].", "[Melaena overnight].", "[Blood in the stool]."),
        ("[No bleeding].", "[Stools brown, no blood].", "[No sign of blood loss]."),
    ),
}


def write_notes(
    state: pd.DataFrame, cases: range, seed: int, wording: Wording | None = None
) -> tuple[list[str], list[Signs]]:
    """Notes [N] and the evidence in each, as spans of characters; wording: see `compose`."""
    draw = Draws(cases, seed, topic=53, count=16)
    numbers, order = draw.uniform(shape=(9,)), draw.uniform()
    notes, evidence = [], []
    for case, picks, turn in zip(state.to_dict("records"), numbers, order, strict=True):
        pick = Picker(picks)
        sentences: list[Sentence] = [(pick(PHRASES[name][0 if case[name] else 1]), name) for name in PHRASES]
        first = int(turn * len(sentences))
        note, spans = compose([(pick(OPENING), ""), *sentences[first:], (pick(ASIDE), ""), *sentences[:first]], wording)
        notes.append(note)
        effects = {name: effect_of(name, case) for name in SHARES if name not in VITALS}
        evidence.append(tuple(Evidence(name, spans[name], x) for name, x in effects.items() if x))
    return notes, evidence
