"""The built-in cohort `heart`: synthetic patients with a chest film, a note, an ECG and laboratory values.

No real person is in it. It is useful because two things are known: the probability of disease given the inputs of a
case, and where the evidence is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.languages import ENGLISH
from mmcore.base.settings import _
from mmcore.base.values import Evidence, InputSpec, Kind, Signal, Value
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.heart.ceiling import probability_given_inputs
from mmcore.cohorts.heart.chinese_note import WORDINGS
from mmcore.cohorts.heart.ecg import LEADS, RATE_HZ, draw_ecgs
from mmcore.cohorts.heart.labs import COLUMNS, draw_labs, find_evidence
from mmcore.cohorts.heart.note import breathless, write_notes
from mmcore.cohorts.heart.state import draw_state
from mmcore.cohorts.heart.xray import draw_xrays
from mmcore.cohorts.samples import sample
from mmcore.cohorts.schema import Schema
from mmcore.cohorts.synthetic.draws import draw_presence
from mmcore.cohorts.synthetic.generated import in_language, marked

VERSION = 1  # part of the fingerprint: raise it when the same seed gives other cases
CLASSES = ("no disease", "disease")
_MISSING = 0.10
_INPUTS = {
    "xray": InputSpec(name="xray", kind=Kind.IMAGE, columns=("xray",)),
    "note": InputSpec(name="note", kind=Kind.TEXT, columns=("note",)),
    "ecg": InputSpec(name="ecg", kind=Kind.SIGNAL, columns=("ecg",), rate_hz=RATE_HZ, unit="mV", channel_names=LEADS),
    "labs": InputSpec(name="labs", kind=Kind.TABLE, columns=tuple(column.name for column in COLUMNS), table=COLUMNS),
}


@dataclass(frozen=True, eq=False)
class HeartData:
    """Everything known of N synthetic cases; a missing input has a value here all the same, `present` tells.

    xrays [N, 128, 128] uint8; ecgs [N, 3, 1250] float32 in mV; present: input -> [N] bool; probability [N] of disease
    given the inputs a case has (given the whole state: `state.probability`); target [N] bool; evidence: case by case,
    input -> Evidence, for present inputs.
    """

    ids: list[str]
    xrays: np.ndarray
    notes: list[str]
    ecgs: np.ndarray
    labs: pd.DataFrame
    present: dict[str, np.ndarray]
    probability: np.ndarray
    target: np.ndarray
    state: pd.DataFrame
    evidence: list[dict[str, tuple[Evidence, ...]]]

    @property
    def table(self) -> pd.DataFrame:
        """One row a case: the laboratory values that are present, and the target."""
        table = self.labs.copy().set_axis(self.ids, axis=0)
        table.loc[~self.present["labs"]] = None
        return table.assign(disease=np.array(CLASSES, object)[self.target.astype(int)])


def generate(cases: int = 400, seed: int = 0, language: str = ENGLISH) -> HeartData:
    """Draw synthetic cases. Case i is the same for a seed, however many are drawn, whatever language its note is in.

    Raises BadInput for fewer than one case or a negative seed.
    """
    if cases < 1 or seed < 0:
        raise BadInput(
            _("Cannot draw {cases} cases with seed {seed}.").format(cases=cases, seed=seed),
            _("Ask for one case or more, and a seed of 0 or more."),
        )
    rows = range(cases)
    labs, risk, shares, frailty = draw_labs(rows, seed)
    state = draw_state(rows, seed, risk, frailty)
    female = (labs.sex == "female").to_numpy()
    xrays, on_film = draw_xrays(state, female, rows, seed)
    notes, in_note = write_notes(state, female, rows, seed, WORDINGS.get(language))
    ecgs, in_ecg = draw_ecgs(state, rows, seed)
    signs = {"xray": on_film, "note": in_note, "ecg": in_ecg, "labs": find_evidence(labs, shares)}
    present = draw_presence(tuple(_INPUTS), _MISSING, rows, seed, topic=8)
    evidence = [{name: of[row] for name, of in signs.items() if present[name][row] and of[row]} for row in rows]
    ids = [f"heart-{row + 1:04d}" for row in rows]
    probability = probability_given_inputs(state, labs, breathless(state, rows, seed), present)
    target = state.disease.to_numpy()
    return HeartData(ids, xrays, notes, ecgs, labs, present, probability, target, state, evidence)


@sample("heart", ("zh",))
def build(cases: int = 400, seed: int = 0, language: str = ENGLISH) -> Cohort:
    """The synthetic cohort with its evidence and its ceiling."""
    data = generate(cases, seed, language)
    ecgs = [Signal(ecg, float(RATE_HZ), LEADS, "mV") for ecg in data.ecgs]
    contents: dict[str, Sequence[Value]] = {"xray": list(data.xrays), "note": data.notes, "ecg": ecgs}
    values = {
        name: {id: value for id, value, there in zip(data.ids, content, data.present[name], strict=True) if there}
        for name, content in contents.items()
    }
    return Cohort.from_memory(
        in_language(_schema(), language),
        data.table,
        values,
        evidence=dict(zip(data.ids, data.evidence, strict=True)),
        ceiling_probability=data.probability,
        fingerprint=marked(f"heart-{VERSION}-{seed}", language),
    )


def _schema() -> Schema:
    return Schema(
        name="heart",
        title=_("Heart (synthetic)"),
        description=_(
            "Synthetic patients, generated by a program; none of them is real. Each has a chest film, a "
            "clinical note, a 3-lead ECG and laboratory values. Some evidence of disease is in one input only, "
            "some in two, and ST elevation means disease only together with chest pain. The true probability "
            "of disease is known for each case."
        ),
        inputs=_INPUTS,
        task="binary",
        target="disease",
        classes=CLASSES,
        licence="CC0-1.0",
        citation=_("Generated by Fusionscope; ECG after McSharry et al., IEEE Trans. Biomed. Eng. 50 (2003) 289-294."),
        synthetic=True,
    )
