"""A cohort as an encoder sees it, for looking only: parts fitted on all cases, maps, neighbours, agreement of encoders.

Nothing here may be scored: whatever is fitted has seen every case. N cases, D width.
"""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from mmcore import features
from mmcore.base.errors import unknown
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _, room, write_whole
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.encoders.fitting import FoldPart
from mmcore.evaluation.separation import Averaged, cka, scale_of, standardised
from mmcore.inspect import projection
from mmcore.inspect.projection import Projection
from mmcore.runs import EncoderChoice
from mmcore.studies.encoder_choice import encoder_choices, make_encoder
from mmcore.training.normalise import Normaliser
from mmcore.training.views import Through

METHODS = ("pca", "tsne", "umap")
MOST = 1000  # cases that agreement is measured on at most
_KEPT = 12  # fitted parts and standardised features kept in memory

_guard = threading.RLock()
_views: OrderedDict[tuple[str, str, str], View] = OrderedDict()


@dataclass(frozen=True, eq=False)
class View:
    """All cases by one encoder. vectors: [N, D] averaged and standardised over all cases, zero where missing; present:
    [N] bool; scale: what standardised them; part: what an encoder that `fits_on_fold` learnt from all; failed: id ->
    why a case was set aside."""

    vectors: np.ndarray
    present: np.ndarray
    scale: Normaliser
    part: FoldPart | None
    failed: Mapping[str, str]


@dataclass(frozen=True)
class Neighbour:
    """A case near another one. cosine: of their standardised features, in -1..1. label: its class or value, None if
    not known."""

    id: str
    cosine: float
    label: str | float | None


@dataclass(frozen=True, eq=False)
class Agreement:
    """How alike encoders order the cases: cka [E, E] by `labels`, over `cases` [E, E] that both have."""

    labels: list[str]
    cka: np.ndarray
    cases: np.ndarray

    def document(self) -> dict[str, Any]:
        return asdict(self)


def as_encoder(cohort: Cohort, input: str, encoder: Encoder | EncoderChoice | str) -> Encoder:
    """The encoder for this input, whichever way it was named. Raises NotFound, Unavailable or BadInput."""
    if isinstance(encoder, Encoder):
        return encoder
    return make_encoder(cohort, input, encoder_choices(cohort, {input: encoder})[input])


def identity_of(encoder: Encoder) -> str:
    """Everything that decides an encoder; those that differ only in what they learn share fixed tokens."""
    return json.dumps([encoder.identity(), encoder.name, encoder.options()], sort_keys=True)


def view(cohort: Cohort, input: str, encoder: Encoder | EncoderChoice | str, progress: Progress = silent) -> View:
    """The cohort by this encoder, encoded if need be; kept in memory."""
    encoder = as_encoder(cohort, input, encoder)
    key = (cohort.key, input, identity_of(encoder))
    with _guard:
        if key in _views:
            _views.move_to_end(key)
            return _views[key]
    made = _view(cohort, input, encoder, progress)
    with _guard:
        _views[key] = made
        while len(_views) > _KEPT:
            _views.popitem(last=False)
    return made


def _view(cohort: Cohort, input: str, encoder: Encoder, progress: Progress) -> View:
    found = features.encode(cohort, input, encoder, progress=progress)
    rows = np.flatnonzero(found.counts > 0)
    with threadpool_limits(1):
        part = None
        if encoder.fits_on_fold:
            progress(Step(_("Fitting {encoder} on all cases").format(encoder=encoder.name), 0, 0))
            part = encoder.fit(found, rows, cohort.target if cohort.schema.task else None)
        seen = Averaged(found if part is None else Through(found, part))
        scale = scale_of(seen, rows)
        return View(standardised(seen, scale), found.counts > 0, scale, part, dict(found.failed))


def fitted_part(cohort: Cohort, input: str, encoder: Encoder | EncoderChoice | str) -> FoldPart | None:
    """What an encoder that `fits_on_fold` learns from all cases, else None. For looking, never for scores."""
    encoder = as_encoder(cohort, input, encoder)
    return view(cohort, input, encoder).part if encoder.fits_on_fold else None


def similar(
    cohort: Cohort,
    input: str,
    encoder: Encoder | EncoderChoice | str,
    case: Case | str,
    count: int = 5,
    progress: Progress = silent,
) -> list[Neighbour]:
    """The cases of a cohort nearest to one case by cosine of standardised features, nearest first, itself left out.

    case: an id, or a case with its values (an uploaded one, say; nothing of it is kept). Empty if it lacks the input.
    Raises NotFound for an unknown id, BadInput for a value that cannot be encoded.
    """
    encoder = as_encoder(cohort, input, encoder)
    seen = view(cohort, input, encoder, progress)
    given = cohort.case(case) if isinstance(case, str) else case
    here = seen.present.copy()
    if isinstance(case, str):
        row = cohort.position(case)
        asked = seen.vectors[row] if here[row] else None
        here[row] = False
    else:
        asked = _own(cohort, input, encoder, given)
    if asked is None or not here.any():
        return []
    rows = np.flatnonzero(here)
    lengths = np.linalg.norm(seen.vectors[rows], axis=1) * np.linalg.norm(asked)
    cosines = seen.vectors[rows] @ asked / np.maximum(lengths, 1e-12)
    nearest = np.argsort(-cosines, kind="stable")[:count]
    return [Neighbour(cohort.ids[rows[i]], float(cosines[i]), label_of(cohort, int(rows[i]))) for i in nearest]


def _own(cohort: Cohort, input: str, encoder: Encoder, case: Case) -> np.ndarray | None:
    """Features [D] of a case that need not be of the cohort, on the cohort's scale; None where the input is missing."""
    value = case.values.get(input)
    if value is None:
        return None
    seen, tokens = view(cohort, input, encoder), features.encode_case(encoder, value)
    with torch.inference_mode():
        return seen.scale(tokens if seen.part is None else seen.part(tokens)).values[0, 0].numpy()


def label_of(cohort: Cohort, row: int) -> str | float | None:
    """Class or value of a case, None if it is not known."""
    if cohort.schema.task is None or not cohort.labelled[row]:
        return None
    target = cohort.target[row]
    return float(target) if cohort.schema.task == "regression" else cohort.schema.classes[target]


def layout(
    cohort: Cohort,
    input: str,
    encoder: Encoder | EncoderChoice | str,
    method: Literal["pca", "tsne", "umap"] = "pca",
    progress: Progress = silent,
) -> np.ndarray:
    """Where each case lies on a map of the cohort: [N, 2], NaN where the input is missing. See `mapped`."""
    return mapped(cohort, input, encoder, method, progress).points


def mapped(
    cohort: Cohort,
    input: str,
    encoder: Encoder | EncoderChoice | str,
    method: Literal["pca", "tsne", "umap"] = "pca",
    progress: Progress = silent,
) -> Projection:
    """The map with the share of the variance each axis shows (for "pca"; else none).

    A map by t-SNE or UMAP takes seconds to minutes and is kept on disk; the same cases give the same map. Raises
    BadInput for too few cases, NotFound for an unknown method.
    """
    if method not in METHODS:
        raise unknown(_("map"), method, METHODS)
    encoder = as_encoder(cohort, input, encoder)
    kept = None if method == "pca" else _place(cohort, input, encoder, method)
    if kept is not None and (known := _read(kept, len(cohort))) is not None:
        return Projection(known, np.zeros(0))
    seen = view(cohort, input, encoder, progress)
    if kept is None:
        with threadpool_limits(1):
            return projection.principal(seen.vectors, seen.present)
    progress(Step(_("Laying out {count} cases").format(count=int(seen.present.sum())), 0, 0))
    found = getattr(projection, method)(seen.vectors, seen.present)
    _write(kept, found.points)
    return found


def _place(cohort: Cohort, input: str, encoder: Encoder, method: str) -> Path:
    facts = [cohort.key, input, identity_of(encoder), method, projection.SETTINGS[method]]
    return room("layouts") / f"{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]}.npy"


def _read(path: Path, cases: int) -> np.ndarray | None:
    try:
        points = np.load(path, allow_pickle=False)
    except (OSError, ValueError):
        return None
    return points if points.shape == (cases, 2) else None


def _write(path: Path, points: np.ndarray) -> None:
    content = io.BytesIO()
    np.save(content, points)
    write_whole(path, content.getvalue())


def agreement(
    cohort: Cohort,
    encoders: Mapping[str, tuple[str, Encoder | EncoderChoice | str]],
    progress: Progress = silent,
) -> Agreement:
    """How far encoders, of one input or of several, place the cases alike: debiased linear CKA of every two.

    encoders: label -> (input, encoder). Over the cases both have, at most 1,000 of them.
    """
    seen = {label: view(cohort, input, encoder, progress) for label, (input, encoder) in encoders.items()}
    labels = list(seen)
    found = np.full((len(labels), len(labels)), np.nan)
    cases = np.zeros(found.shape, int)
    pairs = [(i, j) for i in range(len(labels)) for j in range(i + 1)]
    with threadpool_limits(1):
        for i, j in pairs:
            first, second = labels[i], labels[j]
            rows = np.flatnonzero(seen[first].present & seen[second].present)
            if len(rows) > MOST:
                rows = np.sort(np.random.default_rng(0).choice(rows, MOST, replace=False))
            cases[i, j] = cases[j, i] = len(rows)
            alike = cka(seen[first].vectors[rows], seen[second].vectors[rows])
            found[i, j] = found[j, i] = alike
    return Agreement(labels, found, cases)
