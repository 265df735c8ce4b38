"""What is kept in memory between reruns and shared between sessions, bounded, keyed by names, digests and keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from mmcore.base import languages
from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.cohorts import Cohort, Roles, open_cohort

if TYPE_CHECKING:
    from mmcore.encoders import Encoder
    from mmcore.features import Features
    from mmcore.runs import EncoderChoice, Run, RunSpec


def cohort(source: str, roles: str = "") -> Cohort:
    """The cohort of that built-in name or path; opened anew when its table has changed. Raises MMError."""
    return _cohort(source, roles, stamp(source), languages.language())


@st.cache_resource(max_entries=8, show_spinner=False)
def _cohort(source: str, roles: str, stamp: tuple[float, ...], language: str) -> Cohort:
    """language: of what is said of its files."""
    return open_cohort(source, read_roles(roles))


def read_roles(text: str) -> Roles:
    """Roles from their JSON. Raises BadInput."""
    try:
        return Roles(**json.loads(text or "{}"))
    except (ValueError, TypeError, RecursionError, ValidationError) as error:
        raise BadInput(
            _("What this link says about the columns cannot be read: {text}").format(text=text[:200]),
            _("Open the cohort again from the sidebar."),
        ) from error


def stamp(source: str) -> tuple[float, ...]:
    """Changes when the table at a path does."""
    path = Path(source).expanduser()
    try:
        files = [path, *(path / name for name in ("cases.csv", "cases.parquet", "cohort.toml"))]
        return tuple(file.stat().st_mtime for file in files if file.exists())
    except OSError:
        return ()


def features(cohort: Cohort, input: str, encoder: Encoder) -> Features:
    """What this encoder says of an input: from memory, else from disk, else computed now (seconds to minutes)."""
    return _features(cohort.key, input, encoder.identity(), cohort, encoder)


@st.cache_resource(max_entries=24, show_spinner=False)
def _features(cohort_key: str, input: str, identity: str, _cohort: Cohort, _encoder: Encoder) -> Features:
    from mmcore.features import encode

    return encode(_cohort, input, _encoder)


@st.cache_resource(max_entries=48, show_spinner=False)
def encoder(name: str, options: str, spec_text: str) -> Encoder:
    """An encoder for an input; `options` and `spec_text` are JSON (of a dict and of an InputSpec)."""
    from mmcore.base.values import InputSpec
    from mmcore.encoders import make

    return make(name, InputSpec.model_validate_json(spec_text), **json.loads(options))


def encoder_of(cohort: Cohort, input: str, choice: EncoderChoice) -> Encoder:
    """The encoder chosen for an input of the cohort. Raises MMError."""
    return encoder(
        choice.name, json.dumps(dict(choice.options), sort_keys=True), cohort.inputs[input].model_dump_json()
    )


@st.cache_resource(max_entries=32, show_spinner=False)
def run(key: str) -> Run:
    """A finished run by its key. Raises NotFound."""
    from mmcore import runs

    return runs.store().get(key)


@st.cache_resource(max_entries=1024, show_spinner=False)
def run_spec(key: str) -> RunSpec:
    """What a run was made with, which never changes; tables ask it of more runs than are kept. Raises NotFound."""
    return run(key).spec
