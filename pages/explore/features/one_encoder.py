"""What one encoder says of the case being looked at: views to choose from, of which only the open one is computed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import streamlit as st

from mmcore import studies
from mmcore.base.progress import Progress
from mmcore.base.settings import _, counted
from mmcore.base.values import Box, Case, Column, Seconds, Segment, Span, Value, Whole
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.encoders.fitting import FoldPart
from mmcore.figures import theme
from mmcore.inspect.encoded_value import EncodedValue, encode_value
from mmcore.studies import encoder_views, trained_encoder
from pages.explore.features import token_views
from pages.frame import caches, jobs, linked, own_case, page, url_state
from pages.frame.markdown import escape
from pages.parts import finding, input_viewer, run_picker

if TYPE_CHECKING:
    from torch import nn

    from mmcore.runs import Run

PATIENCE = 1.5  # seconds a page waits for work that is probably quick


def show(cohort: Cohort, input: str, encoder: Encoder) -> None:
    """The views of the chosen encoder on the current case."""
    case = own_case.current_case()
    if input not in case.values:
        input_viewer.missing_here(input, cohort)
        return
    value, colour = case.values[input], theme.colour_of_input(cohort.inputs)[input]
    _forget_the_word(case)
    views = token_views.views(encoder)
    view = next(iter(views))
    if len(views) > 1:
        view = linked.choice(
            st.pills,
            _("What to look at"),
            views,
            "look",
            format_func=views.__getitem__,
            key=f"look-{input}-{encoder.name}",
            label_visibility="collapsed",
        )
    key = f"said-{input}-{encoder.name}"
    if view == token_views.LEARNT:
        learnt(cohort, case, input, encoder, colour, key)
    elif view in (token_views.TOKENS, "matrix"):
        encoded = encoded_value(cohort, case, input, encoder)
        if encoded is not None:
            finding.say(_in_words(input, encoder, encoded))
            part = encoder_views.fitted_part(cohort, input, encoder) if encoder.fits_on_fold else None
            if view == "matrix":
                token_views.matrix(encoded, value, key)
            else:
                token_views.show(encoded, value, encoder, colour, key, part)
    else:
        token_views.aside(view, value, encoder, colour, key, trained_module(cohort, case, input, encoder))


def _in_words(input: str, encoder: Encoder, encoded: EncodedValue) -> str:
    """What a token is here, and how many there are."""
    count, width = encoded.tokens.shape
    each = {
        Box: _("one for each region of the image"),
        Span: _("one for each word or part of a word"),
        Seconds: _("one for each stretch of time"),
        Segment: _("one for each part of the beat in each lead"),
        Column: _("one for each column"),
    }.get(type(encoded.places[0]) if encoded.places else Whole)
    if each is None or count == 1:
        return counted(
            width,
            "The encoder {encoder} reads {input} as one token: {count} number for all of it.",
            "The encoder {encoder} reads {input} as one token: {count} numbers for all of it.",
            encoder=encoder.name, input=input,
        )  # fmt: skip
    return counted(
        width,
        "The encoder {encoder} reads {input} as {tokens} tokens, {each}. A token is {count} number.",
        "The encoder {encoder} reads {input} as {tokens} tokens, {each}. A token is {count} numbers.",
        encoder=encoder.name, input=input, tokens=count, each=each,
    )  # fmt: skip


def encoded_value(cohort: Cohort, case: Case, input: str, encoder: Encoder) -> EncodedValue | None:
    """Tokens of the case, through what the encoder learns from the cohort if it does; None while that is at work.

    Raises MMError for a value that cannot be encoded.
    """
    if encoder.fits_on_fold and not fitted(cohort, input, encoder):
        return None
    with st.spinner(_("Encoding…")):
        seen = encoder_views.view(cohort, input, encoder) if encoder.fits_on_fold else None
        part, scale = (seen.part, seen.scale) if seen is not None else (None, None)
        value = case.values[input]
        whose = json.dumps([cohort.key if encoder.fits_on_fold else cohort.name, case.id, input])
        if case.id == own_case.OWN:
            key = f"{whose} {studies.identity_of(encoder)}"
            return own_case.worked_out(key, case, lambda: encode_value(encoder, value, part, scale))
        digest = cohort.digest(case.id, input) or ""
        return _cached_value(digest, studies.identity_of(encoder), whose, encoder, value, part, scale)


@st.cache_resource(max_entries=48, show_spinner=False)
def _cached_value(
    digest: str, about: str, whose: str, _encoder: Encoder, _value: Value, _part: FoldPart | None, _scale: Any
) -> EncodedValue:
    return encode_value(_encoder, _value, _part, _scale)


def fitted(cohort: Cohort, input: str, encoder: Encoder) -> bool:
    """Whether what the encoder learns from all cases is at hand; else its work is started and watched."""
    st.caption(
        _(
            "{name} learns from cases. This view uses all of them; scores use only the training cases of each fold."
        ).format(name=escape(encoder.name))
    )
    purpose = f"fit {cohort.key} {input} {studies.identity_of(encoder)}"
    job = jobs.latest(purpose)
    if job is None:
        label = _("Fitting {encoder} on all cases").format(encoder=encoder.name)
        job = jobs.start(purpose, _fit, cohort, input, encoder, label=label)
        with st.spinner(label):
            jobs.wait(job, PATIENCE)
    if job.active:
        jobs.watch(job)
        return False
    if jobs.outcome(job):
        return True
    if st.button(_("Try again"), icon=":material/refresh:", key=f"fit-again-{input}-{encoder.name}"):
        jobs.forget(purpose)
        st.rerun()
    return False


def _fit(cohort: Cohort, input: str, encoder: Encoder, *, progress: Progress) -> int:
    """Work of the job; the part stays in memory, for looking."""
    return encoder_views.view(cohort, input, encoder, progress).vectors.shape[1]


def learnt(cohort: Cohort, case: Case, input: str, encoder: Encoder, colour: str, key: str) -> None:
    """What the learnt part says after a run has trained it, or how to get there."""
    runs = runs_with(cohort, input, encoder)
    if not runs:
        st.info(
            _(
                "**{name} learns while a method is trained**, and no method has been trained "
                "with these options on this cohort yet. So far there is only what it will "
                "learn from: {stored}."
            ).format(name=escape(encoder.name), stored=stored(encoder)),
            icon=":material/model_training:",
        )
        page.link("train", _("Train with this encoder"), ":material/play_arrow:", method=input)
        return
    chosen = st.selectbox(
        _("Run that trained it"),
        [run.key for run in runs],
        format_func=lambda key: run_picker.named(next(run for run in runs if run.key == key).summary()),
        key=f"{key}-run",
        width=480,
    )
    run = caches.run(chosen)
    with st.spinner(_("Asking the trained network…")):
        after = trained_encoder.learnt(run, cohort, case, input, own_case.digest(input))
    st.caption(
        _("Read by a trained model that had not seen this case.")
        if after.unseen
        else _(
            "Read by a trained model that had seen this case: all models here were trained "
            "on it, or on a case with the same content."
        )
    )
    token_views.show(
        after.value,
        case.values[input],
        encoder,
        colour,
        f"{key}-learnt",
        title=_("The network's inner state over time"),
    )


def trained_module(cohort: Cohort, case: Case, input: str, encoder: Encoder) -> nn.Module | None:
    """The learnt part of the newest run that trained this encoder, if any."""
    runs = runs_with(cohort, input, encoder) if encoder.trains_in_run else []
    if not runs:
        return None
    return trained_encoder.module(runs[0], cohort, case, input, own_case.digest(input))


def runs_with(cohort: Cohort, input: str, encoder: Encoder) -> list[Run]:
    """Runs of this cohort that trained this encoder with these options, newest first."""
    keys = tuple(summary.key for summary in run_picker.summaries(cohort) if input in summary.inputs)
    return _runs_with(keys, cohort.key, input, studies.identity_of(encoder), cohort, encoder)


@st.cache_resource(max_entries=16, show_spinner=False)
def _runs_with(
    keys: tuple[str, ...], cohort: str, input: str, encoder: str, _cohort: Cohort, _encoder: Encoder
) -> list[Run]:
    return trained_encoder.runs_with(_cohort, input, _encoder)


def stored(encoder: Encoder) -> str:
    """What `prepare` keeps for an encoder that learns, in words."""
    if not encoder.raw:
        return _("the numbers that a fixed first step gives ({dims} for each token)").format(dims=f"{encoder.dims:,}")
    return {
        "image": _("the pixels, cut into patches"),
        "text": _("the numbers of the words"),
        "signal": _("the samples"),
        "table": _("the values"),
    }[encoder.spec.kind]


def _forget_the_word(case: Case) -> None:
    """A word chosen in one text means nothing in the next."""
    before, sign = st.session_state.get("_word_of"), own_case.sign(case)
    if before not in (None, sign):
        url_state.set_parameter("word", None)
    st.session_state["_word_of"] = sign
