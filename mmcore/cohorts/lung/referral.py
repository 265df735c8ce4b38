"""The report: why the scan was asked for, what a chest film before it suspected, and what changed since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from mmcore.base.values import Evidence, Span
from mmcore.cohorts.lung.nodules import EFFECTS, GROWTH, together
from mmcore.cohorts.synthetic.draws import Draws
from mmcore.cohorts.synthetic.sentences import Picker, Sentence, Wording, compose

Signs = tuple[Evidence, ...]
_SUSPECTED_SHOWS = 1.7  # log-odds that a suspicion on the film adds to there being a nodule

OPENING = ("CT of the chest.", "Request for CT of the thorax.", "Chest CT without contrast.", "Low-dose chest CT.")
SUSPECTED = (
    "Chest film: [rounded opacity in the {side} lung, {depth}].",
    "On the film [a focal density projects over the {side} lung, {depth}].",
    "[Suspected lesion, {side} lung, {depth}], on last week's film.",
    "[New shadow in the {side} lung, {depth}], seen on the chest film.",
)
CLEAR = (
    "Chest film without focal lesion.",
    "No opacity on the chest film.",
    "Film of last week unremarkable.",
    "The chest film shows clear lungs.",
)
GROWN = (
    "[Grown from 6 to 10 mm within a year].",
    "Compared with the CT of last spring [clearly larger].",
    "[Doubled in size since the previous scan].",
    "[Increasing in diameter over three scans].",
)
UNCHANGED = (
    "[Unchanged for two years].",
    "Compared with earlier CTs [stable in size].",
    "[Same size as three years ago].",
    "[No growth since the first scan in 2019].",
)
NOT_COMPARED = ("No earlier CT.", "Earlier scans not available.", "First CT.")
INFECTION = (
    "[Cough and fever for two weeks].",
    "[Productive cough with yellow sputum and a temperature of 38.9].",
    "[Recent pneumonia, still feverish].",
    "[Chills, fever and purulent sputum] since Monday.",
)
NO_INFECTION = (
    "[Found by chance], feels well.",
    "[Feels perfectly healthy], scanned in a screening programme.",
    "[Incidental finding] before a knee operation.",
    "[Well and afebrile], seen for a check-up.",
)
LOSS = (
    "[Lost 9 kg in three months] without trying.",
    "[Unintended weight loss and night sweats].",
    "[Weight loss and poor appetite] since winter.",
)
ASIDE = (
    "Metformin for diabetes.",
    "Retired welder.",
    "Hip replacement in 2015.",
    "Allergic to iodine.",
    "Plays in a brass band.",
    "Reflux, treated.",
    "Lives alone with a cat.",
    "Hypertension, well controlled.",
)


def write_reports(
    state: pd.DataFrame, spots: pd.DataFrame, cases: range, seed: int, wording: Wording | None = None
) -> tuple[list[str], list[Signs]]:
    """Reports [N] and the evidence in each, as spans of characters; wording: see `compose`."""
    draw = Draws(cases, seed, topic=25, count=20)
    numbers, aside = draw.uniform(shape=(10,)), draw.happens(0.6)
    reports, evidence = [], []
    rows = zip(state.to_dict("records"), spots.to_dict("records"), numbers, aside, strict=True)
    for case, spot, picks, also in rows:
        report, spans = compose(_sentences(case, spot, Picker(picks), bool(also)), wording)
        reports.append(report)
        evidence.append(_evidence(case, spans))
    return reports, evidence


def _sentences(case: Mapping[Any, Any], spot: Mapping[Any, Any], pick: Picker, also: bool) -> list[Sentence]:
    """A film's suspicion names the place of the nodule, or where there is none of a vessel that looks like one."""
    sentences: list[Sentence] = [(pick(OPENING), "")]
    if case["suspected"]:
        right = bool(spot["right"]) == bool(case["nodule"])  # the first lookalike lies in the other lung
        where = {"side": "right" if right else "left", "depth": "towards the back" if spot["back"] else "in front"}
        sentences.append((pick(SUSPECTED).format(**where), "suspected on the film"))
    else:
        sentences.append((pick(CLEAR), ""))
    growth = case["growth"] if case["nodule"] else "unknown"
    texts = {"grown": GROWN, "unchanged": UNCHANGED, "unknown": NOT_COMPARED}[growth]
    sentences.append((pick(texts), "" if growth == "unknown" else growth))
    sentences.append((pick(INFECTION), "infection") if case["infection"] else (pick(NO_INFECTION), "no infection"))
    if case["weight_loss"]:
        sentences.append((pick(LOSS), "weight loss"))
    return [*sentences, (pick(ASIDE), "")] if also else sentences


def _evidence(case: Mapping[Any, Any], spans: Mapping[str, tuple[Span, ...]]) -> Signs:
    """What moves the target: signs of infection, or that there are none, count with a halo only."""
    effects = {"suspected on the film": _SUSPECTED_SHOWS}
    if case["nodule"]:
        effects |= {"weight loss": EFFECTS["weight loss"], "grown": GROWTH["grown"], "unchanged": GROWTH["unchanged"]}
        if case["halo"]:
            swing = float(together(True, True) - together(True, False))
            effects |= {"infection": swing, "no infection": -swing}
    return tuple(Evidence(name, spans[name], effect) for name, effect in effects.items() if name in spans)
