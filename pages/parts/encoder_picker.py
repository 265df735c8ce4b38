"""Choosing the encoder of an input: what each one is, whether it can be used here, its options, and its doubts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.errors import MMError, NotFound
from mmcore.base.languages import language
from mmcore.base.registry import label, parameters, why_unavailable
from mmcore.base.settings import _, translated
from mmcore.base.values import Value
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder, encoders
from mmcore.encoders.base import broken_encoders
from mmcore.features import CheckResult
from mmcore.runs import EncoderChoice
from pages.frame import caches, own_case, url_state
from pages.frame.markdown import escape
from pages.parts import broken_parts, chart, form_fields, input_viewer


def choose(cohort: Cohort, input: str) -> Encoder | None:
    """The card of an input's encoder; returns the one in force, None where the one asked for cannot be used."""
    kind, choice = cohort.inputs[input].kind, url_state.encoders(cohort)[input]
    offered = {name: part for name, part in encoders.items() if part.kind is kind}
    left, right = st.columns([2, 3], gap="large")
    with left:
        input_viewer.head(input, cohort)
        made, reason = pick(cohort, input, choice, offered)
    with right:
        if made is None:
            say_obstacle(reason, offered, choice.name)
        else:
            st.caption(escape(label(type(made))))
            with st.expander(_("About this encoder"), icon=":material/info:", type="compact"):
                facts(made)
    catalogue(offered)
    broken_parts.show(broken_encoders(kind))
    return made


def pick(
    cohort: Cohort, input: str, choice: EncoderChoice, offered: Mapping[str, type[Encoder]]
) -> tuple[Encoder | None, tuple[str, str]]:
    """The encoder of the select box and its options, if it can be made; else its name and why not."""
    names = sorted(offered, key=lambda name: (obstacle(name) != "", offered[name].trains_in_run, name))
    name = st.selectbox(
        _("Encoder"),
        names,
        index=names.index(choice.name),
        key=f"encoder-of-{cohort.name}-{input}",
        format_func=standing,
    )
    part = offered[name]
    if (reason := obstacle(name)) and not part.naming_options:
        return None, (name, reason)
    options = choose_options(part, input, choice.options if name == choice.name else None)
    wanted = type(choice)(name=name, options=options)
    try:
        made = caches.encoder_of(cohort, input, wanted)
    except MMError as error:
        return None, (name, f"{error.message} {error.hint}")
    if (name, options) != (choice.name, dict(choice.options)):
        mended = input in url_state.misread(cohort)  # the frame has said so already
        url_state.choose_encoder(input, wanted)
        if mended:
            st.rerun()
    return made, ("", "")


def short_pick(cohort: Cohort, input: str) -> None:
    """A select box of the encoders that can be used for an input as they are; the one chosen is in force everywhere."""
    now, kind = url_state.encoders(cohort)[input], cohort.inputs[input].kind
    names = [name for name, part in encoders.items() if part.kind is kind and (not obstacle(name) or name == now.name)]
    key = f"short-encoder-{cohort.name}-{input}"
    st.session_state[key] = now.name
    st.selectbox(
        escape(input),
        sorted(names, key=lambda name: (encoders[name].trains_in_run, name)),
        key=key,
        format_func=lambda name: f"{name}: {label(encoders[name])}",
        on_change=lambda: url_state.choose_encoder(input, EncoderChoice(name=st.session_state[key])),
    )


def choose_options(part: type[Encoder], input: str, values: Mapping[str, Any] | None) -> dict[str, Any]:
    """Options that differ from their defaults, from a form that follows the signature."""
    fields = parameters(part)
    if not fields:
        return {}
    named = any(field.type is str and not field.choices for field in fields)  # it is nothing without its name
    with st.expander(_("Options"), icon=":material/tune:", expanded=bool(values) or named, type="compact"):
        given = form_fields.form_fields(fields, f"encoder-{input}-{part.name}", values, columns=1)
    if given.get("tune"):
        st.caption(_("Fine-tuning trains the network itself in every fold. The Train page announces what that costs."))
    return {field.name: given[field.name] for field in fields if given[field.name] != field.default}


def standing(name: str) -> str:
    """The name of an encoder, and what it lacks."""
    if not obstacle(name):
        return name
    return (
        f"{name} ({_('needs a local folder or the internet') if encoders[name].naming_options else _('not available')})"
    )


def lacks(name: str) -> str:
    """In a few words what an encoder with an obstacle needs; the whole reason is `obstacle`."""
    return _("needs a local folder or the internet") if encoders[name].naming_options else _("not available")


def obstacle(name: str) -> str:
    """Why an encoder cannot be used here and what to do, "" if it can; asked again after a minute."""
    return _obstacle(name, language())


@st.cache_data(ttl=60, max_entries=128, show_spinner=False)
def _obstacle(name: str, language: str) -> str:
    return why_unavailable(encoders[name]) or ""


def say_obstacle(reason: tuple[str, str], offered: Mapping[str, type[Encoder]], instead: str) -> None:
    """What stands in the way of the encoder asked for, and what it would be."""
    name, why = reason
    until = (
        _("Choose another one, or other options.")
        if name == instead
        else _("Until then, {instead} is used.").format(instead=escape(instead))
    )
    st.warning(
        _("**{name} cannot be used as it is.** {reason}  \n{until}").format(
            name=escape(name), reason=escape(why), until=until
        ),
        icon=":material/block:",
    )
    part = offered[name]
    grid({_("Trained on"): translated(part.trained_on), _("Licence"): translated(part.licence) or _("none needed")})
    if part.citation:
        st.caption(escape(part.citation))


def facts(encoder: Encoder) -> None:
    """What is known of the encoder in force."""
    weights = encoder.parameter_count()
    how = (
        _("yes, with the method that is trained")
        if encoder.trains_in_run
        else _("yes, from the training cases")
        if encoder.fits_on_fold
        else _("no, it is fixed")
    )
    grid(
        {
            _("Trained on"): translated(encoder.trained_on),
            _("Numbers in a token"): _("set by the training")
            if encoder.raw or encoder.fits_on_fold
            else f"{encoder.dims:,}",
            _("Parameters that stay fixed"): f"{weights:,}" if weights else _("none"),
            _("Learns from this cohort"): how,
            _("Licence"): translated(encoder.licence) or _("none needed"),
        }
    )
    if encoder.citation:
        st.caption(escape(encoder.citation))


def grid(lines: Mapping[str, str]) -> None:
    with st.grid(3, min_column_width=170, gap="small"):
        for name, text in lines.items():
            st.markdown(f":small[:gray[{name}]]  \n:small[{escape(text)}]")


def catalogue(offered: Mapping[str, type[Encoder]]) -> None:
    """All encoders of the kind beside each other, once asked for."""
    shown = st.expander(
        _("All encoders for this kind of input ({count})").format(count=len(offered)),
        icon=":material/list:",
        type="compact",
        key="encoder-catalogue",
        on_change="rerun",
    )
    if not shown.open:
        return
    frame = pd.DataFrame(
        {
            _("Encoder"): list(offered),
            _("Usable here"): ["✓" if not obstacle(name) else lacks(name) for name in offered],
            _("What it is"): [label(part) for part in offered.values()],
            _("Trained on"): [translated(part.trained_on) for part in offered.values()],
            _("Learns"): [
                _("during training")
                if part.trains_in_run
                else _("from the training cases")
                if part.fits_on_fold
                else _("fixed")
                for part in offered.values()
            ],
            _("Licence"): [translated(part.licence) for part in offered.values()],
            _("Citation"): [part.citation for part in offered.values()],
            _("What it lacks here"): [obstacle(name) for name in offered],
        }
    )
    with shown:
        st.dataframe(
            frame,
            hide_index=True,
            column_config={
                _("Encoder"): st.column_config.TextColumn(width=150),
                _("What it is"): st.column_config.TextColumn(width=500),
                _("Trained on"): st.column_config.TextColumn(width=290),
                _("Usable here"): st.column_config.TextColumn(
                    width=240 if any(part.naming_options and obstacle(name) for name, part in offered.items()) else 110,
                    help=_("Whether it can be used here. The last column says what it lacks."),
                ),
            },
            alt=_("Table of the encoders"),
        )
        for name in filter(obstacle, offered):
            st.caption(f"**{escape(name)}**: {escape(obstacle(name))}")
        chart.download(frame, "encoders", "encoder-catalogue-data")


def warn(cohort: Cohort, input: str, encoder: Encoder) -> None:
    """What speaks against this encoder: for the cohort, judged by a few cases, and for the case being looked at."""
    results = _checks(cohort.key, input, encoder.identity(), True, language(), cohort, encoder)
    for result in results:
        _tell(input, result)
    value = _looked_at(input)
    own = None if value is None else encoder.suits(value)
    if own and own not in [result.sentence for result in results]:
        st.warning(_("**For this case:** {reason}").format(reason=escape(own)), icon=":material/help:")


def _looked_at(input: str) -> Value | None:
    """The case's value; None too for a case nobody knows, which the section that shows cases speaks of."""
    try:
        return own_case.current_case().values.get(input)
    except NotFound:
        return None


def caution(cohort: Cohort, made: Mapping[str, Encoder]) -> None:
    """What these encoders themselves warn of for their inputs, before anything is trained on them."""
    for input, encoder in made.items():
        for result in _checks(cohort.key, input, encoder.identity(), False, language(), cohort, encoder):
            _tell(input, result)


def _tell(input: str, result: CheckResult) -> None:
    st.warning(
        _("**Does this encoder suit {input}?** {reason}  \n{where}").format(
            input=escape(input), reason=escape(result.sentence), where=result.where
        ),
        icon=":material/warning:",
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _checks(
    key: str, input: str, identity: str, encode: bool, language: str, _cohort: Cohort, _encoder: Encoder
) -> list[CheckResult]:
    return studies.unsuited(_cohort, input, _encoder, encode)
