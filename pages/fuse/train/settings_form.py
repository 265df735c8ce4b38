"""What a run is made of: its inputs and their encoders, the options of the method, how it is checked and trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from mmcore import studies
from mmcore.base.name_lists import list_of
from mmcore.base.registry import parameters
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.fusion import fusions
from mmcore.runs import AugmentationChoice, RunSpec
from mmcore.studies.setting_search import SPACE, Budget
from mmcore.training import TrainingSpec
from pages.frame import caches, linked, page, url_state
from pages.frame.markdown import escape
from pages.parts import encoder_picker, form_fields, method_picker, ready_to_run

SEARCHES = (0, 10, 20, 50)  # settings tried in each fold; 0: those of the form alone
FIRST = ("optimiser", "learning_rate", "epochs", "width")  # what most people change; the rest is folded away


class Wanted(NamedTuple):
    """A run, and how many settings are tried for it in each fold; None: those it names."""

    spec: RunSpec
    budget: Budget | None = None


def choose_inputs(cohort: Cohort, method: str) -> list[str]:
    """The inputs that a method fuses, in the order of the cohort; a single input is its own method."""
    if not method_picker.is_fusion(cohort, method):
        return [method]
    usable = studies.usable_inputs(cohort)
    chosen = linked.choices(
        st.pills,
        _("Inputs"),
        usable,
        "inputs",
        first=usable,
        selection_mode="multi",
        format_func=escape,
        key=f"train-inputs-{cohort.name}",
    )
    return [name for name in usable if name in chosen] or usable


def say_encoders(cohort: Cohort, inputs: Sequence[str]) -> None:
    """Which encoders and augmentations a run will use, the way to change them, and what speaks against them."""
    choices = url_state.encoders(cohort)
    encoders = {name: caches.encoder_of(cohort, name, choices[name]) for name in inputs}
    with st.expander(_("Encoders: what reads each input"), icon=":material/memory:", type="compact"):
        for name in inputs:
            encoder_picker.short_pick(cohort, name)
        page.link("features", _("See what each of them makes of the input"))
    st.caption(escape(_in_words(encoders, _augmentations(cohort, inputs))))
    encoder_picker.caution(cohort, encoders)


def show(cohort: Cohort, method: str, inputs: Sequence[str]) -> Wanted | None:
    """How thoroughly to train, and the button; what it asks for once pressed. Raises MMError for settings that
    cannot be."""
    efforts = {
        "thorough": _("Thorough"),
        "quick": _("Quick"),
        "custom": _("Custom"),
    }
    effort = linked.choice(
        st.segmented_control,
        _("How thoroughly"),
        efforts,
        "effort",
        format_func=efforts.__getitem__,
        key="train-effort",
        width="stretch",
        help=_(
            "The more repeats, the surer the result. The Compare page shows runs of the same thoroughness side by side."
        ),
    )
    if effort == "custom":
        return _custom(cohort, method, inputs)
    folds, seeds = (5, 5) if effort == "thorough" else (3, 1)
    spec = _plan(cohort, method, inputs, folds=folds, seeds=seeds, copies=studies.COPIES)
    about = (
        _("The cohort is cut into {folds} parts, and each is judged by models trained on the others.")
        if spec.folds > 1  # those of groups or of a published split are as many as these
        else _("One part of the cases is held out, and judged by models trained on the others.")
    ).format(folds=spec.folds)
    if seeds > 1:
        about += " " + _("Everything is trained {seeds} times, each time from another random start.").format(
            seeds=seeds
        )
    st.caption(about)
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(_("Train"), type="primary", icon=":material/play_arrow:", key="train-now")
        st.caption(ready_to_run.takes(cohort, [spec]), width="content")
    return Wanted(spec) if pressed else None


def _custom(cohort: Cohort, method: str, inputs: Sequence[str]) -> Wanted | None:
    """Every number of a run, in a form."""
    augmentations = _augmentations(cohort, inputs)
    with st.form("train-form", border=True):
        fusion_options = _method_options(cohort, method)
        st.markdown(_("**How results are checked**"))
        folds, seeds, split = _checks()
        copies = _copies() if augmentations else 0
        st.markdown(_("**Training**"))
        training = _training()
        trials = _search()
        pressed = st.form_submit_button(_("Train"), type="primary", icon=":material/play_arrow:", width="stretch")
    if not pressed:
        return None
    spec = _plan(
        cohort,
        method,
        inputs,
        folds=folds,
        seeds=seeds,
        split=split,
        training=TrainingSpec(**training),
        fusion_options={method: fusion_options},
        copies=copies,
    )
    for sentence in studies.folds_not_followed(folds, spec.folds, spec.split):
        st.toast(sentence, icon=":material/info:", duration="long")  # it stays while the page is drawn anew
    return Wanted(spec, Budget(trials=trials) if trials else None)


def _plan(cohort: Cohort, method: str, inputs: Sequence[str], **settings: Any) -> RunSpec:
    varied = {name: tuple(choices) for name, choices in _augmentations(cohort, inputs).items()}
    chosen = studies.StudySettings(augmentations=varied, **settings)
    return studies.plan(cohort, method, url_state.encoders(cohort), chosen, inputs=inputs)


def _method_options(cohort: Cohort, method: str) -> dict[str, Any]:
    fields = parameters(fusions[method]) if method_picker.is_fusion(cohort, method) else []
    if not fields:
        return {}
    st.markdown(_("**The method**"))
    return form_fields.form_fields(fields, f"train-{method}", columns=2)


def _checks() -> tuple[int, int, str]:
    """Folds, seeds and split."""
    splits = {
        "auto": _("choose for me"),
        "random": _("at random, classes spread evenly"),
        "group": _("by group"),
        "leave-one-group-out": _("leave one group out"),
    }
    left, right = st.columns(2)
    folds = left.number_input(
        _("Folds"),
        2,
        20,
        5,
        key="train-folds",
        persist_state="session",
        help=_("Parts the cohort is cut into; each is judged by models trained on the others."),
    )
    seeds = right.number_input(
        _("Seeds"),
        1,
        20,
        5,
        key="train-seeds",
        persist_state="session",
        help=_(
            "How many times everything is trained, each time from another random start. The "
            "spread between these is reported."
        ),
    )
    split = st.selectbox(
        _("Split"),
        list(splits),
        format_func=splits.__getitem__,
        key="train-split",
        persist_state="session",
        help=_("“By group” keeps all cases of one patient or speaker in the same part."),
    )
    return int(folds), int(seeds), split


def _copies() -> int:
    return st.slider(
        _("Augmented copies of each training case"),
        1,
        10,
        studies.COPIES,
        key="train-copies",
        persist_state="session",
        help=_("Each copy is encoded once and stored; copies are used in training, never in testing."),
    )


def _training() -> dict[str, Any]:
    """Fields of a TrainingSpec."""
    values = form_fields.model_fields(TrainingSpec, "train-spec", names=FIRST, columns=2)
    with st.expander(_("More settings"), icon=":material/tune:"):
        others = [name for name in TrainingSpec.model_fields if name not in FIRST]
        return values | form_fields.model_fields(TrainingSpec, "train-spec", names=others, columns=2)


def _search() -> int:
    """Settings to be tried in each fold; 0: none but those of the form."""
    searched = list_of(form_fields.label_of(name) for name in SPACE)
    names = {0: _("no: train as set here")} | {
        trials: _("yes, trying {count} in each fold").format(count=trials) for trials in SEARCHES[1:]
    }
    return st.selectbox(
        _("Search for better settings"),
        SEARCHES,
        format_func=names.__getitem__,
        key="train-search",
        persist_state="session",
        help=_(
            "Tries other values of {settings}. Each fold uses those that do best on a part of its "
            "training cases, so no case decides the settings of the models that judge it. Each trial may "
            "take as long as one training."
        ).format(settings=searched),
    )


def _augmentations(cohort: Cohort, inputs: Sequence[str]) -> dict[str, list[AugmentationChoice]]:
    chosen = url_state.augmentations(cohort)
    return {name: choices for name, choices in chosen.items() if name in inputs and choices}


def _in_words(encoders: Mapping[str, Encoder], augmentations: Mapping[str, Sequence[AugmentationChoice]]) -> str:
    named = [
        _("{encoder} ({input}, trained with the method)").format(input=name, encoder=encoder.name)
        if encoder.trains_in_run
        else f"{encoder.name} ({name})"
        for name, encoder in encoders.items()
    ]
    sentence = _("Read by {list}.").format(list=list_of(named))
    if augmentations:
        varied = [
            f"{name} ({', '.join(choice.name.replace('_', ' ') for choice in choices)})"
            for name, choices in augmentations.items()
        ]
        sentence += " " + _("Augmentation of training cases: {list}.").format(list="; ".join(varied))
    return sentence
