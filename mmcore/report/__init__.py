"""Numbers as text: intervals, and the model card that goes with an exported run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mmcore.base.registry import label
from mmcore.base.settings import _, counted
from mmcore.evaluation import Difference, Interval, lower_is_better, metric_label

if TYPE_CHECKING:
    from mmcore.runs import Run


def number(value: float | None, digits: int = 3) -> str:
    """0.873; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:.{digits}f}" if abs(value) < 1000 else f"{value:.4g}"


def interval(value: Interval) -> str:
    """0.873 [0.841, 0.902]"""
    return f"{number(value.mean)} [{number(value.low)}, {number(value.high)}]"


def difference(value: Difference | None) -> str:
    """+0.031 [+0.008, +0.055]"""
    if value is None:
        return ""
    parts = [f"{x:+.3f}" if math.isfinite(x) else "–" for x in (value.difference, value.low, value.high)]
    return f"{parts[0]} [{parts[1]}, {parts[2]}]"


def verdict(value: Difference | None) -> str:
    """Whether the interval of a difference excludes zero, in words."""
    if value is None or not (math.isfinite(value.low) and math.isfinite(value.high)):
        return ""
    if value.low <= 0 <= value.high:
        return _("no clear difference")
    better = (value.difference > 0) != (lower_is_better(value.metric))
    return _("better") if better else _("worse")


def sign(value: Difference | None) -> str:
    """The verdict as a sign: ▲ better, ▼ worse, ≈ no clear difference."""
    return {"": "", _("better"): "▲", _("worse"): "▼"}.get(verdict(value), "≈")


def standing(found: Mapping[str, Difference], reference: str) -> str:
    """How many methods are better than a reference and how many are not, by intervals that exclude zero.

    found: method -> its difference to the reference.
    """
    verdicts = [verdict(one) for one in found.values()]
    better, worse = verdicts.count(_("better")), verdicts.count(_("worse"))
    if len(found) == 1:
        said = _("better") if better else _("worse") if worse else _("not settled")
        return _("{method} against {reference} alone: {said}.").format(
            method=next(iter(found)), reference=reference, said=said
        )
    return _("Better than {reference} alone: {better} of {count} methods; not settled: {open}; worse: {worse}.").format(
        reference=reference, better=better, count=len(found), open=len(found) - better - worse, worse=worse
    )


def leading(found: Mapping[str, Difference]) -> str:
    """The method in front with its difference; where there are others, how many lie within its interval, and what
    choosing it does to its number. Raises ValueError if there is no method."""
    low = any(lower_is_better(one.metric) for one in found.values())
    first = (min if low else max)(found, key=lambda name: found[name].difference)
    top = found[first]
    told = _("{method}: {difference}").format(method=first, difference=difference(top))
    if len(found) == 1:
        return f"{told}."
    near = sum(top.low <= one.difference <= top.high for name, one in found.items() if name != first)
    return _(
        "{which} {told}; within its interval: {near} of the {others} others. Chosen among {count} on these very "
        "cases, it looks better than it will on new ones."
    ).format(
        which=_("Lowest:") if low else _("Highest:"), told=told, near=near, others=len(found) - 1, count=len(found)
    )


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
    from mmcore.encoders import encoders
    from mmcore.fusion import fusions

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
