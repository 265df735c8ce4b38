"""Encoders run over a cohort, once: what is known is read from shards keyed by encoder and content of the value."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import torch

from mmcore.augmentation import Augmentation, identity_of
from mmcore.base.errors import MMError
from mmcore.base.progress import Pace, Progress, Step, silent
from mmcore.base.settings import _, room
from mmcore.base.values import Tokens, Value
from mmcore.encoders.base import Encoder
from mmcore.features.features import Features
from mmcore.features.work import Parcel, Part, Wanted, Work, carry_out, encode_there, encoded
from mmcore.jobs import cluster
from mmcore.storage.shards import Shelf

if TYPE_CHECKING:
    from mmcore.cohorts import Cohort

SHARD_BYTES = 16 * 2**20
SHARD_SECONDS = 10.0  # work lost at most when the process is killed
SENT = 32  # cases that a worker of a cluster is given at once


def encode(
    cohort: Cohort,
    input: str,
    encoder: Encoder,
    *,
    augmentations: Sequence[Augmentation] = (),
    copy: int = 0,
    progress: Progress = silent,
) -> Features:
    """Tokens of one input for every case of a cohort, from the cache where they are known.

    Work is kept shard by shard, so a second call goes on where a killed one stopped. A case that cannot be read or
    encoded is set aside in `failed`; the others go on. The work is shared out among the workers of a cluster where
    there is one; they need to see the cohort's files, not this machine's cache. Raises what `progress` raises, after
    keeping what is done.

    copy: 0 takes the values as they are; copies 1, 2, ... are augmented, each in its own way, and kept apart.
    """
    started = time.perf_counter()
    work = Work(cohort, input, encoder, tuple(augmentations) if copy else (), copy if augmentations else 0)
    shelf = Shelf(room("features") / _shelf_name(work), encoder.dims, encoder.dtype)
    digests, failed = _digests(cohort, input, progress)
    shelf.check(digests.values())
    owners = {digest: id for id, digest in reversed(digests.items())}  # cases with the same value are encoded once
    todo = [(id, digest) for digest, id in reversed(owners.items()) if digest not in shelf.entries]
    computed, reasons = _fill(shelf, work, todo, progress) if todo else (0, {})
    failed |= {id: reasons[digest] for id, digest in digests.items() if digest in reasons}
    return replace(_features(work, shelf, digests, failed), computed=computed, seconds=time.perf_counter() - started)


def on_disk(cohort: Cohort, input: str, encoder: Encoder, progress: Progress = silent) -> Features:
    """What `encode` has kept already: nothing is encoded, and a case that is not known counts as missing."""
    shelf = Shelf(room("features") / encoder.identity(), encoder.dims, encoder.dtype)
    digests, failed = _digests(cohort, input, progress)
    shelf.check(digests.values())
    return _features(Work(cohort, input, encoder), shelf, digests, failed)


def _features(work: Work, shelf: Shelf, digests: Mapping[str, str], failed: Mapping[str, str]) -> Features:
    entries = [shelf.entries.get(digests.get(id, "")) for id in work.cohort.ids]
    encoder = work.encoder
    return Features(work.input, encoder.name, encoder.dims, entries, failed=failed, dtype=encoder.dtype)


def encode_case(encoder: Encoder, value: Value | None) -> Tokens:
    """Tokens [1, N, D] of one value, nothing kept on disk. None is a missing input: N = 1, mask all False.

    Rounded as the cache rounds, so that a case gets the same numbers either way. Raises BadInput.
    """
    if value is None:
        return Tokens(torch.zeros(1, 1, encoder.dims), torch.zeros(1, 1, dtype=torch.bool))
    tokens = torch.from_numpy(encoded(encoder, [value])[0].astype(np.float32))[None]
    return Tokens(tokens, torch.ones(tokens.shape[:2], dtype=torch.bool))


def _shelf_name(work: Work) -> str:
    varied = f"-{identity_of(work.augmentations)}-{work.copy}" if work.augmentations else ""
    return work.encoder.identity() + varied


def _digests(cohort: Cohort, input: str, progress: Progress) -> tuple[dict[str, str], dict[str, str]]:
    """Content digest of every present value by id, and why others cannot be read."""
    digests, failed, shown_at, pace = {}, cohort.unreadable(input), time.monotonic(), Pace(len(cohort.ids))
    label = _("Checking which cases of {input} are already encoded").format(input=input)
    for done, (id, present) in enumerate(zip(cohort.ids, cohort.present(input), strict=True)):
        if time.monotonic() - shown_at > 1:  # the first look at a large cohort reads every file
            shown_at = time.monotonic()
            progress(Step(label, done, len(cohort.ids), left=pace.left(done)))
        try:
            digest = cohort.digest(id, input) if present else None
        except MMError as error:
            failed[id] = str(error)
            continue
        if digest is not None:
            digests[id] = digest
    cohort.settle()
    return digests, failed


def _fill(shelf: Shelf, work: Work, todo: Sequence[Wanted], progress: Progress) -> tuple[int, dict[str, str]]:
    """Encode what is not on the shelf. Returns how many cases were encoded, and digest -> why one was set aside."""
    label = _("Encoding {input} with {encoder}").format(input=work.input, encoder=work.encoder.name)
    progress(Step(label, 0, len(todo)))
    pace, done, computed = Pace(len(todo)), 0, 0
    reasons: dict[str, str] = {}
    keeper = _Keeper(shelf)
    try:
        with closing(_parts(shelf, work, todo, progress)) as parts:
            for part in parts:
                keeper.take(part.tokens)
                reasons |= part.reasons
                computed += len(part.tokens)
                done += part.cases
                progress(Step(label, done, len(todo), left=pace.left(done)))
    finally:
        keeper.keep()
        work.cohort.settle()  # what was told of the values, for when they need not be read again
    return computed, reasons


def _parts(shelf: Shelf, work: Work, todo: Sequence[Wanted], progress: Progress) -> Generator[Part, None, None]:
    """Here, or on a cluster; what a worker had to set aside is tried here: it may lack a file or a package."""
    unknown = _unknown(shelf, todo)
    there = cluster.spread(encode_there, Parcel.of(work), iter(lambda: list(islice(unknown, SENT)), []))
    if there is not None:
        owners, failed = {digest: id for id, digest in todo}, []
        with closing(there):
            for part in there:
                failed += [(owners[digest], digest) for digest in part.reasons]
                yield Part(part.cases - len(part.reasons), tokens=part.tokens)
        todo = failed
    if todo:
        work.encoder.ready(progress)  # once and for all: without its weights no case can be encoded
        yield from carry_out(work, _unknown(shelf, todo))


def _unknown(shelf: Shelf, todo: Sequence[Wanted]) -> Iterator[Wanted]:
    """What another process has not encoded meanwhile."""
    return ((id, digest) for id, digest in todo if digest not in shelf.entries)


class _Keeper:
    """Gathers tokens until a shard is worth writing."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.bytes, self.written_at = shelf, 0, time.monotonic()
        self.fresh: dict[str, np.ndarray] = {}

    def take(self, tokens: dict[str, np.ndarray]) -> None:
        self.fresh |= tokens
        self.bytes += sum(case.nbytes for case in tokens.values())
        if self.bytes >= SHARD_BYTES or time.monotonic() - self.written_at > SHARD_SECONDS:
            self.keep()
            self.shelf.refresh()  # another process may be encoding the same cohort

    def keep(self) -> None:
        if self.fresh:
            self.shelf.add(self.fresh)
        self.fresh, self.bytes, self.written_at = {}, 0, time.monotonic()
