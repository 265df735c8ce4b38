"""A map of a cohort by the features of one encoder: every case a point, near those it is like. For looking only."""

from __future__ import annotations

from typing import Literal

import numpy as np
from threadpoolctl import threadpool_limits

from mmcore import features
from mmcore.base.errors import unknown
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.inspect import projection
from mmcore.inspect.projection import ProjectedPoints
from mmcore.storage import results_cache
from mmcore.storage.results_cache import Result
from mmcore.studies.encoder_views import AnyEncoder, as_encoder, identity_of, view

METHODS = ("pca", "tsne", "umap")


def layout(
    cohort: Cohort,
    input: str,
    encoder: AnyEncoder,
    method: Literal["pca", "tsne", "umap"] = "pca",
    progress: Progress = silent,
) -> np.ndarray:
    """Where each case lies on a map of the cohort: [N, 2], NaN where the input is missing. See `mapped`."""
    return mapped(cohort, input, encoder, method, progress).points


def mapped(
    cohort: Cohort,
    input: str,
    encoder: AnyEncoder,
    method: Literal["pca", "tsne", "umap"] = "pca",
    progress: Progress = silent,
) -> ProjectedPoints:
    """The map with the share of the variance each axis shows (for "pca"; else none).

    A map by t-SNE or UMAP takes seconds to minutes and is kept on disk; the same cases give the same map. Raises
    BadInput for too few cases, NotFound for an unknown method.
    """
    if method not in METHODS:
        raise unknown(_("map"), method, METHODS)
    encoder = as_encoder(cohort, input, encoder)
    if method == "pca":
        cases = view(cohort, input, encoder, progress)
        with threadpool_limits(1):
            return projection.principal(cases.vectors, cases.present)
    decides = [cohort.key, input, identity_of(encoder), method, projection.SETTINGS[method]]
    earlier = results_cache.read("layouts", decides)
    if earlier is not None:
        return ProjectedPoints(earlier.arrays["points"], np.zeros(0))
    cases = view(cohort, input, encoder, progress)
    progress(Step(_("Laying out {count} cases").format(count=int(cases.present.sum())), 0, 0))
    laid_out: ProjectedPoints = getattr(projection, method)(cases.vectors, cases.present)
    results_cache.write("layouts", decides, Result(arrays={"points": laid_out.points}))
    return laid_out


def map_on_disk(cohort: Cohort, input: str, encoder: AnyEncoder) -> np.ndarray | None:
    """Principal components [N, 2] of features that are kept already; None where some case is not encoded yet.

    Nothing is encoded and nothing fitted. An encoder that reads raw values, or that learns from the cohort, has no such
    map.
    """
    encoder = as_encoder(cohort, input, encoder)
    if encoder.raw or encoder.fits_on_fold:
        return None
    there = cohort.present(input)
    if there.sum() < 3 or (features.on_disk(cohort, input, encoder).counts > 0).sum() < there.sum():
        return None
    return mapped(cohort, input, encoder).points
