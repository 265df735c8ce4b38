"""What a run will cost before it is started: measured on a handful of cases, scaled to all of them."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from mmcore.base.errors import BadInput
from mmcore.base.settings import _, counted
from mmcore.base.values import Tokens
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.encoders.loading import one_core
from mmcore.encoders.tokens import pad
from mmcore.features import encode_case
from mmcore.fusion import fusions
from mmcore.runs import RunSpec
from mmcore.studies.encoder_timing import readable
from mmcore.studies.planning import task_of_cohort
from mmcore.training import learnt_module
from mmcore.training.memory import Allotment, allot, amount, need
from mmcore.training.model import Model, build
from mmcore.training.workers import hands

WORTH_TELLING = 60.0  # seconds from which a run is announced first
_CASES = 4  # measured on so many
_BYTES = 4
_FOLDS = 3  # that training holds ready at most, of inputs that look different from each


@dataclass(frozen=True)
class Cost:
    """seconds: training at most, if no replicate stops early. parameters: of one replicate, `learnt` of them in the
    encoders. megabytes: the weights of all replicates on disk. replicates: folds times seeds. memory: an estimate of
    what training takes at most, and how many replicates are at work at once for it to fit."""

    seconds: float
    parameters: int
    learnt: int
    megabytes: float
    replicates: int
    memory: Allotment

    @property
    def notable(self) -> bool:
        """Whether it is worth a word before the run starts."""
        return self.seconds > WORTH_TELLING or bool(self.memory.refusal or self.sparing())

    def sentence(self) -> str:
        """Time and memory in words."""
        sentence = counted(
            self.replicates,
            "Up to {time} of training and about {memory} of memory for {count} model (one for each fold and seed).",
            "Up to {time} of training and about {memory} of memory for {count} models (one for each fold and seed).",
            time=time_in_words(self.seconds),
            memory=amount(self.memory.peak),
        )
        return f"{sentence} {self.sparing()}".strip()

    def sparing(self) -> str:
        """How training keeps within the memory at hand; "" if there is enough of it, or far too little."""
        if self.memory.refusal:
            return ""
        sentences = []
        if self.memory.at_once < self.memory.wanted:
            sentences.append(
                _(
                    "Models are trained {count} at a time, because more do not fit into the {hand} of free memory."
                ).format(count=self.memory.at_once, hand=amount(self.memory.hand))
            )
        if self.memory.on_disk:
            sentences.append(_("The weights of finished models are stored on disk."))
        return " ".join(sentences)


def cost(cohort: Cohort, spec: RunSpec) -> Cost | None:
    """Cost of a run whose encoders learn; None where none does (it then takes seconds).

    Carries out a training step on a few cases of the cohort. Raises BadInput for a value that cannot be encoded.
    """
    encoders = spec.make_encoders()
    if not any(encoder.trains_in_run for encoder in encoders.values()):
        return None
    batch = {name: _some(cohort, name, encoder, spec) for name, encoder in encoders.items()}
    model = build(
        {name: tokens.values.shape[-1] for name, tokens in batch.items()},
        lambda: fusions[spec.fusion](spec.inputs, spec.training.width, **spec.fusion_options),
        task_of_cohort(cohort).outputs,
        {name: learnt_module(encoder) for name, encoder in encoders.items() if encoder.trains_in_run},
    )
    with one_core():
        _step(model, batch)
        started = time.perf_counter()
        _step(model, batch)
        per_case = (time.perf_counter() - started) / _CASES
    replicates = spec.folds * spec.seeds
    trained = len(cohort) * (1 - 1 / max(spec.folds, 2))
    device, side = hands()
    size = max(1, min(spec.training.batch_size, math.ceil(trained)))
    test = math.ceil(len(cohort) / max(spec.folds, 2))
    takes = need(model, batch, spec.training, size, test, False, _data(cohort, spec, encoders, batch))
    memory = allot(takes, replicates, min(side, replicates), device)
    parameters = sum(p.numel() for p in model.parameters())
    return Cost(
        seconds=per_case * trained * spec.training.epochs * replicates / max(memory.at_once, 1),
        parameters=parameters,
        learnt=sum(p.numel() for p in model.learnt.parameters()),
        megabytes=parameters * _BYTES * replicates / 2**20,
        replicates=replicates,
        memory=memory,
    )


def _data(cohort: Cohort, spec: RunSpec, encoders: Mapping[str, Encoder], batch: Mapping[str, Tokens]) -> int:
    """Bytes of the features that training holds; raw values are the same for all folds."""
    whole = 0
    for name, encoder in encoders.items():
        __, length, width = batch[name].values.shape
        fixed = encoder.raw and not encoder.fits_on_fold
        each = np.dtype(encoder.dtype).itemsize if fixed else _BYTES * min(spec.folds, _FOLDS)
        whole += len(cohort) * (1 + spec.copies) * length * width * each
    return whole


def _some(cohort: Cohort, name: str, encoder: Encoder, spec: RunSpec) -> Tokens:
    """Tokens [_CASES, N, D] of cases that have the input; what does not learn is as narrow as in training."""
    if not encoder.trains_in_run:
        return Tokens(torch.zeros(_CASES, 1, spec.training.components or 64), torch.ones(_CASES, 1, dtype=torch.bool))
    values = [encode_case(encoder, value).values[0] for value in readable(cohort, name, _CASES)]
    if not values:
        raise BadInput(_("No case of {input} can be read.").format(input=name), _("Check its column and files."))
    tokens = pad([values[i % len(values)] for i in range(_CASES)])
    part = encoder.fit(_Few(tokens), np.arange(_CASES), None) if encoder.fits_on_fold else None
    return tokens if part is None else part(tokens)


@dataclass(frozen=True, eq=False)
class _Few:
    """These tokens as the features of a cohort."""

    all: Tokens

    @property
    def dims(self) -> int:
        return self.all.values.shape[-1]

    @property
    def counts(self) -> np.ndarray:
        counts: np.ndarray = self.all.mask.sum(1).numpy()
        return counts

    def tokens(self, rows: Sequence[int] | np.ndarray | None = None) -> Tokens:
        chosen = np.arange(len(self.all.mask)) if rows is None else np.asarray(rows)
        return Tokens(self.all.values[chosen], self.all.mask[chosen])


def _step(model: Model, batch: dict[str, Tokens]) -> None:
    """Forward and backward, nothing changed."""
    model.train()
    loss = model(batch).outputs.square().mean()
    torch.autograd.grad(loss, [p for p in model.parameters() if p.requires_grad], allow_unused=True)


def time_in_words(seconds: float) -> str:
    """A time as people say it: "40 s", "12 min", "3.5 h"."""
    if seconds < 90:
        return f"{max(1, math.ceil(seconds)):d} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
