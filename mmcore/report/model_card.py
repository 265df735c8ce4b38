"""The model card that goes with an exported run."""

from __future__ import annotations

from datetime import UTC, datetime

from mmcore.base.registry import label
from mmcore.base.settings import _, counted
from mmcore.encoders import encoders
from mmcore.evaluation import metric_label
from mmcore.fusion import fusions
from mmcore.report.numbers import number
from mmcore.runs import Run


def model_card(run: Run) -> str:
    """The model card of a run, in Markdown: what it is, its data, how good it is, and where not to use it."""
    spec = run.spec
    lines = [
        f"# {_title(run)}",
        "",
        f"> **{_('Not for clinical use.')}** {_('A research model: it must not inform decisions about patients.')}",
        "",
    ]
    if spec.synthetic:
        lines += [f"> {_('Trained on synthetic cases: its numbers say nothing about real patients.')}", ""]
    lines += [f"## {_('What it is')}", "", *_bullets(_facts(run)), ""]
    lines += [f"## {_('Data')}", "", *_bullets(_data(run)), ""]
    lines += [f"## {_('Out-of-fold results')}", "", *_results(run), ""]
    lines += [f"## {_('Limits')}", "", *(f"- {limit}" for limit in _limits(run)), ""]
    lines += [f"## {_('Use')}", "", "```", "python -m mmcore predict THIS_FOLDER COHORT --json", "```", ""]
    use = _(
        "COHORT is a folder or table with the columns {columns}; an input that is absent counts as missing. "
        "Cases the model was trained on are known by a digest of their content "
        "and answered by replicates that had not seen them."
    )
    columns = dict.fromkeys(column for name in spec.inputs for column in spec.input_specs[name].columns)
    return "\n".join([*lines, use.format(columns=", ".join(f"`{column}`" for column in columns)), ""])


def _title(run: Run) -> str:
    return _("{method} on {cohort}").format(method=run.method, cohort=run.spec.title or run.spec.cohort)


def _facts(run: Run) -> dict[str, str]:
    spec, facts = run.spec, {}
    fusion = fusions[spec.fusion]
    facts[_("Method")] = label(fusion) + (f" ({fusion.citation})" if fusion.citation else "")
    for name in spec.inputs:
        part = encoders[spec.encoders[name].name]
        about = "; ".join(
            text for text in (part.citation, _("trained on {data}").format(data=part.trained_on), part.licence) if text
        )
        facts[_("Input {name} ({kind})").format(name=name, kind=spec.input_specs[name].kind)] = f"{part.name}: {about}"
    facts[_("Task")] = spec.task + (f" ({', '.join(spec.classes)})" if spec.classes else "")
    facts[_("Replicates")] = _("{folds} × {seeds}, averaged").format(
        folds=counted(spec.folds, "{count} fold", "{count} folds"),
        seeds=counted(spec.seeds, "{count} seed", "{count} seeds"),
    )
    facts[_("Trained weights of each")] = f"{run.parameters:,}"
    facts[_("Training")] = ", ".join(f"{name} {value}" for name, value in spec.training.model_dump().items())
    facts[_("Run")] = f"`{run.key}`, {datetime.fromtimestamp(run.created, UTC):%Y-%m-%d}"
    facts[_("Made with")] = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    return facts


def _data(run: Run) -> dict[str, str]:
    spec = run.spec
    return {
        _("Cohort"): f"{spec.cohort}" + (f" ({_('synthetic')})" if spec.synthetic else ""),
        _("Cases with a target"): str(run.cases),
        _("Target"): spec.target or "",
        _("Licence"): spec.licence or _("not stated"),
        _("Citation"): spec.citation or _("not stated"),
        _("Division"): spec.split + (f" ({_('group: {column}').format(column=spec.group)})" if spec.group else ""),
    }


def _results(run: Run) -> list[str]:
    rows = [
        f"| {metric_label(name)} | {number(x.mean)} | {number(x.low)} – {number(x.high)} | {number(x.seed_sd, 4)} |"
        for name, x in run.metrics.items()
    ]
    head = f"| {_('Metric')} | {_('Mean')} | {_('95% interval')} | {_('SD over seeds')} |"
    note = _("Every case was predicted by models that had not seen it{group}; intervals by bootstrap over cases{by}.")
    grouped = run.spec.group is not None and run.spec.split != "random"
    return [
        head,
        "|---|---|---|---|",
        *rows,
        "",
        note.format(group=_(" nor any of its group") if grouped else "", by=_(" by group") if run.spec.group else ""),
    ]


def _limits(run: Run) -> list[str]:
    limits = [
        _("Not validated outside the cohort it was trained on; other devices, sites and populations may differ."),
        _("Probabilities are as well calibrated as the calibration error above says, on this cohort only."),
        _("If it was chosen as the best of several methods on these cases, the choice flatters its numbers."),
        _("Attention weights show where the model looked, not why it decided."),
    ]
    if run.cases < 1000:
        limits.insert(0, _("Trained on {cases} cases, which is few.").format(cases=run.cases))
    return limits


def _bullets(facts: dict[str, str]) -> list[str]:
    return [f"- **{name}**: {text}" for name, text in facts.items() if text]
