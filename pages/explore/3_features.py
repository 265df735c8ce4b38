"""What each chosen encoder says of this case, and a map of the cohort that selects cases."""

from __future__ import annotations

import json

import streamlit as st

from mmcore.cases import Value
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder, encoders
from mmcore.explain.said import Said, say
from mmcore.figures import theme
from mmcore.registry import label, parameters
from mmcore.settings import _
from pages.shared import caches, cohort_map, controls, shell, state, uploads, viewers
from pages.shared import said as drawn


def main() -> None:
    known = state.cohort()
    names = list(known.inputs)
    bound = state.bind("input", names[0])
    input = st.pills(_("Input"), names, default=bound if bound in names else names[0], key="features-input") or names[0]
    state.set("input", input if input != names[0] else None)
    with st.container(border=True), shell.guard():
        encoder = picker(known, input)
    with st.container(border=True), shell.guard():
        this_case(known, input)
    st.space("small")
    with st.container(border=True), shell.guard():
        if st.toggle(
            _("Map of the whole cohort"),
            value=state.bind("map", False),
            key="features-map",
            help=_("Encodes every case once; later visits read from disk."),
        ):
            state.set("map", True)
            cohort_map.show(
                known,
                input,
                caches.encoder_of(known, input, state.encoders(known)[input]) if encoder is None else encoder,
            )
        else:
            state.set("map", None)
            st.caption(
                _(
                    "Every case as a point: cases that look alike to this encoder lie close. Select points to "
                    "open their cases."
                )
            )


def picker(known: Cohort, input: str) -> Encoder | None:
    """Choose the encoder of an input; returns the one in force."""
    kind, choice = known.inputs[input].kind, state.encoders(known)[input]
    offered = {name: part for name, part in encoders.items() if part.kind is kind}
    left, right = st.columns([2, 5], gap="large")
    with left:
        viewers.head(input, known)
        encoder = chooser(input, choice, offered, known)
    if encoder is not None:
        with right:
            facts(encoder)
    return encoder


def chooser(input: str, choice, offered: dict[str, type[Encoder]], known: Cohort) -> Encoder | None:
    names = list(offered)
    picked = st.selectbox(
        _("Encoder"),
        names,
        index=names.index(choice.name) if choice.name in names else 0,
        key=f"encoder-of-{known.name}-{input}",
        format_func=lambda name: (
            name if not offered[name].unavailable() else _("{name} (not available)").format(name=name)
        ),
    )
    part = offered[picked]
    st.caption(f"{label(part)}.")
    reason = part.unavailable()
    if reason:
        st.warning(
            _("**Not available here.** {reason}  \nUntil then, {name} stays in force.").format(
                reason=reason, name=choice.name
            ),
            icon=":material/block:",
        )
        return None
    options = {}
    if fields := parameters(part):
        with st.expander(_("Options"), icon=":material/tune:"):
            options = controls.form_fields(
                fields, f"encoder-{input}-{picked}", choice.options if picked == choice.name else None, columns=1
            )
            options = {field.name: options[field.name] for field in fields if options[field.name] != field.default}
    if (picked, options) != (choice.name, dict(choice.options)):
        state.choose_encoder(input, type(choice)(name=picked, options=options))
    return caches.encoder_of(known, input, state.encoders(known)[input])


def facts(encoder: Encoder) -> None:
    weights = encoder.parameter_count()
    lines = [
        (_("Trained on"), encoder.trained_on),
        (_("Dimensions of a token"), f"{encoder.dims:,}"),
        (_("Fixed weights"), f"{weights:,}" if weights else _("none")),
        (_("Learns with the head"), _("yes") if encoder.learns else _("no, it is fixed")),
        (_("Licence of the weights"), encoder.licence or _("none needed")),
    ]
    with st.grid(3, min_column_width=170, gap="small"):
        for name, text in lines:
            st.markdown(f":small[:gray[{name}]]  \n:small[{shell.escape(text)}]")
    if encoder.citation:
        st.caption(shell.escape(encoder.citation))


def this_case(known: Cohort, input: str) -> None:
    case = uploads.current_case()
    st.markdown(
        _("**What it says of {case}**").format(
            case=shell.escape(_("your own case") if case.id == uploads.OWN else case.id)
        )
    )
    if input not in case.values:
        viewers.missing(input)
        return
    choice = state.encoders(known)[input]
    encoder = caches.encoder_of(known, input, choice)
    value = case.values[input]
    if doubt := encoder.suits(value):
        st.warning(shell.escape(doubt), icon=":material/help:")
    with st.spinner(_("Encoding…")):
        # An uploaded case is never kept beyond this run of the page.
        found = (
            say(encoder, value)
            if case.id == uploads.OWN
            else kept(
                known.name,
                known.digest(case.id, input) or "",
                encoder.identity(),
                json.dumps([case.id, input]),
                encoder,
                value,
            )
        )
    drawn.show(found, value, encoder, theme.colour_of_input(known.inputs)[input])


@st.cache_resource(max_entries=48, show_spinner=False)
def kept(cohort: str, digest: str, identity: str, what: str, _encoder: Encoder, _value: Value) -> Said:
    return say(_encoder, _value)


shell.page(
    _("Features"),
    _(
        "What each encoder makes of an input before anything is trained: token by token for this case, and as a "
        "map of the cohort."
    ),
    ":material/scatter_plot:",
)
with shell.guard():
    main()
