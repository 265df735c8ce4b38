"""Train a fusion method on the open cohort: form from signatures, live curves, cancel, result."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mmcore import evaluation, studies
from mmcore.base.registry import parameters
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.figures import training_curves as drawn
from mmcore.figures.comparison import method_name
from mmcore.fusion import fusions
from mmcore.runs import RunSpec
from mmcore.training import TrainingSpec
from pages.frame import caches, jobs, page, url_state
from pages.frame.markdown import escape
from pages.fuse.train import cost_dialog
from pages.parts import chart, encoder_picker, form_fields, method_picker, run_picker, run_result

FIRST = ("optimiser", "learning_rate", "epochs", "width")  # what most people change; the rest is folded away
SPLITS = {
    "auto": _("choose for me"),
    "random": _("random, stratified"),
    "group": _("by group"),
    "leave-one-group-out": _("leave one group out"),
}


def main() -> None:
    cohort = url_state.cohort()
    cohort.require_target()
    left, right = st.columns([5, 7], gap="medium")
    with left, page.guard():
        form(cohort)
    with right, page.guard():
        here(cohort)


def form(cohort: Cohort) -> None:
    method = method_picker.pick(cohort)
    fusing = method in fusions
    usable = studies.usable_inputs(cohort)
    if fusing:
        bound = [name for name in url_state.bind("inputs", usable) if name in usable]
        inputs = (
            st.pills(
                _("Inputs"),
                usable,
                selection_mode="multi",
                default=bound or usable,
                format_func=escape,
                key=f"train-inputs-{cohort.name}",
            )
            or usable
        )
        inputs = [name for name in usable if name in inputs]
        url_state.set("inputs", inputs if inputs != usable else None)
    else:
        inputs = [method]
    chosen = url_state.encoders(cohort)
    changed = {name: given for name, given in url_state.augmentations(cohort).items() if name in inputs and given}
    made = {name: caches.encoder_of(cohort, name, chosen[name]) for name in inputs}
    st.caption(escape(said_of(made, changed)))
    encoder_picker.caution(cohort, made)
    with st.form("train-form", border=True):
        options = {}
        if fusing and (fields := parameters(fusions[method])):
            st.markdown(_("**The method**"))
            options = form_fields.form_fields(fields, f"train-{method}", columns=2)
        st.markdown(_("**How results are checked**"))
        a, b = st.columns(2)
        folds = a.number_input(
            _("Folds"),
            2,
            20,
            5,
            key="train-folds",
            help=_("Parts the cases are divided into; each is predicted by models that never saw it."),
        )
        seeds = b.number_input(
            _("Seeds"),
            1,
            20,
            5,
            key="train-seeds",
            help=_("Repetitions with other random starts. Their spread is reported."),
        )
        split = st.selectbox(
            _("Split"),
            list(SPLITS),
            format_func=SPLITS.get,
            key="train-split",
            help=_("By group keeps all cases of a patient or speaker together."),
        )
        copies = 0
        if changed:
            copies = st.slider(
                _("Augmented copies of each training case"),
                1,
                10,
                studies.COPIES,
                key="train-copies",
                help=_("Each is encoded once and kept; training draws from them, checks never do."),
            )
        st.markdown(_("**Training**"))
        values = form_fields.model_fields(TrainingSpec, "train-spec", names=FIRST, columns=2)
        with st.expander(_("More settings"), icon=":material/tune:"):
            values |= form_fields.model_fields(
                TrainingSpec, "train-spec", names=[n for n in TrainingSpec.model_fields if n not in FIRST], columns=2
            )
        if st.form_submit_button(_("Train"), type="primary", icon=":material/play_arrow:", width="stretch"):
            spec = studies.plan(
                cohort,
                method,
                chosen,
                studies.StudySettings(
                    folds=int(folds),
                    seeds=int(seeds),
                    split=split,
                    training=TrainingSpec(**values),
                    fusion_options={method: options},
                    augmentations=changed,
                    copies=copies,
                ),
                inputs=inputs,
            )
            with st.spinner(_("Measuring what it will cost…")):
                price = None if known_already(spec) else studies.cost(cohort, spec)
            if price is not None and (price.notable or price.seconds > cost_dialog.WORTH_ASKING):
                cost_dialog.ask(price, spec, lambda: begin(cohort, spec))
            else:
                begin(cohort, spec)


def said_of(made: Mapping[str, Encoder], changed) -> str:
    """Which encoders and augmentations a run will use, in a sentence."""
    parts = [
        _("{input}: {encoder} (learns in the run)").format(input=name, encoder=encoder.name)
        if encoder.trains_in_run
        else f"{name}: {encoder.name}"
        for name, encoder in made.items()
    ]
    told = _("Encoders: {list}.").format(list=", ".join(parts))
    if changed:
        kept = [f"{name}: {', '.join(one.name for one in given)}" for name, given in changed.items()]
        told += " " + _("Augmentation of training cases: {list}.").format(list="; ".join(kept))
    return told + " " + _("Change them on the Features page.")


def known_already(spec: RunSpec) -> bool:
    from mmcore import runs

    return runs.store().find(spec.key) is not None


def begin(cohort: Cohort, spec: RunSpec) -> None:
    """Start the run, or open it at once if it is known."""
    url_state.set("job", None)
    if known_already(spec):
        url_state.choose_run(spec.key[:10])
        url_state.set("done", "cached")
        st.rerun()
    total = f"{spec.folds} × {spec.seeds}"
    jobs.start(
        purpose(spec.key),
        carry_out,
        cohort,
        spec,
        label=_("{method}, {total} replicates").format(method=method_name(spec.method), total=total),
    )
    url_state.set("job", spec.key)
    url_state.set("done", None)
    st.rerun()


def purpose(key: str) -> str:
    return f"train {key}"


def carry_out(cohort: Cohort, spec: RunSpec, *, progress) -> str:
    """Work of the job. Returns the key of the run."""
    return studies.train(cohort, spec, progress=progress).key


def here(cohort: Cohort) -> None:
    """The job asked for, else the chosen run, else what to do."""
    key = url_state.bind("job", "")
    job = jobs.latest(purpose(key)) if key else None
    others(job)
    if job is not None and job.active:
        with st.container(border=True):
            st.markdown(_("**Training now.** You may leave this page: it goes on."))
            jobs.watch(
                job,
                lambda job: curves(job, evaluation.metric_label(evaluation.followed_in_training(cohort.schema.task))),
            )
        return
    if job is not None and jobs.outcome(job):
        url_state.choose_run(key[:10])
        url_state.set("job", None)
        url_state.set("done", "fresh")
    elif job is not None:
        return
    found = run_picker.summaries(cohort)
    if not found:
        with st.container(border=True):
            st.subheader(_("Nothing is trained on this cohort yet"), anchor=False)
            st.markdown(
                _(
                    "Choose a method on the left and press **Train**. Encoding happens once; after that a run "
                    "takes seconds, with an honest interval over folds and seeds."
                )
            )
        return
    run = run_picker.chosen(found, _("Finished run"), "train-run")
    if run is not None:
        how = url_state.bind("done", "")
        if how == "cached":
            st.success(
                _("This very run was trained before, so its result is shown at once. Same settings, same numbers."),
                icon=":material/bolt:",
            )
        elif how == "fresh":
            st.success(_("Trained in {seconds:.1f} s.").format(seconds=run.seconds), icon=":material/check_circle:")
        run_result.show(run)


def others(mine) -> None:
    """How much else is at work."""
    from mmcore.jobs import engine

    active = [job for job in engine.jobs() if job.active and job is not mine]
    if active:
        with st.expander(
            _("{count} other jobs at work or waiting").format(count=len(active)), icon=":material/hourglass_top:"
        ):
            for job in active:
                jobs.progress(job)


def curves(job, metric: str) -> None:
    """Learning curves while the job runs."""
    records = list(job.history)
    if not records:
        st.caption(_("Curves appear with the first epoch; the cohort is encoded first where that is not done yet."))
        return
    chart.show(
        drawn.live_curves(records, metric=metric),
        key=f"live-{job.id}",
        title=_("Learning curves"),
        note=_("mean over the replicates at work"),
        alt=_("Live learning curves"),
    )


page.page(
    _("Train"),
    _("Pick a method, train it on all folds and seeds at once, and see how sure the result is."),
    ":material/model_training:",
)
with page.guard():
    main()
