"""The present choices put together for the picture of the pipeline."""

from __future__ import annotations

from typing import Any

from mmcore.base.errors import MMError
from mmcore.base.settings import _, counted
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.figures import cohort as drawn
from mmcore.figures import theme
from mmcore.figures.pipeline import InputLane
from mmcore.runs import EncoderChoice, Run
from pages.frame import caches, url_state


def run(cohort: Cohort) -> Run | None:
    """The chosen run, or None if there is none, the link names one that is gone, or it is of another cohort."""
    key = url_state.run_key()
    if not key:
        return None
    try:
        chosen = caches.run(key)
    except MMError:
        return None
    return chosen if chosen.spec.cohort == cohort.name and {*chosen.spec.inputs} <= {*cohort.inputs} else None


def lanes(cohort: Cohort, case: Case, chosen_run: Run | None) -> list[InputLane]:
    """One lane an input: what the case has of it and which encoder reads it (the run's, where there is a run)."""
    of_run = chosen_run.spec.encoders if chosen_run else {}
    chosen = url_state.encoders(cohort) | dict(of_run)
    return [
        InputLane(
            name,
            spec.kind,
            case.values.get(name),
            float(cohort.present(name).mean()) if len(cohort) else 0.0,
            chosen[name].name,
            _note(chosen[name]),
            used=chosen_run is None or name in chosen_run.spec.inputs,
        )
        for name, spec in cohort.inputs.items()
    ]


def _note(choice: EncoderChoice) -> str:
    """What a token of a default encoder is; the options of any other."""
    notes = {
        "efficientnet_lite0": _("a token per image region"),
        "minilm_l6": _("a token per word piece"),
        "glove_6b_50d": _("a token per word"),
        "minirocket": _("a token per few seconds"),
        "log_mel": _("a token per frame"),
        "bilstm": _("frames, learnt in order"),
        "columns": _("a token per column"),
    }
    return notes.get(choice.name) or ", ".join(f"{name} {value}" for name, value in choice.options.items())


def fusion_and_output(cohort: Cohort, chosen_run: Run | None, trained: int = 0) -> dict[str, Any]:
    """Keyword arguments of `figures.pipeline.pipeline` after its lanes. trained: how many runs there are."""
    schema = cohort.schema
    task = {
        "binary": _("binary"),
        "multiclass": _("{count} classes").format(count=len(schema.classes)),
        "regression": _("a number"),
        None: "",
    }[schema.task]
    classes = schema.task in ("binary", "multiclass")
    colours, outputs = theme.class_colours(schema.classes), []
    if classes:
        table = drawn.balance_table(cohort)
        outputs = [
            (str(name), colours.get(name, theme.GREY), float(share))
            for name, share in zip(table["class"], table["share"], strict=True)
        ]
    parts = {"target": schema.target or _("no target"), "task": task, "outputs": outputs}
    if chosen_run is None and trained:
        count = counted(trained, "{count} trained run", "{count} trained runs")
        return parts | {"fusion": count, "fusion_note": _("none chosen: choose one on the Compare page")}
    if chosen_run is None:
        return parts | {"fusion": _("not trained yet"), "fusion_note": _("choose a method on the Train page")}
    interval = next(iter(chosen_run.metrics.items()), None)
    result = (
        _("{metric} {mean:.2f} [{low:.2f}, {high:.2f}]").format(
            metric=interval[0].upper(), mean=interval[1].mean, low=interval[1].low, high=interval[1].high
        )
        if interval
        else ""
    )
    spec = chosen_run.spec
    return parts | {
        "fusion": spec.method.replace("_", " "),
        "result": result,
        "fusion_note": _("{parameters}, {folds} × {seeds}").format(
            parameters=counted(chosen_run.parameters, "{count} parameter", "{count} parameters"),
            folds=counted(spec.folds, "{count} fold", "{count} folds"),
            seeds=counted(spec.seeds, "{count} seed", "{count} seeds"),
        ),
    }
