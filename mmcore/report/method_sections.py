"""The closing sections of a report: which methods, with which settings, what they cannot tell, how to repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmcore.base.name_lists import list_of
from mmcore.base.registry import label
from mmcore.base.settings import _, counted, translated
from mmcore.cohorts import Cohort
from mmcore.cohorts.division_words import division_in_words
from mmcore.encoders import encoders
from mmcore.fusion import fusions
from mmcore.report.document import Section, Table
from mmcore.report.nameless import nameless
from mmcore.runs import EncoderChoice, Run
from mmcore.training import TrainingSpec

_PROBLEMS = 5  # of the comparison, and of the cohort, that are listed


def methods(runs: Mapping[str, Run]) -> list[Section]:
    """What fuses, and what reads each input."""
    rows = []
    for method, run in runs.items():
        fusion = fusions[run.spec.fusion]
        alone = len(run.spec.inputs) == 1
        what = _("this input alone") if alone else label(fusion)
        rows.append((method.replace("_", " "), what, "" if alone else fusion.citation, f"{run.parameters:,}"))
    read_by: dict[str, list[EncoderChoice]] = {}  # of runs with other encoders several
    for run in runs.values():
        for name, choice in run.spec.encoders.items():
            if choice not in read_by.setdefault(name, []):
                read_by[name].append(choice)
    uniform = all(len(choices) == 1 for choices in read_by.values())
    fused = Section(
        _("Methods"),
        (
            _("Every method reads the same features and is tested on the same cases.")
            if uniform
            else _(
                "Every method is tested on the same cases. Not all read an input with the same encoder, "
                "so their scores may differ for that reason, too."
            ),
        ),
        Table((_("method"), _("what it does"), _("source"), _("trained parameters")), tuple(rows)),
    )
    chosen = [(name, choice.name) for name, choices in read_by.items() for choice in choices]
    parts = [(name, encoders[encoder]) for name, encoder in dict.fromkeys(chosen) if encoder in encoders]
    encoded = tuple((name, label(part), translated(part.trained_on), part.citation) for name, part in parts)
    heads = (_("input"), _("encoder"), _("trained on"), _("source"))
    words = _("An encoder turns an input into numbers, its features, from which the methods learn.")
    return [fused, Section(_("What reads each input"), (words,), Table(heads, encoded))]


def limits(compared: Mapping[str, Any], cohort: Cohort) -> Section:
    """What the numbers do not tell."""
    lines = [
        _("The intervals apply to new cases from the same source, not to another hospital."),
        _("Encoders are general ones unless their name says otherwise; they were not made for this question."),
        _("Attention shows what a model weighed, not why it decided."),
    ]
    if compared["cases"] < 1000:
        lines.insert(
            0, _("{cases} cases are few: small differences cannot be detected.").format(cases=compared["cases"])
        )
    own = [problem for problem in compared.get("problems", ()) if problem not in cohort.problems]
    listed = [*own[:_PROBLEMS], *cohort.problems[:_PROBLEMS]]
    lines += [nameless(problem, cohort) for problem in listed]
    if more := len(own) + len(cohort.problems) - len(listed):
        lines.append(
            counted(
                more,
                "There is {count} more remark that is not listed here.",
                "There are {count} more remarks that are not listed here.",
            )
        )
    return Section(_("Limits"), tuple(lines))


def settings(compared: Mapping[str, Any], runs: Mapping[str, Run]) -> Section:
    """How the cases were divided and the methods trained."""
    divided = _("{folds}, {seeds}, {split}").format(
        folds=counted(compared["folds"], "{count} fold", "{count} folds"),
        seeds=counted(compared["seeds"], "{count} seed", "{count} seeds"),
        split=division_in_words(compared["split"]),
    )
    rows = [(_("Division of the cases"), divided)]
    specs = list(dict.fromkeys(run.spec.training for run in runs.values()))
    for spec in specs[:1]:
        rows += setting_rows(spec)
    parts = (
        _("Folds: the cases are divided into this many parts, and each part is judged by models trained on the others.")
        if compared["folds"] > 1
        else _("One part of the cases is held out, and judged by models trained on the others.")
    )
    repeats = _("Seeds: training is repeated this often with other random numbers, and the answers are averaged.")
    words = [f"{parts} {repeats}" if compared["seeds"] > 1 else parts]
    if len(specs) > 1:
        words.append(_("The methods were trained with different settings; those of the first are listed."))
    return Section(_("Settings"), tuple(words), Table((_("setting"), _("value")), tuple(rows)))


def setting_rows(spec: TrainingSpec) -> list[tuple[str, str]]:
    """Each setting of the training in words, with its value."""
    fields = TrainingSpec.model_fields
    return [(translated(fields[name].description or name), _value(value)) for name, value in spec.model_dump().items()]


def _value(value: object) -> str:
    if isinstance(value, bool) or value is None or value in ("none", "no"):
        return _("yes") if value is True else _("no")
    return str(value)


def reproduce(compared: Mapping[str, Any], runs: Mapping[str, Run]) -> Section:
    """The command, the versions, and the names of the runs."""
    versions = next(iter(runs.values())).versions if runs else {}
    command = "mmcore compare COHORT --folds {folds} --seeds {seeds} --split {split}".format_map(compared)
    lines = (
        _(
            "On a command line: {command} (name the methods, encoders and settings listed above where they are not the "
            "usual ones)"
        ).format(command=command),
        _("Versions: {versions}.").format(versions=list_of(f"{name} {version}" for name, version in versions.items())),
    )
    rows = tuple((method.replace("_", " "), run.key) for method, run in runs.items())
    return Section(_("How to get the same numbers"), lines, Table((_("method"), _("run")), rows))
