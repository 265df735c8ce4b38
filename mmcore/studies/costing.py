"""What a run will cost before it is started: measured on a handful of cases, scaled to all of them."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import torch

from mmcore.cases import Tokens
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.encoders.loading import one_core
from mmcore.encoders.tokens import pad
from mmcore.errors import BadInput
from mmcore.features import encode_case
from mmcore.fusion import fusions
from mmcore.model import Model, build
from mmcore.runs import RunSpec
from mmcore.settings import _
from mmcore.studies.choices import task_of_cohort
from mmcore.studies.scored import readable
from mmcore.training import learnt_module

_CASES = 4  # measured on so many
_BYTES = 4


@dataclass(frozen=True)
class Cost:
    """seconds: training at most, if no replicate stops early. parameters: of one replicate, `learnt` of them in the
    encoders. megabytes: the weights of all replicates on disk. replicates: folds times seeds."""

    seconds: float
    parameters: int
    learnt: int
    megabytes: float
    replicates: int


def cost(cohort: Cohort, spec: RunSpec) -> Cost | None:
    """Cost of a run whose encoders learn; None where none does (it then takes seconds).

    Carries out a training step on a few cases of the cohort. Raises BadInput for a value that cannot be encoded.
    """
    encoders = spec.make_encoders()
    if not any(encoder.learns for encoder in encoders.values()):
        return None
    batch = {name: _some(cohort, name, encoder, spec) for name, encoder in encoders.items()}
    model = build(
        {name: tokens.values.shape[-1] for name, tokens in batch.items()},
        lambda: fusions[spec.fusion](spec.inputs, spec.training.width, **spec.fusion_options),
        task_of_cohort(cohort).outputs,
        {name: learnt_module(encoder) for name, encoder in encoders.items() if encoder.learns},
    )
    with one_core():
        _step(model, batch)
        started = time.perf_counter()
        _step(model, batch)
        per_case = (time.perf_counter() - started) / _CASES
    replicates = spec.folds * spec.seeds
    trained = len(cohort) * (1 - 1 / max(spec.folds, 2))
    cores = max(1, min(torch.get_num_threads(), replicates))
    parameters = sum(p.numel() for p in model.parameters())
    return Cost(
        seconds=per_case * trained * spec.training.epochs * replicates / cores,
        parameters=parameters,
        learnt=sum(p.numel() for p in model.learnt.parameters()),
        megabytes=parameters * _BYTES * replicates / 2**20,
        replicates=replicates,
    )


def _some(cohort: Cohort, name: str, encoder: Encoder, spec: RunSpec) -> Tokens:
    """Tokens [_CASES, N, D] of cases that have the input; what does not learn is as narrow as in training."""
    if not encoder.learns:
        return Tokens(torch.zeros(_CASES, 1, spec.training.components or 64), torch.ones(_CASES, 1, dtype=torch.bool))
    told = [encode_case(encoder, value).values[0] for value in readable(cohort, name, _CASES)]
    if not told:
        raise BadInput(_("No case of {input} can be read.").format(input=name), _("Check its column and files."))
    return pad([told[i % len(told)] for i in range(_CASES)])


def _step(model: Model, batch: dict[str, Tokens]) -> None:
    """Forward and backward, nothing changed."""
    model.train()
    loss = model(batch).outputs.square().mean()
    torch.autograd.grad(loss, [p for p in model.parameters() if p.requires_grad], allow_unused=True)


def told(seconds: float) -> str:
    """A time as people say it: "40 s", "12 min", "3.5 h"."""
    if seconds < 90:
        return f"{max(1, math.ceil(seconds)):d} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
