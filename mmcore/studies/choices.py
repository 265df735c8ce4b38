"""What a study uses: which inputs, encoders and methods, and the spec of a run they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmcore.cases import Kind
from mmcore.cohorts import Cohort, folds_of
from mmcore.encoders import DEFAULTS, Encoder, encoders, make
from mmcore.errors import BadInput, MMError, Unavailable, several, unknown
from mmcore.fusion import fusions
from mmcore.registry import check_parameters, parameters, source_digest
from mmcore.runs import EncoderChoice, RunSpec
from mmcore.settings import _
from mmcore.tasks import task_of
from mmcore.training import TrainingSpec

Choices = Mapping[str, EncoderChoice | str]


def usable_inputs(cohort: Cohort) -> list[str]:
    """Inputs that at least one case has."""
    return [name for name in cohort.inputs if cohort.present(name).any()]


def suitable_encoders(kind: Kind) -> list[str]:
    """Encoders of a kind that can be used here, the default first."""
    usable = [name for name, part in encoders.items() if part.kind is kind and part.unavailable() is None]
    return sorted(usable, key=lambda name: (name != DEFAULTS[kind], encoders[name].learns, name))


def default_encoders(cohort: Cohort) -> dict[str, EncoderChoice]:
    """The encoder a new user gets for each input. Raises Unavailable if nothing can encode one of them."""
    chosen = {}
    for name, spec in cohort.inputs.items():
        suitable = suitable_encoders(spec.kind)
        if not suitable:
            reason = encoders[DEFAULTS[spec.kind]].unavailable() or ""
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
    """Every usable input alone, then, if there are several, every fusion method that can be used here."""
    inputs = usable_inputs(cohort)
    fusing = [name for name, part in fusions.items() if part.unavailable() is None] if len(inputs) > 1 else []
    return inputs + sorted(fusing, key=_by_complexity)


def _by_complexity(name: str) -> tuple[int, str]:
    """Plain methods first; a new one goes last."""
    known = ("concat", "mlp", "late", "gated", "modality_attention", "cross_attention")
    return (known.index(name) if name in known else len(known), name)


def check_methods(cohort: Cohort, methods: Sequence[str]) -> list[str]:
    """The methods without repetition. Raises one error with every one that is unknown or cannot be used."""
    wrong = []
    for method in methods:
        try:
            _check_method(cohort, method)
        except MMError as error:
            wrong.append(error)
    if wrong:
        raise several(wrong)
    return list(dict.fromkeys(methods))


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
) -> RunSpec:
    """The spec of one run: `method` names an input (that input alone) or a fusion of `inputs` (all by default).

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
        encoder_identities={name: made[name].identity() for name in used},
        fusion=fusion,
        fusion_identity=source_digest(fusions[fusion]),
        fusion_options=options,
        training=training or TrainingSpec(),
        folds=len(divided),
        seeds=seeds,
        split=divided.kind,
    )


def _options(fusion: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """All options of a fusion: saying a default or leaving it out is the same run. Raises BadInput or NotFound."""
    part = fusions[fusion]
    return {p.name: p.default for p in parameters(part)} | check_parameters(part, given, f"fusion '{fusion}'")


def task_of_cohort(cohort: Cohort):
    """The task, after checking that the cohort has a target that can be learnt. Raises BadInput."""
    cohort.require_target()
    return task_of(cohort)
