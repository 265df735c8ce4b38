"""What training takes of the machine's memory, how many replicates may therefore be at work, and where weights wait."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
import psutil
import torch
from torch import Tensor

from mmcore.base.errors import BadInput
from mmcore.base.settings import _, room
from mmcore.base.values import Tokens
from mmcore.training.loop import cases_at_once, noise_length
from mmcore.training.model import Model
from mmcore.training.replicates import Replicate
from mmcore.training.training_spec import TrainingSpec

FREE = 0.8  # share of the free memory that a run may take
TRANSIENT = 3  # tensors as large as the largest one that are alive beside what is saved for the way back
_BYTES = 4


@dataclass(frozen=True)
class MemoryNeed:
    """Bytes. weights: of one finished replicate. work: of one replicate while it trains: weights, gradients, optimiser,
    best weights so far, and what its largest step saves. data: what all replicates read."""

    weights: int
    work: int
    data: int = 0


@dataclass(frozen=True)
class Allotment:
    """How a run goes about its replicates. hand: bytes it may take. at_once: replicates at work at the same time, 0 if
    not even one fits; wanted: if there were enough memory. on_disk: finished ones wait in a file, not in memory. peak:
    bytes taken at most."""

    need: MemoryNeed
    hand: int
    at_once: int
    wanted: int
    on_disk: bool
    peak: int

    @property
    def refusal(self) -> BadInput | None:
        """Why the run cannot be carried out, None if it can."""
        if self.at_once:
            return None
        return BadInput(
            _(
                "One model of this run takes about {work} of memory while it trains; only {hand} are free for it."
            ).format(work=amount(self.need.work + self.need.data), hand=amount(self.hand)),
            _(
                "Take fewer cases per step, or a smaller encoder, switch fine-tuning off, or close other "
                "programs. MMCORE_MEMORY sets how much a run may take."
            ),
        )


def need(
    model: Model,
    batch: Mapping[str, Tokens],
    training: TrainingSpec,
    size: int,
    test: int,
    stacked: bool,
    data: int = 0,
) -> MemoryNeed:
    """Of a run of this model. batch: some cases [B, N, D] by input, as long as any. size: cases per step. test: cases
    to be answered. stacked: see `Loop`.

    What a step saves is measured on the batch and scaled to its size.
    """
    cases = len(next(iter(batch.values())).mask)
    weights = sum(p.numel() for p in model.parameters()) * _BYTES
    saved, largest = _saved(model, batch)
    step = size * (saved + TRANSIENT * largest) // cases
    answering = min(test, cases_at_once(size, stacked)) * TRANSIENT * largest // cases
    noise = noise_length(training, size) * _BYTES
    return MemoryNeed(weights, _copies(model, training) * weights + noise + max(step, answering), data)


def _copies(model: Model, training: TrainingSpec) -> int:
    """Numbers kept for each weight: itself, its best so far, its gradient twice, the optimiser's, and its pace."""
    scaled = any(getattr(module, "learning_rate_scale", 1.0) != 1.0 for module in model.modules())
    return 4 + (1 if training.optimiser == "sgd" else 2) + (2 if scaled else 0)


def _saved(model: Model, batch: Mapping[str, Tokens]) -> tuple[int, int]:
    """Bytes that a forward pass keeps for the way back, and those of the largest tensor among them."""
    own = {p.untyped_storage().data_ptr() for p in model.parameters()}
    saved: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            saved[storage.data_ptr()] = storage.nbytes()
        return tensor

    model.train()
    with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        model(batch)
    return sum(saved.values()), max(saved.values(), default=0)


def allot(need: MemoryNeed, replicates: int, wanted: int, device: torch.device) -> Allotment:
    """Fit a run into the memory at hand. wanted: replicates that would be at work if there were enough."""
    hand, finished = at_hand(device), replicates * need.weights
    at_once = min(wanted, max(0, hand - need.data) // max(need.work, 1))
    busy = need.data + max(at_once, 1) * need.work
    main = hand - busy if device.type == "cpu" else at_hand(torch.device("cpu"))
    on_disk = finished > main
    return Allotment(need, hand, at_once, wanted, on_disk, busy + (0 if on_disk or device.type != "cpu" else finished))


def at_hand(device: torch.device) -> int:
    """Bytes that a run may take: MMCORE_MEMORY ("6GB") if it is set, else most of what is free.

    Raises BadInput where MMCORE_MEMORY is no amount.
    """
    if given := os.environ.get("MMCORE_MEMORY"):
        from dask.utils import parse_bytes

        try:
            return parse_bytes(given)
        except ValueError as error:
            raise BadInput(
                _("MMCORE_MEMORY={given} is not an amount of memory.").format(given=given),
                _("Write it as 6GB or 500MB."),
            ) from error
    if device.type == "cuda":
        return int(FREE * torch.cuda.mem_get_info(device)[0])
    return int(FREE * min(psutil.virtual_memory().available, _left_in_container()))


def _left_in_container() -> float:
    """Bytes this process may still take where a container limits it (control groups, version 2)."""
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):  # no such file, or "max"
        return float("inf")
    return max(0, limit - psutil.Process().memory_info().rss)


def amount(size: float) -> str:
    """An amount as people say it: "40 MB", "3.2 GB"."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(1, round(size / 1e6))} MB"


class Finished:
    """Weights of all replicates by name, [R, ...]: those of a chunk are laid down as soon as it is done.

    on_disk: in a file without a name below the runs, which the system reads back when asked and which is gone with the
    last tensor. Raises BadInput if the disk has no room for it.
    """

    def __init__(self, replicates: Sequence[Replicate], on_disk: bool) -> None:
        self.rows = {(r.fold, r.seed): i for i, r in enumerate(replicates)}
        self.on_disk, self.lock = on_disk, threading.Lock()
        self.weights: dict[str, Tensor] = {}

    def lay(self, chunk: Sequence[Replicate], weights: Mapping[str, Tensor]) -> None:
        """weights: by name [chunk, ...]."""
        rows = torch.tensor([self.rows[r.fold, r.seed] for r in chunk])
        with self.lock:
            if not self.weights:
                self.weights = self._blank({name: tuple(value.shape[1:]) for name, value in weights.items()})
            for name, value in weights.items():
                self.weights[name][rows] = value.detach().cpu()

    def _blank(self, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Tensor]:
        whole = {name: (len(self.rows), *shape) for name, shape in shapes.items()}
        if not self.on_disk:
            return {name: torch.empty(shape) for name, shape in whole.items()}
        numbers = torch.from_numpy(_on_disk(sum(prod(shape) for shape in whole.values())))
        parts = numbers.split([prod(shape) for shape in whole.values()])
        return {name: part.view(shape) for (name, shape), part in zip(whole.items(), parts, strict=True)}


def _on_disk(count: int) -> np.ndarray:
    """So many float32 numbers in a file of their own; its place on the disk is taken at once."""
    folder, size = room("runs"), count * _BYTES
    with tempfile.TemporaryFile(dir=folder) as file:
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            else:
                file.truncate(size)
        except OSError as error:
            raise BadInput(
                _("{folder} has no room for the {size} of weights of this run.").format(
                    folder=folder, size=amount(size)
                ),
                _("Make room there, or train fewer seeds."),
            ) from error
        return np.memmap(file, np.float32, "r+", shape=(count,))
