"""Which encoder separates the target: encoders of an input side by side, out of fold, and how alike they are."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.name_lists import list_of
from mmcore.base.progress import Progress
from mmcore.base.score_digits import digits_of, written
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.encoders import encoders
from mmcore.figures import class_separation as drawn
from mmcore.figures import theme
from mmcore.runs import EncoderChoice
from mmcore.studies import Agreement, FeatureStudy
from pages.frame import jobs, linked, url_state
from pages.frame.markdown import escape
from pages.parts import chart, finding
from pages.parts.run_result import split_name

_MATRIX = 900  # pixels: wider, few encoders would make bars of its cells
PATIENCE = 2.0  # seconds a page waits for what is probably known already


def show(cohort: Cohort, input: str) -> None:
    """Encoders to compare, then what they come to; what was measured before is there at once."""
    st.markdown(
        _("**Which encoder predicts {target} best?**").format(target=escape(cohort.schema.target or _("the target")))
    )
    cohort.require_target()
    wanted = _wanted(cohort, input)
    if not wanted:
        st.info(_("Choose at least one encoder."), icon=":material/info:")
        return
    purpose = f"separate {cohort.key} {_named(wanted)}"
    job = jobs.latest(purpose)
    if job is None:
        fresh = studies.unscored(cohort, wanted)
        if fresh and not _confirmed(fresh):
            return
        label = _("Measuring encoders of {input}").format(input=input)
        job = jobs.start(purpose, measure, cohort, wanted, label=label)
        if fresh:
            st.rerun()
        with st.spinner(_("Looking for earlier results…")):
            jobs.wait(job, PATIENCE)
    if job.active:
        st.caption(_("Every case is encoded once and every score is saved; you may leave this page meanwhile."))
        jobs.watch(job)
    elif jobs.outcome(job):
        _result(cohort, input, job.result())
    elif st.button(_("Try again"), icon=":material/refresh:", key="separate-again"):
        jobs.forget(purpose)
        st.rerun()


def measure(cohort: Cohort, wanted: dict[str, list[EncoderChoice]], *, progress: Progress) -> FeatureStudy:
    """Work of the job."""
    return studies.features(cohort, wanted, inputs=list(wanted), progress=progress)


def _wanted(cohort: Cohort, input: str) -> dict[str, list[EncoderChoice]]:
    """The encoders to compare, by input; the one in force keeps its options."""
    current = url_state.encoders(cohort)
    kind = cohort.inputs[input].kind
    offered = [current[input].name, *(n for n in studies.suitable_encoders(kind) if n != current[input].name)]
    usual = list(dict.fromkeys([current[input].name, *studies.suitable_encoders(kind)[:1]]))
    bound = [name for name in url_state.parameter(f"compared.{input}", []) if name in offered]
    key = f"separate-{cohort.name}-{input}"
    if key not in st.session_state:
        st.session_state[key] = bound or usual
    names = st.multiselect(
        _("Encoders of {input}").format(input=escape(input)),
        offered,
        key=key,
        format_func=lambda name: (
            _("{name} (learns during training)").format(name=name) if encoders[name].trains_in_run else name
        ),
    )
    url_state.set_parameter(f"compared.{input}", names if set(names) != set(usual) else None)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.button(
            _("All that need no training"),
            icon=":material/select_all:",
            key=f"{key}-all",
            on_click=lambda: st.session_state.update({key: [n for n in offered if not encoders[n].trains_in_run]}),
        )
        others = len(cohort.inputs) > 1 and linked.toggle(
            _("Also the encoders of the other inputs"), "compared.others", key=f"{key}-others"
        )
    chosen = [current[input] if name == current[input].name else EncoderChoice(name=name) for name in names]
    by_input = {input: chosen} if chosen else {}
    if others and chosen:
        by_input |= {name: [current[name]] for name in studies.usable_inputs(cohort) if name != input}
    return by_input


def _named(wanted: dict[str, list[EncoderChoice]]) -> str:
    return str(sorted((input, sorted(choice.model_dump_json() for choice in all)) for input, all in wanted.items()))


def _confirmed(fresh: list[str]) -> bool:
    """Whether the reader wants what was never measured."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        pressed = st.button(_("Measure"), type="primary", icon=":material/play_arrow:", key="separate-go")
        st.caption(
            _(
                "Not measured yet: {names}. Every case is encoded once, in seconds to minutes; then the result "
                "is saved."
            ).format(names=list_of(fresh)),
            width="stretch",
        )
    return pressed


def _result(cohort: Cohort, input: str, study: FeatureStudy) -> None:
    rows = sorted((row for row in study.rows if row.probe is not None), key=lambda row: _rank(study, input, row))
    unscored = [row for row in study.rows if row.probe is None]
    if rows:
        finding.say(_in_words(study, input, rows, cohort.schema.target or ""))
        table = drawn.table(rows)
        chart.show(
            drawn.forest(rows, study.metric, theme.colour_of_input(cohort.inputs), chance=study.chance),
            key=f"separation-{input}",
            title=_("{metric} of each encoder by itself").format(metric=drawn.name_of(study.metric)),
            note=_("mean and 95% interval, on cases not used for fitting"),
            data=table,
            alt=_("Forest plot of encoders of {input} by {metric}").format(input=input, metric=study.metric),
        )
    for row in unscored:
        st.info(f"**{escape(row.label)}**: {escape(row.reason or '')}", icon=":material/info:")
    st.caption(_honest(cohort, study, input))
    with st.expander(_("All numbers")):
        _table(drawn.table(study.rows))
    if study.agreement is not None:
        _agreement(study, study.agreement, input)


def _rank(study: FeatureStudy, input: str, row: Any) -> tuple[bool, float]:
    return row.input != input, -studies.goodness(study.metric, row.probe.interval.mean)


def _in_words(study: FeatureStudy, input: str, rows: list[Any], target: str) -> str:
    """Which encoder tells the classes apart best, and whether that is sure, in a sentence or two."""
    verdict = study.verdict(input)
    if verdict is None:
        first = rows[0]
        sentence = _(
            "{encoder} alone reaches {metric} {score:.2f} for {target} (95% interval {low:.2f} to {high:.2f})."
        )
        return sentence.format(
            encoder=first.label,
            metric=drawn.name_of(study.metric),
            score=first.probe.interval.mean,
            low=first.probe.interval.low,
            high=first.probe.interval.high,
            target=target,
        )
    shown = {row.label: f"{row.probe.interval.mean:.3f}" for row in rows}
    if verdict.even and {shown[name] for name in verdict.even} == {shown[verdict.best]}:
        sentence = _("{best} predicts {target} no better and no worse than {names}.")
        return sentence.format(best=verdict.best, target=target, names=list_of(verdict.even))
    if verdict.even:
        sentence = _("{best} predicts {target} best, but its lead over {names} may be chance.")
        return sentence.format(best=verdict.best, target=target, names=list_of(verdict.even))
    return _("{best} predicts {target} best, clearly ahead of the rest.").format(best=verdict.best, target=target)


def _honest(cohort: Cohort, study: FeatureStudy, input: str) -> str:
    scored = [row for row in study.rows if row.probe is not None]
    cases = sorted({row.cases for row in scored})
    missing = sorted({row.missing for row in scored})
    sentence = _(
        "The target of each case is predicted in two ways, from the cases most like it and by a linear "
        "model, both from other cases only ({folds} {split}). Cases that have the input and a target: "
        "{cases}; cases that lack the input and are left out: {missing}. Lines: 95% intervals, by leaving out "
        "{unit} in turn (jackknife). The tokens of a case are averaged here; a method that weighs them may do "
        "better. An encoder that learns is measured before training."
    ).format(
        folds=study.folds,
        split=split_name(study.split, study.folds).rstrip(","),
        cases=" / ".join(map(str, cases)) or 0,
        missing=" / ".join(map(str, missing)) or 0,
        unit=_("groups") if cohort.groups is not None else _("cases"),
    )
    if (verdict := study.verdict(input)) is not None:
        sentence += " " + _("Differences smaller than about {least} may be chance here.").format(
            least=written(verdict.resolution)
        )
    return sentence + (" " + _("The cohort is synthetic.") if cohort.schema.synthetic else "")


def _table(data: pd.DataFrame) -> None:
    number = st.column_config.NumberColumn
    scores = {
        "probe_mean": _("Linear model"), "probe_low": _("Linear model, low"), "probe_high": _("Linear model, high"),
        "knn_mean": _("Similar cases"), "knn_low": _("Similar cases, low"), "knn_high": _("Similar cases, high"),
    }  # fmt: skip
    digits = digits_of(float(data["probe_mean"].abs().max()))
    milliseconds = data.assign(seconds_per_case=data["seconds_per_case"] * 1000)
    st.dataframe(
        milliseconds,
        hide_index=True,
        column_config={
            "input": _("Input"),
            "encoder": _("Encoder"),
            "dims": number(_("Numbers in a token")),
            "tokens": number(_("Tokens")),
            "seconds_per_case": number(_("ms per case"), format="%.1f", help=_("Encoding alone, on one core")),
            "cases": number(_("Cases")),
            "missing": number(_("Missing")),
            **{name: number(title, format=f"%.{digits}f") for name, title in scores.items()},
            "learns": _("Learns in training"),
            "note": _("Remark"),
        },
        alt=_("Scores of all encoders"),
    )


def _agreement(study: FeatureStudy, agreement: Agreement, input: str) -> None:
    labels = agreement.labels
    if len({row.input for row in study.rows}) == 1:
        labels = [label.removeprefix(f"{input}: ") for label in labels]
    with st.container(width=_MATRIX):
        chart.show(
            drawn.agreement(labels, agreement.cka, agreement.cases),
            key=f"alike-{input}",
            title=_("How similarly encoders arrange the cases"),
            note=_("1: the same arrangement, however turned or scaled; 0: unrelated (debiased linear CKA)"),
            data=pd.DataFrame(agreement.cka, index=agreement.labels, columns=agreement.labels),
            alt=_("Heatmap of the agreement of encoders"),
        )
    st.caption(
        _(
            "Encoders that agree hold much the same information, so fusing them adds little. Encoders "
            "that differ may each capture something different, or one of them may be noise: the scores "
            "above tell which."
        )
    )
