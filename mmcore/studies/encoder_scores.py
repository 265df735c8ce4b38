"""One encoder on one input: how well it tells the target apart, kept on disk; how long it takes; what "all" means."""

from __future__ import annotations

import hashlib
import io
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from mmcore import features
from mmcore.base.errors import MMError
from mmcore.base.progress import Progress, silent
from mmcore.base.registry import parameters
from mmcore.base.settings import _, room, write_whole
from mmcore.base.values import Value
from mmcore.cohorts import Cohort, FoldPlan
from mmcore.encoders import Encoder
from mmcore.evaluation.encoder_score import Row, Score
from mmcore.evaluation.separation import out_of_fold, score
from mmcore.storage.shards import Shelf
from mmcore.studies.encoder_views import identity_of
from mmcore.studies.planning import task_of_cohort

VERSION = 1  # raise it when the numbers change
PATIENCE = 120.0  # seconds that encoding a cohort may take for an encoder nobody named
_TIMED, _SECONDS = 4, 1.0  # cases timed at most, and for how long


def label_of(encoder: Encoder) -> str:
    """Name of an encoder with the options that differ from the usual ones."""
    usual = {p.name: p.default for p in parameters(type(encoder))}
    own = [f"{name}={value}" for name, value in encoder.options().items() if value != usual[name]]
    return " ".join([encoder.name, *own])


def row_of(cohort: Cohort, input: str, encoder: Encoder, plan: FoldPlan, progress: Progress = silent) -> Row:
    """The row of an encoder: read if these cases, folds and options were scored before, else worked out and kept."""
    if encoder.raw:
        return _raw(cohort, input, encoder)
    path = _place(cohort, input, encoder, plan)
    row = _read(path)
    if row is None:
        row = _scored(cohort, input, encoder, plan, progress)
        _write(path, row)
    return row


def scored_before(cohort: Cohort, input: str, encoder: Encoder, plan: FoldPlan) -> bool:
    """Whether the row of an encoder only has to be read."""
    return encoder.raw or _place(cohort, input, encoder, plan).exists()


def _place(cohort: Cohort, input: str, encoder: Encoder, plan: FoldPlan) -> Path:
    facts = [VERSION, cohort.key, input, identity_of(encoder), plan.kind, len(plan)]
    return room("separation") / f"{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]}.npz"


def _scored(cohort: Cohort, input: str, encoder: Encoder, plan: FoldPlan, progress: Progress) -> Row:
    task, target = task_of_cohort(cohort), cohort.target
    said = features.encode(cohort, input, encoder, progress=progress)
    seconds, timed = seconds_per_case(cohort, input, encoder)
    outputs = out_of_fold(task, said, target, plan.folds, encoder=encoder, progress=progress)
    knn, probe = (score(task, target, one, cohort.groups) for one in outputs)
    cases = probe.cases if probe is not None else 0
    return Row(
        input,
        encoder.name,
        label_of(encoder),
        encoder.options(),
        said.dims,
        int(said.counts.max(initial=0)),
        seconds,
        timed,
        cases,
        int(cohort.labelled.sum()) - cases,
        len(said.failed),
        encoder.trains_in_run,
        encoder.fits_on_fold,
        knn,
        probe,
        None if probe is not None else _("Too few cases with a target have this input."),
    )


def _raw(cohort: Cohort, input: str, encoder: Encoder) -> Row:
    seconds, timed = seconds_per_case(cohort, input, encoder)
    here = int((cohort.present(input) & cohort.labelled).sum())
    reason = _("It reads raw values and has no features before it is trained.")
    return Row(
        input,
        encoder.name,
        label_of(encoder),
        encoder.options(),
        encoder.dims,
        _most_tokens(cohort, input, encoder),
        seconds,
        timed,
        here,
        int(cohort.labelled.sum()) - here,
        0,
        encoder.trains_in_run,
        encoder.fits_on_fold,
        None,
        None,
        reason,
    )


def seconds_per_case(cohort: Cohort, input: str, encoder: Encoder, cases: int = _TIMED) -> tuple[float | None, int]:
    """Seconds that encoding one case takes here and now on one core, reading aside, and on how many it was measured.

    None, 0 if no case can be encoded.
    """
    taken: list[float] = []
    for value in readable(cohort, input, cases + 1):
        started = time.perf_counter()
        try:
            features.encode_case(encoder, value)
        except MMError:
            continue
        taken.append(time.perf_counter() - started)
        if sum(taken[1:]) > _SECONDS:
            break
    measured = taken[1:] or taken  # the first one loads the weights, where there are any
    return (float(np.median(measured)), len(measured)) if measured else (None, 0)


def why_not(cohort: Cohort, input: str, encoder: Encoder) -> str | None:
    """Why "all" leaves an encoder out: it says little before it has learnt, or would take longer than PATIENCE. None
    if it is taken in."""
    if encoder.trains_in_run:
        return _("It learns in a run: compare runs with it, or name it to measure what goes into it.")
    seconds, __ = seconds_per_case(cohort, input, encoder, 2)
    present = int(cohort.present(input).sum())
    if seconds is None or seconds * present / (os.cpu_count() or 1) <= PATIENCE:
        return None
    known = len(Shelf(room("features") / encoder.identity(), encoder.dims, encoder.dtype).entries)
    left = seconds * max(0, present - known) / (os.cpu_count() or 1)
    if left <= PATIENCE:
        return None
    return _("Encoding would take about {minutes:.0f} minutes; name it to include it.").format(minutes=left / 60)


def readable(cohort: Cohort, input: str, count: int) -> Iterator[Value]:
    """Values of the first `count` cases that have the input and can be read."""
    for id, here in zip(cohort.ids, cohort.present(input), strict=True):
        if count and here:
            try:
                value = cohort.value(id, input)
            except MMError:
                continue
            if value is not None:
                count -= 1
                yield value


def _most_tokens(cohort: Cohort, input: str, encoder: Encoder) -> int:
    counts = [0]
    for value in readable(cohort, input, _TIMED):
        try:
            counts.append(features.encode_case(encoder, value).values.shape[1])
        except MMError:
            continue
    return max(counts)


_PLAIN = (
    "input", "encoder", "label", "options", "dims", "tokens", "seconds_per_case", "timed", "cases", "missing",
    "failed", "trains_in_run", "fits_on_fold", "reason",
)  # fmt: skip


def _write(path: Path, row: Row) -> None:
    arrays = {name: getattr(row, name).drawn for name in ("knn", "probe") if getattr(row, name) is not None}
    masks = {f"{name}-scored": getattr(row, name).scored for name in arrays}
    metric = row.probe.metric if row.probe is not None else ""
    facts = json.dumps({**{name: getattr(row, name) for name in _PLAIN}, "metric": metric})
    content = io.BytesIO()
    np.savez(content, facts=np.array(facts), **arrays, **masks)
    write_whole(path, content.getvalue())


def _read(path: Path) -> Row | None:
    try:
        with np.load(path, allow_pickle=False) as kept:
            facts = json.loads(str(kept["facts"]))
            metric = facts.pop("metric")
            scores = {
                name: Score.of(metric, kept[name], kept[f"{name}-scored"]) if name in kept else None
                for name in ("knn", "probe")
            }
            return Row(**facts, **scores)
    except (OSError, ValueError, KeyError, TypeError):
        return None
