"""What a study uses: which inputs, encoders and methods, and the spec of a run they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmcore import augmentation
from mmcore.augmentation import Augmentation
from mmcore.base.errors import BadInput, MMError, Unavailable, several, unknown
from mmcore.base.registry import check_parameters, parameters, source_digest
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort, folds_of
from mmcore.encoders import DEFAULTS, Encoder, encoders, make
from mmcore.fusion import fusions
from mmcore.runs import AugmentationChoice, EncoderChoice, RunSpec
from mmcore.training import TrainingSpec
from mmcore.training.tasks import task_of

Choices = Mapping[str, EncoderChoice | str]
ALL = "all"  # instead of a method: every one of them
_PLAIN_FIRST = (
    "concat",
    "mean",
    "sum",
    "max",
    "mlp",
    "late",
    "late_learnt",
    "gated",
    "film",
    "bilinear",
    "tensor",
    "low_rank",
    "mixture_of_experts",
    "modality_attention",
    "self_attention",
    "graph",
    "cross_attention",
    "transformer",
    "bottleneck",
    "perceiver",
)
COPIES = 3  # augmented copies of each training case, where augmentation is chosen


def usable_inputs(cohort: Cohort) -> list[str]:
    """Inputs that at least one case has."""
    return [name for name in cohort.inputs if cohort.present(name).any()]


def suitable_encoders(kind: Kind) -> list[str]:
    """Encoders of a kind that can be used here, the default first."""
    usable = [name for name, part in encoders.items() if part.kind is kind and part.unavailable() is None]
    return sorted(usable, key=lambda name: (name != DEFAULTS[kind], encoders[name].trains_in_run, name))


def default_encoders(cohort: Cohort) -> dict[str, EncoderChoice]:
    """The encoder a new user gets for each input. Raises Unavailable if nothing can encode one of them."""
    chosen = {}
    for name, spec in cohort.inputs.items():
        reason = encoders[DEFAULTS[spec.kind]].unavailable()
        if reason is None:  # the others need not be asked, some of which would ask the network
            chosen[name] = EncoderChoice(name=DEFAULTS[spec.kind])
            continue
        suitable = suitable_encoders(spec.kind)
        if not suitable:
            raise Unavailable(_("No encoder of kind {kind} can be used here.").format(kind=spec.kind), reason)
        chosen[name] = EncoderChoice(name=suitable[0])
    return chosen


def encoder_choices(cohort: Cohort, chosen: Choices | None = None) -> dict[str, EncoderChoice]:
    """The default encoder of every input, unless `chosen` names another. Raises one error with all wrong names."""
    choices, wrong = default_encoders(cohort), []
    for name, choice in (chosen or {}).items():
        choice = EncoderChoice(name=choice) if isinstance(choice, str) else choice
        if name not in cohort.inputs:
            wrong.append(unknown(_("input"), name, cohort.inputs))
            continue
        try:
            make(choice.name, cohort.inputs[name], **choice.options)
        except MMError as error:
            wrong.append(error)
        choices[name] = choice
    if wrong:
        raise several(wrong)
    return choices


def make_encoder(cohort: Cohort, input: str, choice: EncoderChoice) -> Encoder:
    """The chosen encoder, for this input of the cohort."""
    return make(choice.name, cohort.inputs[input], **choice.options)


def default_methods(cohort: Cohort) -> list[str]:
    """Every usable input alone, then, if there are several, every standard fusion method that can be used here."""
    return usable_inputs(cohort) + [name for name in fusing(cohort) if fusions[name].standard]


def all_methods(cohort: Cohort) -> list[str]:
    """Every usable input alone, then, if there are several, every fusion method that can be used here."""
    return usable_inputs(cohort) + fusing(cohort)


def fusing(cohort: Cohort) -> list[str]:
    """Fusion methods that can be used here, plain ones first; none if the cohort has a single input."""
    if len(usable_inputs(cohort)) < 2:
        return []
    return sorted((name for name, part in fusions.items() if part.unavailable() is None), key=_by_complexity)


def _by_complexity(name: str) -> tuple[int, str]:
    """Plain methods first; a new one goes last."""
    return (_PLAIN_FIRST.index(name) if name in _PLAIN_FIRST else len(_PLAIN_FIRST), name)


def check_methods(cohort: Cohort, methods: Sequence[str]) -> list[str]:
    """The methods without repetition, "all" standing for every one (unless an input is named so).

    Raises one error with every one that is unknown or cannot be used.
    """
    wrong, asked = [], []
    for method in methods:
        asked += all_methods(cohort) if method == ALL and ALL not in cohort.inputs else [method]
    for method in asked:
        try:
            _check_method(cohort, method)
        except MMError as error:
            wrong.append(error)
    if wrong:
        raise several(wrong)
    return list(dict.fromkeys(asked))


def _check_method(cohort: Cohort, method: str) -> None:
    inputs = usable_inputs(cohort)
    if method in cohort.inputs and method not in inputs:
        raise BadInput(_("No case has the input '{name}'.").format(name=method), _("Check its column and files."))
    if method in inputs:
        return
    if method not in fusions:
        raise unknown(_("method"), method, [*cohort.inputs, *fusions])
    fusions.usable(method)


def plan(
    cohort: Cohort,
    method: str,
    encoders: Choices | None = None,
    *,
    inputs: Sequence[str] | None = None,
    folds: int = 5,
    seeds: int = 5,
    split: str = "auto",
    training: TrainingSpec | None = None,
    fusion_options: Mapping[str, Any] | None = None,
    augmentations: Mapping[str, Sequence[AugmentationChoice | str]] | None = None,
    copies: int = COPIES,
) -> RunSpec:
    """The spec of one run: `method` names an input (that input alone) or a fusion of `inputs` (all by default).

    augmentations: by input, what changes the `copies` of each training case; nothing by default.

    Raises BadInput, NotFound or Unavailable for whatever stands in the way: no target, too few cases or groups,
    unknown names, options out of bounds.
    """
    task = task_of_cohort(cohort)
    if seeds < 1:
        raise BadInput(_("{seeds} seeds cannot be trained.").format(seeds=seeds), _("Use 1 seed or more."))
    _check_method(cohort, method)
    alone = method in cohort.inputs
    used = [method] if alone else list(inputs or usable_inputs(cohort))
    wrong = [unknown(_("input"), name, cohort.inputs) for name in used if name not in cohort.inputs]
    if wrong:
        raise several(wrong)
    used = [name for name in cohort.inputs if name in used]  # the order of the cohort, so that it decides nothing
    if not used:
        raise BadInput(
            _("No case of '{name}' has any input.").format(name=cohort.name), _("Check the columns and files.")
        )
    chosen = encoder_choices(cohort, encoders)
    made = {name: make_encoder(cohort, name, chosen[name]) for name in used}
    fusion = "concat" if alone else method
    options = _options(fusion, {} if alone else fusion_options or {})
    changed = _augmentations(cohort, used, augmentations or {})
    divided = folds_of(cohort, split, folds)
    schema = cohort.schema
    return RunSpec(
        cohort=cohort.name,
        cohort_key=cohort.key,
        cohort_source=str(cohort.source),
        title=schema.title,
        licence=schema.licence,
        citation=schema.citation,
        synthetic=schema.synthetic,
        task=task.name,
        classes=task.classes,
        target=schema.target,
        group=schema.group,
        inputs=tuple(used),
        input_specs={name: cohort.inputs[name] for name in used},
        encoders={name: EncoderChoice(name=made[name].name, options=made[name].options()) for name in used},
        encoder_identities={name: trained_identity(made[name]) for name in used},
        fusion=fusion,
        fusion_identity=source_digest(fusions[fusion]),
        fusion_options=options,
        augmentations={
            name: tuple(AugmentationChoice(name=one.name, options=one.options()) for one in made)
            for name, made in changed.items()
        },
        augmentation_identities={name: augmentation.identity_of(made) for name, made in changed.items()},
        copies=copies if changed else 0,
        training=training or TrainingSpec(),
        folds=len(divided),
        seeds=seeds,
        split=divided.kind,
    )


def _augmentations(
    cohort: Cohort, used: Sequence[str], chosen: Mapping[str, Sequence[AugmentationChoice | str]]
) -> dict[str, list[Augmentation]]:
    """The augmentations of the inputs used. Raises NotFound or BadInput."""
    wrong, found = [unknown(_("input"), name, cohort.inputs) for name in chosen if name not in cohort.inputs], {}
    if wrong:
        raise several(wrong)
    for name in used:
        choices = [AugmentationChoice(name=c) if isinstance(c, str) else c for c in chosen.get(name, ())]
        if choices:
            found[name] = [augmentation.make(c.name, cohort.inputs[name].kind, **c.options) for c in choices]
    return found


def trained_identity(encoder: Encoder) -> str:
    """Identity in a run, of what is given and of what is learnt: some read what another encoder has prepared."""
    return f"{encoder.identity()} {encoder.name} {encoder.version}"


def _options(fusion: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """All options of a fusion: saying a default or leaving it out is the same run. Raises BadInput or NotFound."""
    part = fusions[fusion]
    return {p.name: p.default for p in parameters(part)} | check_parameters(part, given, f"fusion '{fusion}'")


def task_of_cohort(cohort: Cohort):
    """The task, after checking that the cohort has a target that can be learnt. Raises BadInput."""
    cohort.require_target()
    return task_of(cohort)
