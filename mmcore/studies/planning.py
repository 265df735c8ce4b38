"""The spec of a run that a study comes to: every choice settled and checked before any work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from mmcore import augmentation
from mmcore.augmentation import Augmentation
from mmcore.base.errors import BadInput, several, unknown
from mmcore.base.modules import source_digest
from mmcore.base.registry import check_parameters, parameters
from mmcore.base.settings import _
from mmcore.cohorts import Cohort, FoldPlan, folds_of
from mmcore.encoders import Encoder
from mmcore.fusion import fusions
from mmcore.runs import AugmentationChoice, EncoderChoice, RunSpec
from mmcore.studies.encoder_choice import Choices, encoder_choices, make_encoder, usable_inputs
from mmcore.studies.method_choice import check_method, check_methods, default_methods
from mmcore.studies.study_settings import DEFAULTS, StudySettings
from mmcore.training.tasks import Task, task_of


def planned(
    cohort: Cohort,
    methods: Sequence[str] | None = None,
    encoders: Choices | None = None,
    settings: StudySettings = DEFAULTS,
) -> dict[str, RunSpec]:
    """The runs that a comparison trains or reads, by method. Raises for whatever stands in the way of one of them."""
    cohort.require_target()
    methods = check_methods(cohort, methods or default_methods(cohort))
    divided = cache(lambda: folds_of(cohort, settings.split, settings.folds))  # the same for all methods
    return {method: _spec(cohort, method, encoders, settings, None, divided) for method in methods}


def plan(
    cohort: Cohort,
    method: str,
    encoders: Choices | None = None,
    settings: StudySettings = DEFAULTS,
    *,
    inputs: Sequence[str] | None = None,
) -> RunSpec:
    """The spec of one run: `method` names an input (that input alone) or a fusion of `inputs` (all by default).

    Of `settings.fusion_options` and `settings.augmentations`, a run takes what its method and inputs ask for. Raises
    BadInput, NotFound or Unavailable for whatever stands in the way: no target, too few cases or groups, unknown
    names, options out of bounds.
    """
    return _spec(cohort, method, encoders, settings, inputs, lambda: folds_of(cohort, settings.split, settings.folds))


def _spec(
    cohort: Cohort,
    method: str,
    encoders: Choices | None,
    settings: StudySettings,
    inputs: Sequence[str] | None,
    divided: Callable[[], FoldPlan],
) -> RunSpec:
    """See `plan`. divided: gives the folds, once all else is settled."""
    task = task_of_cohort(cohort)
    if settings.seeds < 1:
        raise BadInput(_("{seeds} seeds cannot be trained.").format(seeds=settings.seeds), _("Use 1 seed or more."))
    check_method(cohort, method)
    alone = method in cohort.inputs
    fusion, used = ("concat", [method]) if alone else (method, _inputs(cohort, inputs))
    options = _options(fusion, {} if alone else settings.fusion_options.get(fusion, {}))
    folds = divided()
    return RunSpec(
        **_described(cohort),
        task=task.name,
        classes=task.classes,
        inputs=tuple(used),
        input_specs={name: cohort.inputs[name] for name in used},
        **_encoders(cohort, used, encoders),
        fusion=fusion,
        fusion_identity=source_digest(fusions[fusion]),
        fusion_options=options,
        **_augmented(cohort, used, settings),
        training=settings.training,
        folds=len(folds),
        seeds=settings.seeds,
        split=folds.kind,
    )


def task_of_cohort(cohort: Cohort) -> Task:
    """The task, after checking that the cohort has a target that can be learnt. Raises BadInput."""
    cohort.require_target()
    return task_of(cohort)


def trained_identity(encoder: Encoder) -> str:
    """Identity in a run, of what is given and of what is learnt: some read what another encoder has prepared."""
    return f"{encoder.identity()} {encoder.name} {encoder.version}"


def _inputs(cohort: Cohort, wanted: Sequence[str] | None) -> list[str]:
    """The inputs to fuse, in the order of the cohort, so that the order they were named in decides nothing."""
    named = list(wanted or usable_inputs(cohort))
    wrong = [unknown(_("input"), name, cohort.inputs) for name in named if name not in cohort.inputs]
    if wrong:
        raise several(wrong)
    if not named:
        raise BadInput(
            _("No case of '{name}' has any input.").format(name=cohort.name), _("Check the columns and files.")
        )
    return [name for name in cohort.inputs if name in named]


def _described(cohort: Cohort) -> dict[str, Any]:
    """What the spec says of the cohort."""
    schema = cohort.schema
    return {
        "cohort": cohort.name,
        "cohort_key": cohort.key,
        "cohort_source": str(cohort.source),
        "title": schema.title,
        "licence": schema.licence,
        "citation": schema.citation,
        "synthetic": schema.synthetic,
        "target": schema.target,
        "group": schema.group,
    }


def _encoders(cohort: Cohort, used: Sequence[str], wanted: Choices | None) -> dict[str, Any]:
    chosen = encoder_choices(cohort, wanted)
    made = {name: make_encoder(cohort, name, chosen[name]) for name in used}
    return {
        "encoders": {name: EncoderChoice(name=part.name, options=part.options()) for name, part in made.items()},
        "encoder_identities": {name: trained_identity(part) for name, part in made.items()},
    }


def _augmented(cohort: Cohort, used: Sequence[str], settings: StudySettings) -> dict[str, Any]:
    """The augmentations of the inputs used. Raises NotFound or BadInput."""
    wrong = [unknown(_("input"), name, cohort.inputs) for name in settings.augmentations if name not in cohort.inputs]
    if wrong:
        raise several(wrong)
    made: dict[str, list[Augmentation]] = {}
    for name in used:
        choices = [
            AugmentationChoice(name=c) if isinstance(c, str) else c for c in settings.augmentations.get(name, ())
        ]
        if choices:
            made[name] = [augmentation.make(c.name, cohort.inputs[name].kind, **c.options) for c in choices]
    return {
        "augmentations": {
            name: tuple(AugmentationChoice(name=part.name, options=part.options()) for part in parts)
            for name, parts in made.items()
        },
        "augmentation_identities": {name: augmentation.identity_of(parts) for name, parts in made.items()},
        "copies": settings.copies if made else 0,
    }


def _options(fusion: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """All options of a fusion: saying a default or leaving it out is the same run. Raises BadInput or NotFound."""
    part = fusions[fusion]
    return {p.name: p.default for p in parameters(part)} | check_parameters(part, given, f"fusion '{fusion}'")
