"""Encoders side by side on the same case, each with its chief view and what it costs."""

from __future__ import annotations

import streamlit as st

from mmcore import studies
from mmcore.base.settings import _, counted, translated
from mmcore.base.values import Case
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder, encoders
from mmcore.figures import theme
from mmcore.inspect.encoded_value import speed
from pages.explore.features import one_encoder, token_views
from pages.frame import caches, linked, own_case, page, url_state
from pages.frame.markdown import escape
from pages.parts import encoder_picker, input_viewer

MOST = 3
FIRST = (
    "efficientnet_lite0", "hog", "minilm_tfidf", "glove_6b_50d", "minirocket", "log_mel", "columns", "standardised",
)  # fmt: skip


def show(cohort: Cohort, input: str) -> None:
    """Two or three encoders of the input's kind in columns."""
    case = own_case.current_case()
    if input not in case.values:
        input_viewer.missing_here(input, cohort)
        return
    names = [
        name
        for name, part in encoders.items()
        if part.kind is cohort.inputs[input].kind and not encoder_picker.obstacle(name)
    ]
    chosen = pick(cohort, input, names)
    slots = st.columns(len(chosen), gap="large") if chosen else []
    for slot, name in zip(slots, chosen, strict=True):
        with slot, page.guard():
            _one_column(cohort, case, input, name)


def pick(cohort: Cohort, input: str, names: list[str]) -> list[str]:
    current = url_state.encoders(cohort)[input].name
    start = list(dict.fromkeys(name for name in (current, *FIRST) if name in names))[:2]
    chosen = linked.choices(
        st.multiselect,
        _("Encoders to compare"),
        names,
        "beside",
        first=start,
        max_selections=MOST,
        key=f"beside-{input}",
        help=_("They use their standard options, except the encoder chosen for this input, which keeps yours."),
        width=640,
    )
    if not chosen:
        st.info(_("Choose two or three encoders."), icon=":material/info:")
    return chosen


def _one_column(cohort: Cohort, case: Case, input: str, name: str) -> None:
    choice = url_state.encoders(cohort)[input]
    encoder = caches.encoder_of(cohort, input, choice if choice.name == name else type(choice)(name=name))
    colour, key = theme.colour_of_input(cohort.inputs)[input], f"beside-{input}-{name}"
    st.markdown(f"**{escape(name)}**")
    drawing, notes = st.container(), st.container()  # sentences of any length below, so that drawings begin level
    notes.caption(_("Trained on: {data}").format(data=escape(translated(encoder.trained_on))))
    if encoder.raw:
        st.info(
            _("This encoder learns during training; before that there is nothing to see."),
            icon=":material/model_training:",
        )
        return
    if warning := encoder.suits(case.values[input]):
        notes.warning(escape(warning), icon=":material/help:")
    with notes:
        encoded = one_encoder.encoded_value(cohort, case, input, encoder)
    if encoded is None:
        return
    with drawing:
        facts(case, input, encoder, len(encoded.tokens), encoded.tokens.shape[1])
        token_views.brief(encoded, case.values[input], encoder, colour, key)


def facts(case: Case, input: str, encoder: Encoder, tokens: int, dims: int) -> None:
    """Tokens, dimensions and how long this case takes."""
    with st.spinner(_("Measuring…")):
        seconds = (
            speed(encoder, case.values[input])
            if case.id == own_case.OWN
            else _speed(studies.identity_of(encoder), case.id, input, encoder, case)
        )
    each = _("**1** token") if tokens == 1 else _("**{count}** tokens").format(count=f"{tokens:,}")
    st.markdown(
        counted(
            dims,
            "{each} of **{count}** number · **{time}** for this case",
            "{each} of **{count}** numbers · **{time}** for this case",
            each=each,
            time=_duration(seconds),
        )
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _speed(about: str, case: str, input: str, _encoder: Encoder, _case: Case) -> float:
    return speed(_encoder, _case.values[input])


def _duration(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{float(f'{1000 * seconds:.2g}'):g} ms"
