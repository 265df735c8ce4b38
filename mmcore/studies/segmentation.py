"""Where a finding lies: out of fold, by the image alone and together with what the other inputs say."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from mmcore import features
from mmcore.base.errors import BadInput, MMError, unknown
from mmcore.base.progress import Pace, Progress, Step, silent
from mmcore.base.settings import _, counted, room
from mmcore.cohorts import Cohort, FoldPlan, folds_of
from mmcore.cohorts.lesions import Lesions, lesions_of, outlined_findings
from mmcore.encoders.image.layer_tokens import LayerTokens
from mmcore.segmentation import (
    PLAIN,
    FoldCases,
    FoldLogits,
    FoldPlain,
    FoldPrediction,
    GridCells,
    Training,
    blended,
    by_networks,
    by_plain,
    cells_of,
)
from mmcore.segmentation.place_conditions import place_conditions
from mmcore.storage import results_cache
from mmcore.storage.results_cache import Result
from mmcore.studies.encoder_choice import Choices, encoder_choices, make_encoder, usable_inputs
from mmcore.studies.encoder_views import identity_of
from mmcore.studies.segmentation_results import ALONE, SHUFFLED, TOGETHER, SegmentationStudy
from mmcore.studies.study_settings import DEFAULTS, folds_not_followed
from mmcore.training.normaliser_fit import fit_normaliser
from mmcore.training.vectors import cohort_vectors

VERSION = 6  # raise it when the numbers change
SEEDS = 3
_NETWORKS = (ALONE, TOGETHER, SHUFFLED)
LEAST = 20  # cases with the finding that a study needs
_COMPONENTS = 128  # principal components of the vector of another input
_SECONDS = 0.4  # a case on one core, with the usual settings
_WIDE = 512  # dimensions above which it is reduced


def segmentation(
    cohort: Cohort,
    encoders: Choices | None = None,
    *,
    input: str | None = None,
    finding: str | None = None,
    others: Sequence[str] | None = None,
    folds: int | None = None,
    seeds: int = SEEDS,
    split: str = "auto",
    plain: bool = True,
    progress: Progress = silent,
) -> SegmentationStudy:
    """Locate a finding in the images of a cohort that knows its masks; read if it was worked out before.

    input: an image input; finding: one of those whose masks are known (see `lesions_of` for the defaults). others:
    inputs that condition the network, all others by default. plain: fit plain baselines, too. Cases without the image
    are left out; those without one of the others stay in.
    Raises BadInput where no masks are known, the finding is too rare, or an encoder cannot be used; NotFound for wrong
    names; what `folds_of` raises.
    """
    progress(Step(_("Reading the outlines"), 0, 0))
    count = DEFAULTS.folds if folds is None else folds
    work = _work(cohort, encoders, input, finding, others, count, seeds, split, plain)
    earlier = results_cache.read("segmentation", work.decides)
    result = earlier if earlier is not None else work.carried_out(progress)
    if earlier is None:
        results_cache.write("segmentation", work.decides, result)
    problems = folds_not_followed(folds, len(work.plan), work.plan.kind)
    return replace(work.study(result, cached=earlier is not None), problems=problems)


def segmentation_seconds(cohort: Cohort, input: str | None = None, finding: str | None = None) -> float:
    """About how long `segmentation` takes with its usual settings; 0 where it only has to be read. Raises likewise."""
    work = _work(cohort, None, input, finding, None, 5, SEEDS, "auto", True)
    if results_cache.read("segmentation", work.decides) is not None:
        return 0.0
    return _SECONDS * len(work.lesions.rows)


def segmentations_before(cohort: Cohort) -> list[SegmentationStudy]:
    """Every finding that was located before, with the usual settings, by all other inputs or by one of them."""
    if not any(room("segmentation").iterdir()):
        return []
    studies = []
    for input, findings in outlined_findings(cohort).items():
        others = [name for name in usable_inputs(cohort) if name != input]
        for finding in findings:
            for chosen in (None, *([name] for name in others if others[1:])):
                try:
                    work = _work(cohort, None, input, finding, chosen, 5, SEEDS, "auto", True)
                except MMError:  # too rare, or its encoder cannot be used: then it was not located either
                    continue
                earlier = results_cache.read("segmentation", work.decides)
                if earlier is not None:
                    studies.append(work.study(earlier, cached=True))
    return studies


def _work(
    cohort: Cohort, encoders: Choices | None, input: str | None, finding: str | None, others: Sequence[str] | None,
    folds: int, seeds: int, split: str, plain: bool,
) -> _Work:  # fmt: skip
    """What is to be done. Raises what `segmentation` raises."""
    lesions = lesions_of(cohort, input, finding)
    plan = folds_of(cohort, split, folds, strata=None if cohort.schema.task else _strata(cohort, lesions))
    in_a_fold = np.isin(lesions.rows, np.concatenate([test for _train, test in plan.folds]))
    keep = np.flatnonzero(in_a_fold)
    lesions = Lesions(
        lesions.input, lesions.finding, lesions.findings, lesions.rows[keep], tuple(lesions.masks[k] for k in keep)
    )
    if (count := int(lesions.there.sum())) < LEAST:
        raise BadInput(
            counted(
                count,
                "Only {count} case shows '{finding}'; at least {least} are needed.",
                "Only {count} cases show '{finding}'; at least {least} are needed.",
                finding=lesions.finding,
                least=LEAST,
            ),
            _("Choose another finding, or add cases."),
        )
    if seeds < 1:
        raise BadInput(_("{seeds} seeds cannot be trained.").format(seeds=seeds), _("Use one seed or more."))
    return _Work(cohort, lesions, plan, encoders, _chosen(cohort, lesions.input, others), seeds, plain)


def _strata(cohort: Cohort, lesions: Lesions) -> np.ndarray:
    """[N] whether the finding is there, -1 where that is not known: what cases without a target are divided by."""
    strata = np.full(len(cohort), -1)
    strata[lesions.rows] = lesions.there
    return strata


def _chosen(cohort: Cohort, image: str, others: Sequence[str] | None) -> list[str]:
    usable = [name for name in usable_inputs(cohort) if name != image]
    for name in others or ():
        if name not in usable:
            raise unknown(_("input beside the image"), name, usable)
    return usable if others is None else list(dict.fromkeys(others))


class _Work:
    """What a study asks for, and how it is worked out."""

    def __init__(
        self, cohort: Cohort, lesions: Lesions, plan: FoldPlan, encoders: Choices | None, others: Sequence[str],
        seeds: int, plain: bool,
    ) -> None:  # fmt: skip
        self.cohort, self.lesions, self.plan, self.seeds = cohort, lesions, plan, seeds
        choices = encoder_choices(cohort, encoders)
        self.layers = LayerTokens(cohort.inputs[lesions.input], encoder=choices[lesions.input].name)
        self.encoders = {name: make_encoder(cohort, name, choices[name]) for name in others}
        for name, encoder in self.encoders.items():
            if encoder.raw or encoder.trains_in_run:
                raise BadInput(
                    _("Encoder '{encoder}' of {input} has no features before it is trained.").format(
                        encoder=encoder.name, input=name
                    ),
                    _("Choose a fixed encoder for it."),
                )
        self.groups = None if cohort.groups is None else cohort.groups[lesions.rows]
        networks = _NETWORKS if others else _NETWORKS[:1]
        baselines = [f"plain:{name}" for name in PLAIN] + ([f"plain:{PLAIN[-1]}:{TOGETHER}"] if others else [])
        self.methods = [*networks] + (baselines if plain else [])

    @property
    def decides(self) -> list[Any]:
        packed = hashlib.sha256(b"".join(np.packbits(mask).tobytes() for mask in self.lesions.masks)).hexdigest()
        encoders = {name: identity_of(encoder) for name, encoder in self.encoders.items()}
        tests = [[int(row) for row in test] for _train, test in self.plan.folds]
        return [
            VERSION, self.cohort.key, self.lesions.input, self.lesions.finding, packed, self.layers.identity(),
            encoders, tests, self.seeds, self.methods,
        ]  # fmt: skip

    def study(self, result: Result, *, cached: bool) -> SegmentationStudy:
        located = {
            name: (result.arrays[name].astype(np.float32), *result.arrays[f"{name} settled"]) for name in self.methods
        }
        return SegmentationStudy(
            self.cohort, self.lesions, self.layers.encoder, {name: own.name for name, own in self.encoders.items()},
            len(self.plan), self.plan.kind, self.seeds, located, result.document["seconds"], cached,
        )  # fmt: skip

    def carried_out(self, progress: Progress) -> Result:
        """All methods in all folds."""
        cells = cells_of(
            features.encode(self.cohort, self.lesions.input, self.layers, progress=progress),
            self.lesions.rows, self.lesions.masks,
        )  # fmt: skip
        encoded = {
            name: features.encode(self.cohort, name, encoder, progress=progress)
            for name, encoder in self.encoders.items()
        }
        count, grid = cells.covered.shape
        arrays = {name: np.zeros((count, grid), np.float16) for name in self.methods}
        arrays |= {f"{name} settled": np.zeros((2, count), np.float32) for name in self.methods}
        seconds = dict.fromkeys(self.methods, 0.0)
        training = Training(seeds=self.seeds)
        watch = _Watch(progress, len(self.plan), self.methods, training)
        position = {int(row): at for at, row in enumerate(self.lesions.rows)}
        for fold, (train_rows, test_rows) in enumerate(self.plan.folds):
            train, tested = (
                np.array([position[int(row)] for row in rows if int(row) in position], int)
                for rows in (train_rows, test_rows)
            )
            watch.fold = fold
            if not len(train) or not len(tested):
                continue
            conditions = self._conditions_of(encoded, cells, train, train_rows)
            cases = FoldCases(train, tested, self.groups, self.seeds)
            for name, prediction, spent in self._predicted(cells, conditions, cases, training, watch):
                arrays[name][tested] = prediction.probabilities
                arrays[f"{name} settled"][0, tested] = prediction.thresholds
                arrays[f"{name} settled"][1, tested] = prediction.network_share
                seconds[name] += spent
        return Result({"seconds": seconds}, arrays)

    def _predicted(
        self, cells: GridCells, conditions: Mapping[str, np.ndarray], cases: FoldCases, training: Training,
        watch: _Watch,
    ) -> Iterator[tuple[str, FoldPrediction, float]]:  # fmt: skip
        """Method by method, with the seconds that its models took; networks are blended with simple models of the same
        cells, which see the image alone."""
        reduced = cells.reduced(cases.train)

        @cache
        def fitted(name: str, conditioned: str = ALONE) -> FoldPlain:
            return FoldPlain.fitted(name, cells, reduced, conditions.get(conditioned), cases)

        @cache
        def simple(*named: str) -> tuple[FoldLogits, float]:
            started = time.perf_counter()
            return by_plain(fitted(*named), cases), time.perf_counter() - started

        for name in self.methods:
            if name.startswith("plain:"):
                watch.tick()
                models = [simple(*name.split(":")[1:])]
            else:
                started = time.perf_counter()
                linear = fitted(PLAIN[0])
                network = by_networks(cells, reduced, conditions.get(name), linear, cases, training, watch.tick)
                models = [(network, time.perf_counter() - started), *(simple(own) for own in PLAIN)]
            prediction = blended([logits for logits, _seconds in models], cells.covered, cases)
            share = prediction.network_share if name in _NETWORKS else 0.0
            yield name, replace(prediction, network_share=share), sum(seconds for _logits, seconds in models)

    def _conditions_of(
        self, encoded: Mapping[str, features.Features], cells: GridCells, train: np.ndarray, train_rows: np.ndarray
    ) -> dict[str, np.ndarray]:
        """What the other inputs tell of the place, [n, T], as they are and after they changed cases."""
        rows, covered = self.lesions.rows, cells.covered.numpy()
        conditions: dict[str, list[np.ndarray]] = {TOGETHER: [], SHUFFLED: []}
        for name, own in encoded.items():
            encoder = self.encoders[name]
            part = encoder.fit(own, train_rows, self.cohort.strata) if encoder.fits_on_fold else None
            components = _COMPONENTS if own.dims > _WIDE else 0
            normaliser = fit_normaliser(own, train_rows, "vectors", components, part=part)
            vectors, present = (np.asarray(values)[rows] for values in cohort_vectors(own, normaliser))
            order = np.random.default_rng(0).permutation(len(rows))
            for kind, chosen in ((TOGETHER, np.arange(len(rows))), (SHUFFLED, order)):
                conditions[kind].append(place_conditions(vectors[chosen], present[chosen], covered, train, self.groups))
        return {kind: np.concatenate(parts, 1) for kind, parts in conditions.items() if parts}


class _Watch:
    """Counts what is done of all the work."""

    def __init__(self, progress: Progress, folds: int, methods: Sequence[str], training: Training) -> None:
        networks = sum(not name.startswith("plain:") for name in methods)
        each = networks * training.seeds * training.epochs + len(methods) - networks
        self.progress, self.folds, self.total, self.done, self.fold = progress, folds, folds * each, 0, 0
        self.pace = Pace(self.total)

    def tick(self) -> None:
        self.done += 1
        label = _("Fold {number} of {count}").format(number=self.fold + 1, count=self.folds)
        self.progress(Step(label, self.done, self.total, left=self.pace.left(self.done)))
