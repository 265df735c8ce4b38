"""What runs have in common beside their method, and in what they differ: only alike runs tell of the method alone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import streamlit as st

from mmcore.base.errors import MMError
from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.figures.comparison import method_name
from mmcore.runs import EncoderChoice, Run, RunSpec, RunSummary
from mmcore.studies.planning import trained_identity
from mmcore.studies.study_settings import StudySettings
from mmcore.training import TrainingSpec
from pages.frame import caches, url_state
from pages.parts import form_fields


def differences(runs: Sequence[Run], *, options: bool = True) -> list[str]:
    """In what these runs differ although it is not their method, in words; empty where they are alike.

    options: whether those of the methods count; they decide nothing where the methods themselves are not used.
    """
    specs = [run.spec for run in runs]
    sentences = []
    if mixed := _mixed([{name: _encoder(spec, name) for name in spec.inputs} for spec in specs]):
        sentences.append(_("the encoder of {inputs}").format(inputs=list_of(mixed)))
    if settings := _mixed([spec.training.model_dump() | {"tuned": bool(spec.training_by_fold)} for spec in specs]):
        sentences.append(_("training settings ({names})").format(names=list_of(map(_setting, settings))))
    if varied := _mixed([{name: _varied(spec, name) for name in spec.inputs} for spec in specs]):
        sentences.append(_("augmentation of {inputs}").format(inputs=list_of(varied)))
    if options and (other := _mixed([{spec.method: _text(spec.fusion_options)} for spec in specs])):
        sentences.append(_("options of {methods}").format(methods=list_of(map(method_name, other))))
    return sentences


def _setting(name: str) -> str:
    """A training setting as the form calls it, within a sentence."""
    return (_("Search for better settings") if name == "tuned" else form_fields.label_of(name)).lower()


def encoders_of(runs: Sequence[Run], cohort: Cohort) -> dict[str, EncoderChoice]:
    """The encoder of every input: that of the runs, the one chosen now for inputs that none of them reads."""
    return url_state.encoders(cohort) | {name: choice for run in runs for name, choice in run.spec.encoders.items()}


def settings_of(spec: RunSpec) -> StudySettings:
    """Of a study that trains as this run was trained."""
    return StudySettings(training=spec.training, folds=spec.folds, seeds=spec.seeds, split=spec.split)


def purpose(cohort: Cohort, encoders: Mapping[str, EncoderChoice], training: TrainingSpec) -> str:
    """Text that differs where encoders or training do, by which what was computed with them is found again."""
    made = {name: caches.encoder_of(cohort, name, choice) for name, choice in encoders.items()}
    return _text([{name: _identified(encoder) for name, encoder in made.items()}, training.model_dump(mode="json")])


def as_chosen(summaries: Sequence[RunSummary], cohort: Cohort) -> set[str]:
    """Keys of the runs whose inputs were encoded as is chosen now."""
    current = {}
    for name, choice in url_state.encoders(cohort).items():
        with suppress(MMError):  # an encoder that cannot be used has encoded nothing
            current[name] = _identified(caches.encoder_of(cohort, name, choice))
    return {s.key for s in summaries if _encoders(s.key).items() <= current.items()}


@st.cache_data(max_entries=1024, show_spinner=False)
def _encoders(key: str) -> dict[str, str]:
    """By input, the encoder of a run. What a run was made with never changes."""
    spec = caches.run_spec(key)
    return {name: _encoder(spec, name) for name in spec.inputs}


def _identified(encoder: Encoder) -> str:
    return _text([encoder.name, encoder.options(), trained_identity(encoder)])


def _encoder(spec: RunSpec, input: str) -> str:
    choice = spec.encoders[input]
    return _text([choice.name, choice.options, spec.encoder_identities[input]])


def _varied(spec: RunSpec, input: str) -> str:
    """How copies of an input are made, and how many; the same text for every run that makes none."""
    choices = spec.augmentations.get(input, ()) if spec.copies else ()
    return _text([[choice.model_dump() for choice in choices], spec.copies] if choices else None)


def _mixed(facts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Names that have several values among these facts, where they are named at all."""
    values = defaultdict(set)
    for encoder in facts:
        for name, value in encoder.items():
            values[name].add(value)
    return [name for name, sentences in values.items() if len(sentences) > 1]


def _text(facts: Any) -> str:
    return json.dumps(facts, sort_keys=True, default=str)
