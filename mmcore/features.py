"""What encoders say of a cohort, computed once: shards of tokens on disk, keyed by encoder and content of the value."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import torch

from mmcore.cases import Tokens, Value
from mmcore.encoders.base import Encoder
from mmcore.encoders.loading import one_core
from mmcore.errors import BadInput, MMError
from mmcore.progress import Progress, Step, silent
from mmcore.settings import _, room
from mmcore.shards import Entry, Shelf, read

if TYPE_CHECKING:
    from mmcore.cohorts import Cohort

BATCH = 16  # cases read at once and shared out among the cores
SHARD_CASES = 64
SHARD_SECONDS = 10.0  # work lost at most when the process is killed


@dataclass(frozen=True, eq=False)
class Features:
    """What one encoder says of one input, for the N cases of a cohort. Tokens are read from disk when asked for.

    counts: [N] valid tokens of each case, 0 where the input is missing or was set aside. computed: cases encoded by
    this call, in `seconds`; the others were known. failed: id -> why the case was set aside.
    """

    input: str
    encoder: str
    dims: int
    entries: Sequence[Entry | None]
    computed: int = 0
    seconds: float = 0.0
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> np.ndarray:
        return np.array([entry.count if entry else 0 for entry in self.entries], dtype=np.int64)

    def tokens(self, rows: Sequence[int] | None = None) -> Tokens:
        """Tokens of these cases (all by default): values [B, N, D] float32, N the most any of them has, at least 1."""
        entries = self._entries(rows)
        longest = max([1, *(entry.count for entry in entries if entry)])
        values = np.zeros((len(entries), longest, self.dims), np.float32)
        mask = np.zeros((len(entries), longest), bool)
        for row, part in read("values", entries):
            values[row, : len(part)] = part
            mask[row, : len(part)] = True
        return Tokens(torch.from_numpy(values), torch.from_numpy(mask))

    def pooled(self) -> tuple[np.ndarray, np.ndarray]:
        """Average over each case's tokens [N, D] float32 (zeros where missing), and who is present [N] bool."""
        vectors = np.zeros((len(self.entries), self.dims), np.float32)
        present = np.zeros(len(self.entries), bool)
        for row, part in read("pooled", self.entries):
            vectors[row], present[row] = part, True
        return vectors, present

    def _entries(self, rows: Sequence[int] | None) -> Sequence[Entry | None]:
        return self.entries if rows is None else [self.entries[int(row)] for row in rows]


def encode(cohort: Cohort, input: str, encoder: Encoder, *, progress: Progress = silent) -> Features:
    """Tokens of one input for every case of a cohort, from the cache where they are known.

    Work is kept shard by shard, so a second call goes on where a killed one stopped. A case that cannot be read or
    encoded is set aside in `failed`; the others go on. Raises what `progress` raises, after keeping what is done.
    """
    started = time.perf_counter()
    shelf = Shelf(room("features") / encoder.identity(), encoder.dims, encoder.dtype)
    digests, failed = _digests(cohort, input)
    owners = {digest: id for id, digest in reversed(digests.items())}  # cases with the same value are encoded once
    todo = [(owners[digest], digest) for digest in dict.fromkeys(digests.values()) if digest not in shelf.entries]
    computed, reasons = _fill(shelf, cohort, input, encoder, todo, progress) if todo else (0, {})
    failed |= {id: reasons[digest] for id, digest in digests.items() if digest in reasons}
    entries = [shelf.entries.get(digests.get(id, "")) for id in cohort.ids]
    return Features(input, encoder.name, encoder.dims, entries, computed, time.perf_counter() - started, failed)


def encode_case(encoder: Encoder, value: Value | None) -> Tokens:
    """Tokens [1, N, D] of one value, nothing kept on disk. None is a missing input: N = 1, mask all False.

    Rounded as the cache rounds, so that a case gets the same numbers either way. Raises BadInput.
    """
    if value is None:
        return Tokens(torch.zeros(1, 1, encoder.dims), torch.zeros(1, 1, dtype=torch.bool))
    tokens = torch.from_numpy(_encoded(encoder, [value])[0].astype(np.float32))[None]
    return Tokens(tokens, torch.ones(tokens.shape[:2], dtype=torch.bool))


def _digests(cohort: Cohort, input: str) -> tuple[dict[str, str], dict[str, str]]:
    """Content digest of every present value by id, and why others cannot be read."""
    digests, failed = {}, {}
    for id, present in zip(cohort.ids, cohort.present(input), strict=True):
        try:
            digest = cohort.digest(id, input) if present else None
        except MMError as error:
            failed[id] = str(error)
            continue
        if digest is not None:
            digests[id] = digest
    return digests, failed


def _fill(
    shelf: Shelf, cohort: Cohort, input: str, encoder: Encoder, todo: Sequence[tuple[str, str]], progress: Progress
) -> tuple[int, dict[str, str]]:
    """Encode what is not on the shelf. Returns how many cases were encoded, and digest -> why one was set aside."""
    label = _("Encoding {input} with {encoder}").format(input=input, encoder=encoder.name)
    progress(Step(label, 0, len(todo)))
    fresh: dict[str, np.ndarray] = {}
    reasons: dict[str, str] = {}
    computed, kept_at = 0, time.monotonic()
    workers = min(4, os.cpu_count() or 1)
    try:
        with ThreadPoolExecutor(workers, "encode") as pool:
            for start in range(0, len(todo), BATCH):
                batch = [(id, digest) for id, digest in todo[start : start + BATCH] if digest not in shelf.entries]
                values = list(_values(cohort, input, batch, reasons).items())
                shares = [dict(values[worker::workers]) for worker in range(workers)]
                for done in pool.map(lambda share: _encode_each(encoder, share, reasons), shares):
                    fresh |= done
                    computed += len(done)
                if len(fresh) >= SHARD_CASES or time.monotonic() - kept_at > SHARD_SECONDS:
                    shelf.add(fresh)
                    fresh, kept_at = {}, time.monotonic()
                    shelf.refresh()  # another process may be encoding the same cohort
                progress(Step(label, min(start + BATCH, len(todo)), len(todo)))
    finally:
        if fresh:
            shelf.add(fresh)
    return computed, reasons


def _values(cohort: Cohort, input: str, batch: Iterable[tuple[str, str]], reasons: dict[str, str]) -> dict[str, Value]:
    values = {}
    for id, digest in batch:
        try:
            value = cohort.value(id, input)
        except MMError as error:
            reasons[digest] = str(error)
            continue
        if value is not None:
            values[digest] = value
    return values


def _encode_each(encoder: Encoder, values: Mapping[str, Value], reasons: dict[str, str]) -> dict[str, np.ndarray]:
    """Digest -> tokens [n, D]. Where a batch fails its cases are tried one by one, to set aside only what must be."""
    if not values:
        return {}
    try:
        return dict(zip(values, _encoded(encoder, list(values.values())), strict=True))
    except MMError as error:
        if len(values) == 1:
            reasons[next(iter(values))] = str(error)
            return {}
        each = [_encode_each(encoder, {digest: value}, reasons) for digest, value in values.items()]
        return {digest: tokens for done in each for digest, tokens in done.items()}


def _encoded(encoder: Encoder, values: Sequence[Value]) -> list[np.ndarray]:
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
