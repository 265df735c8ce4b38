"""Where a run looks within each input on average over the cohort, class beside class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from mmcore import studies
from mmcore.base.progress import Progress
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort
from mmcore.figures import cohort_maps as drawn
from mmcore.figures import heat, theme
from mmcore.fusion import fusions
from mmcore.runs import Run
from pages.frame import jobs, page
from pages.frame.markdown import escape
from pages.parts import chart, input_viewer

CASES = 400  # looked at, at most
_SEGMENTS = 15  # drawn of the segments of all leads
_AT_ONCE = 4  # classes drawn beside one another
_TALL = {Kind.IMAGE: 5, Kind.SIGNAL: 5, Kind.TABLE: 4, Kind.TEXT: 6}  # of a card, roughly
Means = Mapping[str, Mapping[str, Any]]


def show(run: Run, cohort: Cohort) -> None:
    """A card an input; nothing for a method that weighs no tokens."""
    if run.method != run.spec.fusion or fusions[run.spec.fusion].reads != "tokens":
        return
    averages = _averages(run, cohort)
    if averages is None or not averages["inputs"]:
        return
    st.header(_("Where it looks, on average"), anchor=False)
    st.caption(
        _(
            "Average weights in {cases} of {total} cases, from models that had not seen them; where the target has "
            "classes, for each true class by itself. They are given in even shares: 1 is what every token (region, "
            "word, stretch, column) would weigh if all weighed the same, 2 is twice that. Cases without the input are "
            "left out."
        ).format(cases=averages["cases"], total=averages["of"])
    )
    classes = _classes(run, averages["classes"])
    columns, filled = st.columns(2, gap="medium"), [0, 0]
    for name, means in averages["inputs"].items():
        kind, side = cohort.inputs[name].kind, int(filled[1] < filled[0])
        filled[side] += _TALL[kind]
        with columns[side].container(border=True), page.guard():
            input_viewer.head(name, cohort)
            shown = {label: means[label] for label in classes if label in means}
            if shown:
                _DRAW[kind](name, shown, theme.class_colours(averages["classes"]))
            else:
                st.caption(_("The encoder reads this input as a whole, so there are no places to average."))


def _averages(run: Run, cohort: Cohort) -> dict[str, Any] | None:
    """From disk where they are known; else worked out in the background."""
    purpose = f"averages {run.key} {cohort.key}"
    job = jobs.latest(purpose) or jobs.start(purpose, _work, run, cohort, label=_("Averaging where the model looks"))
    if job.active:
        with st.spinner(_("Averaging where the model looks…")):
            jobs.wait(job, 2.0)
    if job.active:
        with st.container(border=True):
            jobs.watch(job)
        return None
    if not jobs.outcome(job):
        if st.button(_("Try again"), icon=":material/refresh:", key="averages-again"):
            jobs.forget(purpose)
            st.rerun()
        return None
    return job.result()


def _work(run: Run, cohort: Cohort, *, progress: Progress) -> dict[str, Any]:
    return studies.averages(run, cohort, cases=CASES, progress=progress)


def _classes(run: Run, classes: Sequence[str]) -> list[str]:
    """All of them if they are few, else the reader's choice, in their order."""
    if len(classes) <= _AT_ONCE:
        return list(classes)
    chosen = st.pills(
        _("Classes shown"),
        classes,
        selection_mode="multi",
        default=list(classes)[:_AT_ONCE],
        format_func=escape,
        key=f"averages-classes-{run.key[:8]}",
    )
    return [label for label in classes if label in chosen] or list(classes)[:_AT_ONCE]


def _image(name: str, means: Means, colours: Mapping[str, str]) -> None:
    top = drawn.deepest(means)
    chart.heading(
        _("Where"),
        _("over the mean image of these cases"),
        drawn.grid_frame(means),
        f"averaged-{name}",
    )
    st.html(heat.legend(heat.HeatScale(top)))
    for start in range(0, len(means), 2):
        for slot, label in zip(st.columns(2, gap="small"), list(means)[start : start + 2], strict=False):
            with slot:
                st.caption(escape(drawn.with_size(label, means[label]["cases"])))
                chart.show(
                    drawn.grid(means[label], top),
                    key=f"averaged-{name}-{label}",
                    alt=_("Mean heat over the image, {label}").format(label=label),
                )


def _signal(name: str, means: Means, colours: Mapping[str, str]) -> None:
    if all(mean.get("columns") for mean in means.values()):  # tokens that have names say more than seconds
        _segments(name, means, colours)
        return
    chart.show(
        drawn.over_time(means, colours),
        key=f"averaged-{name}",
        title=_("When"),
        note=_("band: 95% interval of the mean; dashed: an even share"),
        data=drawn.time_frame(means),
        alt=_("Mean weight over time, by class"),
    )


def _segments(name: str, means: Means, colours: Mapping[str, str]) -> None:
    count = len(drawn.columns_frame(means)["column"].unique())
    note = _("with the 95% interval of the mean; dashed: an even share")
    if count > _SEGMENTS:
        note += "; " + _("only the {shown} greatest of {count}").format(shown=_SEGMENTS, count=count)
    chart.show(
        drawn.columns(means, colours, _SEGMENTS),
        key=f"averaged-{name}",
        title=_("Which parts of the beat"),
        note=note,
        data=drawn.columns_frame(means),
        alt=_("Mean weight of each part of the beat, by class"),
    )


def _table(name: str, means: Means, colours: Mapping[str, str]) -> None:
    chart.show(
        drawn.columns(means, colours),
        key=f"averaged-{name}",
        title=_("Which columns"),
        note=_("with the 95% interval of the mean; dashed: an even share"),
        data=drawn.columns_frame(means),
        alt=_("Mean weight of each column, by class"),
    )


def _text(name: str, means: Means, colours: Mapping[str, str]) -> None:
    least = max(mean["least"] for mean in means.values())
    chart.heading(
        _("Which words"),
        _(
            "the words with the greatest mean weight, of those that occur at least {least} "
            "times; ×: how often each occurs"
        ).format(least=least),
        drawn.words_frame(means),
        f"averaged-{name}",
    )
    reach = max([1.0, *(mean["words"][0]["mean"] for mean in means.values() if mean["words"])])
    for start in range(0, len(means), 2):
        for slot, label in zip(st.columns(2, gap="small"), list(means)[start : start + 2], strict=False):
            with slot:
                st.caption(escape(drawn.with_size(label, means[label]["cases"])))
                if not means[label]["words"]:
                    st.caption(_("No word occurs often enough."))
                    continue
                chart.show(
                    drawn.words(means[label]["words"], colours.get(label, theme.ACCENT), reach),
                    key=f"averaged-{name}-{label}",
                    alt=_("Words with the greatest mean weight, {label}").format(label=label),
                )


_DRAW = {Kind.IMAGE: _image, Kind.SIGNAL: _signal, Kind.TABLE: _table, Kind.TEXT: _text}
