"""Cases read and encoded, a few at a time: files of the next ones are read while these are computed."""

from __future__ import annotations

import itertools
import logging
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from mmcore.augmentation import Augmentation, augmented, seed_of
from mmcore.base.errors import BadInput, MMError
from mmcore.base.languages import in_this_language
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Signal, Value
from mmcore.encoders.base import Encoder
from mmcore.encoders.loading import one_core

if TYPE_CHECKING:
    from mmcore.cohorts import Cohort

TOGETHER = 8  # cases encoded in one call at most
_BYTES = 16 * 2**20  # of values in one call, so that large ones come in fewer at a time
_AHEAD = 2  # calls made ready for every core
_CORES = 8  # used at most
_log = logging.getLogger(__name__)

Wanted = tuple[str, str]  # id of a case, digest of its value


@dataclass
class Part:
    """What came of so many cases: digest -> tokens [n, D] in the type kept on disk, or -> why it was set aside."""

    cases: int
    bytes: int = 0  # of the values that were read
    tokens: dict[str, np.ndarray] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Work:
    """Which values are encoded, and how.

    copy: 0 encodes the values as they are; from 1 on each is augmented by a chance of its own content and copy.
    """

    cohort: Cohort
    input: str
    encoder: Encoder
    augmentations: tuple[Augmentation, ...] = ()
    copy: int = 0

    def read(self, wanted: Sequence[Wanted]) -> tuple[dict[str, Value], Part]:
        """Digest -> value, and the part with why others could not be read."""
        values, part = {}, Part(len(wanted))
        for id, digest in wanted:
            try:
                value = self.cohort.value(id, self.input)
                if value is not None:
                    values[digest] = self._varied(value, digest)
                    part.bytes += _bytes(value)
            except Exception as error:  # one case never sinks a cohort
                part.reasons[digest] = _reason(self.encoder, error)
        return values, part

    def _varied(self, value: Value, digest: str) -> Value:
        if not (self.copy and self.augmentations):
            return value
        return augmented(value, self.augmentations, seed_of(digest, self.augmentations, self.copy))

    def encode(self, values: Mapping[str, Value], part: Part) -> Part:
        """Where a call fails its cases are tried one by one, to set aside only what must be."""
        if not values:
            return part
        try:
            part.tokens |= zip(values, encoded(self.encoder, list(values.values())), strict=True)
        except Exception as error:  # networks and libraries raise almost anything for a value they cannot take
            if len(values) == 1:
                part.reasons[next(iter(values))] = _reason(self.encoder, error)
                return part
            for digest, value in values.items():
                self.encode({digest: value}, part)
        return part


def _bytes(value: Value) -> int:
    held = value.samples if isinstance(value, Signal) else value
    return getattr(held, "nbytes", None) or len(held)


def _reason(encoder: Encoder, error: Exception) -> str:
    if isinstance(error, MMError):
        return str(error)
    _log.error("encoder '%s' failed on a case", encoder.name, exc_info=error)
    return _("Encoder '{name}' failed on this value ({reason}).").format(
        name=encoder.name, reason=(str(error).splitlines() or [type(error).__name__])[0][:160]
    )


def carry_out(work: Work, wanted: Iterable[Wanted], cores: int = 0) -> Iterator[Part]:
    """What comes of these cases, a few at a time and in order; close the iterator to stop early.

    A bounded number of values is in memory, whatever their size. cores: calls side by side, each on one core; 0 takes
    what the machine has.
    """
    cores, wanted, size = cores or min(_CORES, _cores_here()), iter(wanted), 1
    waiting: deque[Future[Part]] = deque()
    readers, computers = ThreadPoolExecutor(cores, "read"), ThreadPoolExecutor(cores, "encode")
    read = in_this_language(work.read)
    encode = in_this_language(lambda values: work.encode(*values.result()))
    try:
        while few := list(itertools.islice(wanted, size)):
            values = readers.submit(read, few)
            if size == 1:
                size = _size(values.result()[1])
            waiting.append(computers.submit(encode, values))
            if len(waiting) >= _AHEAD * cores:
                part = waiting.popleft().result()
                size = _size(part)
                yield part
        while waiting:
            yield waiting.popleft().result()
    finally:
        for pool in (readers, computers):
            pool.shutdown(wait=True, cancel_futures=True)


def _size(part: Part) -> int:
    """How many values like these may be in one call."""
    return max(1, min(TOGETHER, _BYTES * part.cases // max(part.bytes, 1)))


def _cores_here() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(eq=False)
class Parcel:
    """Work on its way to another process: the encoder as its name and options, its weights are loaded there."""

    cohort: Cohort
    input: str
    part: type[Encoder]
    spec: InputSpec
    options: dict[str, Any]
    augmentations: tuple[Augmentation, ...]
    copy: int

    @classmethod
    def of(cls, work: Work) -> Parcel:
        part = type(work.encoder)
        return cls(
            work.cohort, work.input, part, work.encoder.spec, work.encoder.options(), work.augmentations, work.copy
        )

    @cached_property
    def work(self) -> Work:
        encoder = self.part(self.spec, **self.options)
        encoder.ready()
        return Work(self.cohort, self.input, encoder, self.augmentations, self.copy)


def encode_there(parcel: Parcel, wanted: Sequence[Wanted]) -> Part:
    """All of these cases on one core of a cluster's worker. The tokens go back; nothing is kept there."""
    whole = Part(len(wanted))
    try:
        work = parcel.work
    except MMError as error:
        whole.reasons = {digest: str(error) for _id, digest in wanted}
        return whole
    for part in carry_out(work, wanted, cores=1):
        whole.tokens |= part.tokens
        whole.reasons |= part.reasons
    return whole


def encoded(encoder: Encoder, values: Sequence[Value]) -> list[np.ndarray]:
    """Valid tokens [n_i, D] of each value, in the encoder's type on disk. Raises BadInput."""
    with one_core():
        tokens = encoder.prepare(values)
    if not torch.isfinite(tokens.values).all():
        raise BadInput(
            _("Encoder '{name}' gave numbers that are not finite.").format(name=encoder.name),
            _("Check the value for extremes."),
        )
    limit = float(np.finfo(encoder.dtype).max)
    numbers = tokens.values.clamp(-limit, limit).numpy()
    return [case[mask].astype(encoder.dtype) for case, mask in zip(numbers, tokens.mask.numpy(), strict=True)]
