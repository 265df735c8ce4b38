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
from mmcore.features import encode_case
from mmcore.fusion import fusions
from mmcore.model import Model, build
from mmcore.runs import RunSpec
from mmcore.studies.choices import task_of_cohort
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
    """Tokens [_CASES, N, D] of cases that have the input; what does not learn is as narrow as it will be in training."""
    if not encoder.learns:
        return Tokens(torch.zeros(_CASES, 1, spec.training.components or 64), torch.ones(_CASES, 1, dtype=torch.bool))
    here = [id for id, present in zip(cohort.ids, cohort.present(name), strict=True) if present][:_CASES]
    told = [encode_case(encoder, cohort.value(id, name)) for id in here]
    longest = max(tokens.values.shape[1] for tokens in told)
    values, mask = torch.zeros(_CASES, longest, told[0].values.shape[2]), torch.zeros(_CASES, longest, dtype=torch.bool)
    for i in range(_CASES):
        tokens = told[i % len(told)]
        count = tokens.values.shape[1]
        values[i, :count], mask[i, :count] = tokens.values[0], tokens.mask[0]
    return Tokens(values, mask)


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
