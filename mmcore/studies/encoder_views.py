"""A cohort as an encoder sees it, for looking only: features of all cases on one scale, parts fitted on all cases.

Nothing here may be scored: whatever is fitted has seen every case. N cases, D width.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from threadpoolctl import threadpool_limits

from mmcore import features
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.encoders.fitting import FoldPart
from mmcore.evaluation.separation import Averaged, scale_of, standardised
from mmcore.runs import EncoderChoice
from mmcore.studies.encoder_choice import encoder_choices, make_encoder
from mmcore.training.normalise import Normaliser
from mmcore.training.views import Through

AnyEncoder: TypeAlias = Encoder | EncoderChoice | str  # made already, chosen with options, or named
_IN_MEMORY = 12  # fitted parts and standardised features

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


def as_encoder(cohort: Cohort, input: str, encoder: AnyEncoder) -> Encoder:
    """The encoder for this input, whichever way it was named. Raises NotFound, Unavailable or BadInput."""
    if isinstance(encoder, Encoder):
        return encoder
    return make_encoder(cohort, input, encoder_choices(cohort, {input: encoder})[input])


def identity_of(encoder: Encoder) -> str:
    """Everything that decides an encoder; those that differ only in what they learn share fixed tokens."""
    return json.dumps([encoder.identity(), encoder.name, encoder.options()], sort_keys=True)


def view(cohort: Cohort, input: str, encoder: AnyEncoder, progress: Progress = silent) -> View:
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
        while len(_views) > _IN_MEMORY:
            _views.popitem(last=False)
    return made


def _view(cohort: Cohort, input: str, encoder: Encoder, progress: Progress) -> View:
    encoded = features.encode(cohort, input, encoder, progress=progress)
    rows = np.flatnonzero(encoded.counts > 0)
    with threadpool_limits(1):
        part = None
        if encoder.fits_on_fold:
            progress(Step(_("Fitting {encoder} on all cases").format(encoder=encoder.name), 0, 0))
            part = encoder.fit(encoded, rows, cohort.strata if cohort.schema.task else None)
        seen = Averaged(encoded if part is None else Through(encoded, part))
        scale = scale_of(seen, rows)
        return View(standardised(seen, scale), encoded.counts > 0, scale, part, dict(encoded.failed))


def fitted_part(cohort: Cohort, input: str, encoder: AnyEncoder) -> FoldPart | None:
    """What an encoder that `fits_on_fold` learns from all cases, else None. For looking, never for scores."""
    encoder = as_encoder(cohort, input, encoder)
    return view(cohort, input, encoder).part if encoder.fits_on_fold else None
