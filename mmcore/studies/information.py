"""What kind of information a cohort holds: single inputs, pairs and all of them trained, and taken apart."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mmcore.base.capitals import capitalised
from mmcore.base.errors import BadInput
from mmcore.base.progress import Progress, silent
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.explain.information import Information, Pair
from mmcore.explain.information import information as take_apart
from mmcore.runs import Run, RunSpec
from mmcore.studies.encoder_choice import Choices
from mmcore.studies.lattice import chosen_inputs, plan_subsets, train_subsets
from mmcore.studies.study_settings import DEFAULTS, StudySettings

MOST = 6  # inputs that are taken apart in pairs
TASKS = ("binary", "multiclass", "regression")  # of which information is defined here
FUSION = "mlp"
SHOWN = 0.01  # bits that the interval of a part must exceed for it to be told


@dataclass(frozen=True, eq=False)
class InformationStudy:
    """information: see mmcore.explain.information. runs: by inputs. fusion: what pairs and all were fused with."""

    cohort: Cohort
    fusion: str
    information: Information
    runs: dict[tuple[str, ...], Run]

    def document(self) -> dict[str, Any]:
        """Bits of the target: of every input alone, of every pair taken apart, and of all inputs together."""
        bits = self.information
        return {
            "cohort": self.cohort.name,
            "fusion": self.fusion,
            "cases": bits.cases,
            "entropy": bits.entropy,
            "alone": {name: asdict(alone) for name, alone in bits.alone.items()},
            "pairs": [_pair(pair) for pair in bits.pairs],
            "whole": None if bits.whole is None else asdict(bits.whole),
            "limits": _(
                "These are lower bounds: information that the models did not find is not counted, synergy "
                "above all. Redundant is what either input alone tells, whether or not the two look alike. "
                "Only pairs are analysed."
            ),
        }


def information(
    cohort: Cohort,
    encoders: Choices | None = None,
    settings: StudySettings = DEFAULTS,
    *,
    fusion: str = FUSION,
    inputs: Sequence[str] | None = None,
    progress: Progress = silent,
) -> InformationStudy:
    """Train every input alone, every pair and all inputs with one fusion, and tell what is unique, shared, synergistic.

    inputs: at least two, at most six; all usable ones by default. Take a fusion that can express an exclusive or (see
    its `can`), or synergy cannot be found. Raises NotFound for a wrong name, BadInput for too few or too many inputs
    and for several labels or a time to an event, and what `plan` and `train` raise.
    """
    runs = train_subsets(cohort, information_specs(cohort, encoders, settings, fusion=fusion, inputs=inputs), progress)
    first = next(iter(runs.values()))
    cases = first.out_of_fold
    outputs = {some: run.out_of_fold.outputs for some, run in runs.items()}
    bits = take_apart(first.spec.task, cases.target, outputs, first.fold_of, cases.groups)
    return InformationStudy(cohort, fusion, bits, runs)


def information_specs(
    cohort: Cohort,
    encoders: Choices | None = None,
    settings: StudySettings = DEFAULTS,
    *,
    fusion: str = FUSION,
    inputs: Sequence[str] | None = None,
) -> dict[tuple[str, ...], RunSpec]:
    """The runs that `information` trains or reads, by the inputs they read. Raises as it does."""
    names = chosen_inputs(cohort, inputs, MOST)
    if cohort.schema.task not in TASKS:
        raise BadInput(
            _("Kinds of information can be estimated only where each case has a single class or value."),
            _("Choose a target column of classes or numbers."),
        )
    sets: list[tuple[str, ...]] = [*((name,) for name in names), *itertools.combinations(names, 2)]
    sets += [tuple(names)] if len(names) > 2 else []
    return plan_subsets(cohort, sets, fusion, encoders, settings)


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "inputs": list(pair.inputs),
        "unique": {name: asdict(bits) for name, bits in zip(pair.inputs, pair.unique, strict=True)},
        "redundant": asdict(pair.redundant) | {"least": pair.least, "most": pair.most},
        "synergistic": asdict(pair.synergistic),
        "both": asdict(pair.both),
        "text": _text(pair),
    }


def _text(pair: Pair) -> str:
    """What can be shown of a pair, in words."""
    first, second = pair.inputs
    sentences = [
        _("{input} tells {bits:.2f} bits that {other} does not.").format(input=input, other=other, bits=part.mean)
        for input, other, part in ((first, second, pair.unique[0]), (second, first, pair.unique[1]))
        if part.low > SHOWN
    ]
    if pair.redundant.low > SHOWN:
        sentences.append(
            _("{bits:.2f} bits can be had from either of them, {first} or {second}.").format(
                first=first, second=second, bits=pair.redundant.mean
            )
        )
    if pair.synergistic.low > SHOWN:
        sentences.append(
            _("{first} and {second} together tell {bits:.2f} bits that neither tells alone.").format(
                first=first, second=second, bits=pair.synergistic.mean
            )
        )
    return " ".join(map(capitalised, sentences)) or _(
        "These cases do not show what {first} and {second} tell, alone or together."
    ).format(first=first, second=second)
