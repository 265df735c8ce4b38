"""The model card of a run, in the sections of Mitchell et al. (2019): what it is, for whom, how good, its limits."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from mmcore.base.capitals import capitalised
from mmcore.base.kind_names import kind_name, task_name
from mmcore.base.name_lists import list_of
from mmcore.base.registry import label
from mmcore.base.score_digits import written
from mmcore.base.settings import _, counted, translated
from mmcore.cohorts import Cohort, keeps_groups
from mmcore.cohorts.division_words import division_in_words
from mmcore.encoders import encoders
from mmcore.evaluation import Interval, IntervalMethod, metric_label
from mmcore.fusion import fusions
from mmcore.report.comparison import no_interval
from mmcore.report.document import Document, Section, Table
from mmcore.report.markdown_text import write_markdown
from mmcore.report.method_sections import setting_rows
from mmcore.report.subgroups import subgroups
from mmcore.runs import Run, RunSpec


def model_card(run: Run) -> str:
    """The model card of a run as Markdown."""
    return write_markdown(card_document(run))


def card_document(run: Run, cohort: Cohort | None = None) -> Document:
    """The model card as a document. cohort: whose cases the run was tested on, for its results in parts of them."""
    spec = run.spec
    warning = _("Not for clinical use. A research model: it must not inform decisions about patients.")
    if spec.synthetic:
        warning += " " + _("Trained on synthetic cases: its numbers say nothing about real patients.")
    score = run.metrics[spec.metric]
    words = (
        _("{metric} {score} (95% interval {low} to {high}) on cases it had not seen.")
        if _has_ends(score)
        else _("{metric} {score} on cases it had not seen.")
    )
    answer = words.format(
        metric=metric_label(spec.metric),
        score=written(score.mean),
        low=written(score.low, score.mean),
        high=written(score.high, score.mean),
    )
    sections = [
        Section(_("Model details"), (), _details(run)),
        Section(_("Intended use"), _use(run)),
        _factors(run, cohort),
        Section(_("Metrics"), (_metrics(run),)),
        Section(_("Evaluation data"), _evaluated(run)),
        Section(_("Training data"), (), _data(run)),
        Section(_("Quantitative analyses"), (_("Results on cases that the models had not seen."),), _results(run)),
        Section(_("Ethical considerations"), _ethics(run)),
        Section(_("Caveats and recommendations"), _caveats(run)),
    ]
    title = _("{method} on {cohort}").format(method=run.method.replace("_", " "), cohort=spec.title or spec.cohort)
    made = _("Model card after Mitchell et al. (2019), made by Fusionscope on {date}.")
    return Document(
        capitalised(title), (answer,), warning, tuple(sections), made.format(date=f"{datetime.now(UTC):%Y-%m-%d}")
    )


def _details(run: Run) -> Table:
    spec, fusion = run.spec, fusions[run.spec.fusion]
    rows = [(_("Method"), label(fusion) + (f" ({fusion.citation})" if fusion.citation else ""))]
    for name in spec.inputs:
        part = encoders[spec.encoders[name].name]
        trained = _("trained on {data}").format(data=translated(part.trained_on))
        about = "; ".join(text for text in (label(part), part.citation, trained, part.licence) if text)
        kind = kind_name(spec.input_specs[name].kind)
        rows.append((_("Reads {name} ({kind}) with").format(name=name, kind=kind), about))
    rows += [
        (_("Kind of answer"), task_name(spec.task) + (f" ({', '.join(spec.classes)})" if spec.classes else "")),
        (_("Models that are averaged"), _replicates(run)),
        (_("Trained parameters in each"), f"{run.parameters:,}"),
    ]
    rows += setting_rows(spec.training)
    rows += _tuned(spec)
    rows += [
        (_("Run"), f"{run.key}, {datetime.fromtimestamp(run.created, UTC):%Y-%m-%d}"),
        (_("Made with"), list_of(f"{name} {version}" for name, version in run.versions.items())),
    ]
    return Table((_("what"), _("value")), tuple(rows))


def _tuned(spec: RunSpec) -> list[tuple[str, str]]:
    """The settings of each fold that differ from those of the run, where they were tuned."""
    rows, given = [], spec.training.model_dump()
    for fold, training in enumerate(spec.training_by_fold, 1):
        changed = {name: value for name, value in training.model_dump().items() if value != given[name]}
        text = list_of(f"{name.replace('_', ' ')} {value:g}" for name, value in changed.items())
        rows.append((_("Chosen for fold {number}").format(number=fold), text or _("as above")))
    return rows


def _replicates(run: Run) -> str:
    folds = (
        _("{folds} (one part of the cohort held out)")
        if _held_out(run)
        else _("{folds} (parts of the cohort left out in turn)")
    ).format(folds=counted(run.spec.folds, "{count} fold", "{count} folds"))
    seeds = counted(run.spec.seeds, "{count} seed", "{count} seeds")
    if run.spec.seeds > 1:
        seeds = _("{seeds} (repeats with other random numbers)").format(seeds=seeds)
    return f"{folds} × {seeds}"


def _use(run: Run) -> tuple[str, ...]:
    spec = run.spec
    columns = dict.fromkeys(column for name in spec.inputs for column in spec.input_specs[name].columns)
    return (
        _("Made to compare ways of predicting {target} from {inputs}, in research and teaching.").format(
            inputs=list_of(spec.inputs), target=spec.target or ""
        ),
        _("Out of scope: any decision about a patient; other devices, sites or populations without a new test."),
        _("To predict: {command}").format(command="python -m mmcore predict THIS_FOLDER COHORT --json"),
        _(
            "COHORT is a folder or table with the columns {columns}; an input that is absent counts as missing. "
            "Cases that the run was tested on are recognised by their content, and answered by models that had not "
            "seen them."
        ).format(columns=list_of(f"'{column}'" for column in columns)),
    )


def _factors(run: Run, cohort: Cohort | None) -> Section:
    table = subgroups(cohort, run) if cohort is not None else None
    if table is not None:
        return Section(_("Factors"), (_("Results in parts of the cohort."),), table)
    return Section(
        _("Factors"),
        (_("How well the model does by sex, age, site or device is not part of this card and must be tested."),),
    )


def _metrics(run: Run) -> str:
    ways = {interval.method for interval in run.metrics.values()}
    sentences = [
        _("Methods are compared by {metric}."),
        _("The 95% intervals rest on leaving out {unit} in turn (jackknife).")
        if any(map(_has_ends, run.metrics.values()))
        else no_interval(run.metrics[run.spec.metric].note, run.spec.metric),
        _("Those of shares, such as accuracy, rest instead on how many cases were counted (Wilson).")
        if IntervalMethod.WILSON in ways
        else "",
        _("The interval of the calibration error consists of the values that a test does not reject.")
        if IntervalMethod.INVERSION in ways
        else "",
        _("The spread over seeds shows how much chance in training matters.") if run.spec.seeds > 1 else "",
    ]
    unit = _("groups") if run.spec.group else _("cases")
    return " ".join(filter(None, sentences)).format(metric=metric_label(run.spec.metric), unit=unit)


def _evaluated(run: Run) -> tuple[str, ...]:
    grouped = run.spec.group is not None and keeps_groups(run.spec.split)
    return (
        _("The part of the cohort that was held out, judged by models that had not seen it.")
        if _held_out(run)
        else _("The cases used in training, each judged by models that had not seen that case{group}.").format(
            group=_(" or any other of its group") if grouped else ""
        ),
        _("All cases come from this one cohort: how well the model does elsewhere is not known."),
    )


def _data(run: Run) -> Table:
    spec = run.spec
    rows = {
        _("Cohort"): f"{spec.cohort}" + (f" ({_('synthetic')})" if spec.synthetic else ""),
        _("Cases held out for testing") if _held_out(run) else _("Cases with a target"): str(run.cases),
        _("Target"): spec.target or "",
        _("Licence"): spec.licence or _("not stated"),
        _("Citation"): spec.citation or _("not stated"),
        _("Division"): division_in_words(spec.split)
        + (f" ({_('group: {column}').format(column=spec.group)})" if spec.group else ""),
    }
    return Table((_("what"), _("value")), tuple(rows.items()))


def _results(run: Run) -> Table:
    rows = [
        (
            metric_label(name),
            written(x.mean),
            f"{written(x.low, x.mean)} – {written(x.high, x.mean)}" if _has_ends(x) else "–",
            written(x.seed_sd, x.mean),
        )
        for name, x in run.metrics.items()
    ]
    return Table((_("metric"), _("mean"), _("95% interval"), _("SD over seeds")), tuple(rows))


def _has_ends(score: Interval) -> bool:
    return math.isfinite(score.low) and math.isfinite(score.high)


def _ethics(run: Run) -> tuple[str, ...]:
    lines = [
        _(
            "The model learnt whatever the cases hold, including their biases; a good score does not show that "
            "it is fair."
        ),
        _(
            "The weights hold no case, but what was learnt from few cases may reveal something about them: share "
            "the weights with care."
        ),
    ]
    return tuple(lines[:1] if run.spec.synthetic else lines)


def _caveats(run: Run) -> tuple[str, ...]:
    lines = [
        _("Not validated outside the cohort it was trained on; other devices, sites and populations may differ."),
        *(
            [_("Its probabilities are as good as the calibration error above says, on this cohort only.")]
            if "ece" in run.metrics
            else []
        ),
        _("If it was chosen as the best of several methods on these cases, the choice flatters its numbers."),
        _("Attention weights show where the model looked, not why it decided."),
    ]
    if run.cases < 1000:
        few = (
            _("Tested on {cases} cases, which is few.")
            if _held_out(run)
            else _("Trained on {cases} cases, which is few.")
        )
        lines.insert(0, few.format(cases=run.cases))
    return tuple(lines)


def _held_out(run: Run) -> bool:
    """Whether one published part was tested, and no case of the others: its cases are no training data."""
    return run.spec.folds == 1
