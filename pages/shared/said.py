"""What an encoder says of one value, drawn as its kind deserves."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore.cases import Box, Kind, Value
from mmcore.encoders import Encoder
from mmcore.explain.said import Said, words_of
from mmcore.figures import features as drawn
from mmcore.figures import overlays, theme, words
from mmcore.settings import _
from pages.shared import charts

MANY_WORDS = 60  # beyond this a matrix of words can no longer be read


def show(said: Said, value: Value, encoder: Encoder, colour: str) -> None:
    """The view of this kind of input."""
    name = encoder.spec.name
    if encoder.spec.kind is Kind.IMAGE:
        image(said, value, name)
    elif encoder.spec.kind is Kind.TEXT:
        text(said, value, name, colour)
    elif encoder.spec.kind is Kind.SIGNAL:
        signal(said, value, encoder, colour)
    else:
        table(said, encoder)


def image(said: Said, value: Value, name: str) -> None:
    if not all(isinstance(place, Box) for place in said.places):
        st.info(
            _("This encoder says one thing of the whole image, so there is nothing to lay over it."),
            icon=":material/info:",
        )
        return
    count = len(said.places)
    rows = len({place.top for place in said.places})
    across = count // max(rows, 1)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        opacity = st.slider(_("Opacity"), 0.0, 1.0, 0.6, 0.05, key=f"said-opacity-{name}")
        row = st.slider(_("Patch: row"), 1, max(rows, 2), (rows + 1) // 2, key=f"said-row-{name}-{rows}")
        column = st.slider(_("Patch: column"), 1, max(across, 2), (across + 1) // 2, key=f"said-column-{name}-{across}")
    chosen = min((row - 1) * across + column - 1, count - 1)
    left, middle, right = st.columns(3, gap="medium")
    frame = pd.DataFrame([vars(place) for place in said.places]).assign(
        norm=said.norms, distinct=said.distinct, cosine_to_chosen=said.cosine[chosen]
    )
    with left:
        charts.show(
            drawn.patch_colours(value, said.places, said.colours, opacity=opacity),
            key=f"said-rgb-{name}",
            title=_("What looks alike"),
            note=_("first three components as red, green, blue"),
            alt=_("Image with patches coloured by their first three principal components"),
        )
    with middle:
        charts.show(
            drawn.patch_heat(value, said.places, said.norms, name=_("norm"), opacity=opacity),
            key=f"said-norm-{name}",
            title=_("How much is said"),
            note=_("length of each token"),
            data=frame,
            alt=_("Image with patches shaded by the length of their token"),
        )
    with right:
        charts.show(
            drawn.patch_similarity(value, said.places, said.cosine, chosen, opacity=opacity),
            key=f"said-like-{name}",
            title=_("What resembles the chosen patch"),
            note=_("cosine, average removed"),
            alt=_("Image with patches shaded by their similarity to the chosen one"),
        )


def text(said: Said, value: Value, name: str, colour: str) -> None:
    spelled = words_of(str(value), said.places)
    by = {_("how far from the average"): said.distinct, _("length of the token"): said.norms}
    measure = st.segmented_control(_("Shade by"), list(by), default=next(iter(by)), key=f"said-shade-{name}") or next(
        iter(by)
    )
    frame = pd.DataFrame({"token": spelled, "norm": said.norms, "distinct": said.distinct})
    charts.show(
        words.shaded(str(value), said.places, overlays.stretched(by[measure]), colour, told=by[measure]),
        key=f"said-words-{name}",
        title=_("Token by token"),
        note=_("{count} tokens; hover for the number").format(count=len(spelled)),
        data=frame,
        alt=_("Text with each token shaded"),
    )
    shown = min(len(spelled), MANY_WORDS)
    note = _("cosine, average removed") + (
        _(", first {count} tokens").format(count=shown) if shown < len(spelled) else ""
    )
    charts.show(
        drawn.word_similarity(spelled[:shown], said.cosine[:shown, :shown]),
        key=f"said-alike-{name}",
        title=_("What the encoder takes for alike"),
        note=note,
        data=pd.DataFrame(said.cosine, index=spelled, columns=spelled),
        alt=_("Matrix of similarities between the tokens of the text"),
    )


def signal(said: Said, value: Value, encoder: Encoder, colour: str) -> None:
    name, channel = encoder.spec.name, 0
    if len(said.places) < 2:
        st.info(
            _(
                "This signal is so short that one token stands for all of it: there is nothing to lay along its "
                "time. Choose a smaller window or another encoder to see more."
            ),
            icon=":material/info:",
        )
        return
    if value.samples.shape[0] > 1:
        labels = [
            value.channel_names[i] if i < len(value.channel_names) else _("channel {n}").format(n=i + 1)
            for i in range(value.samples.shape[0])
        ]
        channel = (
            st.pills(
                _("Trace shown"),
                range(len(labels)),
                default=0,
                format_func=labels.__getitem__,
                key=f"said-channel-{name}-{len(labels)}",
            )
            or 0
        )
    if hasattr(encoder, "spectrum"):
        rows, whole, title = encoder.spectrum(said.tokens, channel), True, _("mel band")
    else:
        rows, whole = said.rows()
        title = _("dimension") if whole else _("component")
    charts.show(
        drawn.signal_tokens(
            value,
            said.places,
            rows,
            channel=channel,
            colour=colour,
            row_title=title,
            scale=theme.SEQUENTIAL if whole else None,
        ),
        key=f"said-time-{name}",
        title=_("What each stretch says"),
        note=_("the tokens as they are")
        if whole
        else _("the {count} strongest components of {dims} dimensions").format(
            count=len(rows), dims=said.tokens.shape[1]
        ),
        data=pd.DataFrame(
            rows.T, index=pd.Index([getattr(place, "start", 0.0) for place in said.places], name="start")
        ),
        alt=_("Signal over a heatmap of its tokens in time"),
    )


def table(said: Said, encoder: Encoder) -> None:
    names = [getattr(place, "name", encoder.spec.name) for place in said.places]
    slots = (
        encoder.slot_names() if hasattr(encoder, "slot_names") else [str(i + 1) for i in range(said.tokens.shape[1])]
    )
    charts.show(
        drawn.column_tokens(names, slots, said.tokens),
        key=f"said-columns-{encoder.spec.name}",
        title=_("One token per column"),
        note=_("raw values; they are normalised on the training fold only"),
        data=pd.DataFrame(said.tokens, index=names, columns=slots),
        alt=_("Matrix of the tokens of each column"),
    )
