"""What an image encoder says: patches that can be clicked, and the feature maps it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from mmcore.base.settings import _
from mmcore.base.values import Image
from mmcore.encoders import Encoder
from mmcore.encoders.capabilities import HasLayers
from mmcore.figures import image_tokens as drawn
from mmcore.inspect import layer_channels as strengths
from mmcore.inspect.encoded_value import EncodedValue
from pages.frame import linked, page, url_state
from pages.parts import chart

if TYPE_CHECKING:
    from torch import nn

MAPS = (12, 24, 64)  # channels shown, at most
_WIDE = 1020  # pixels: three pictures of tokens


@st.fragment
@page.guard()
def patches(encoded: EncodedValue, value: Image, key: str) -> None:
    """Three looks at the patches; a click on any of them asks what resembles that patch."""
    with st.container(width=_WIDE):  # beside one another without gaps, however wide the page
        _patches(encoded, value, key)


def _patches(encoded: EncodedValue, value: Image, key: str) -> None:
    rows, across = _grid(encoded)
    start = (rows // 2) * across + across // 2
    bound = url_state.parameter("patch", start)
    chosen = bound if 0 <= bound < len(encoded.places) else start
    opacity = _adjust(rows, across, chosen, key)
    frame = pd.DataFrame([vars(place) for place in encoded.places]).assign(
        norm=encoded.norms, distinct=encoded.distinct, cosine_to_chosen=encoded.cosine[chosen]
    )
    colours = frame.iloc[:, :4].join(pd.DataFrame(encoded.colours, columns=["red", "green", "blue"]))
    like = encoded.cosine[chosen]
    where = _("row {row}, column {column}").format(row=chosen // across + 1, column=chosen % across + 1)
    slots = st.columns(3, gap="medium")
    with slots[0]:
        _clickable(
            drawn.patch_similarity(value, encoded.places, encoded.cosine, chosen, opacity=opacity),
            encoded,
            like,
            _("similarity (cosine)"),
            f"{key}-like",
            title=_("Like the framed place"),
            note=_("dark red: most similar"),  # a line each, so that the images begin level
            data=frame,
            alt=_("Image with patches shaded by their similarity to the one at {where}").format(where=where),
        )
    with slots[1]:
        _clickable(
            drawn.patch_colours(value, encoded.places, encoded.colours, opacity=opacity),
            encoded,
            encoded.distinct,
            _("distance from the average"),
            f"{key}-rgb",
            title=_("What looks similar"),
            note=_("same colour: read as similar"),
            data=colours,
            alt=_("Image with patches coloured by their first three principal components"),
        )
    with slots[2]:
        _clickable(
            drawn.patch_heat(value, encoded.places, encoded.norms, name=_("strength"), opacity=opacity),
            encoded,
            encoded.norms,
            _("strength"),
            f"{key}-norm",
            title=_("Where the encoder reacts most"),
            note=_("dark red: a strong reaction"),
            data=frame.iloc[:, :5],
            alt=_("Image with patches shaded by how strongly the encoder reacts to them"),
        )


def _clickable(
    figure: go.Figure, encoded: EncodedValue, numbers: np.ndarray, name: str, key: str, **words: Any
) -> None:
    def clicked() -> None:
        points = st.session_state[key].get("selection", {}).get("points", [])
        at = points[0].get("customdata") if points else None
        if at is not None:
            url_state.set_parameter("patch", int(at[0] if isinstance(at, (list, tuple)) else at))

    chart.show(drawn.clickable(figure, encoded.places, numbers, name=name), key=key, clicked=clicked, **words)


def _adjust(rows: int, across: int, chosen: int, key: str) -> float:
    """Hint, and what not everybody needs: opacity, and the patch by its numbers for those who use no pointer."""

    def moved() -> None:
        row, column = st.session_state[f"{key}-row"], st.session_state[f"{key}-column"]
        url_state.set_parameter("patch", (row - 1) * across + column - 1)

    st.session_state[f"{key}-row"], st.session_state[f"{key}-column"] = chosen // across + 1, chosen % across + 1
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_("Click a patch of any picture to see what resembles it."), width="content")
        with st.popover(_("Adjust"), icon=":material/tune:", type="tertiary"):
            opacity = st.slider(_("Opacity"), 0.0, 1.0, 0.65, 0.05, key=f"{key}-opacity")
            st.number_input(_("Patch: row"), 1, rows, key=f"{key}-row", on_change=moved)
            st.number_input(_("Patch: column"), 1, across, key=f"{key}-column", on_change=moved)
    return opacity


def _grid(encoded: EncodedValue) -> tuple[int, int]:
    """Rows and columns of the patches."""
    rows = max(1, len({round(getattr(place, "top", 0.0), 5) for place in encoded.places}))
    return rows, max(1, len(encoded.places) // rows)


@st.fragment
@page.guard()
def layers(value: Image, encoder: HasLayers, key: str, module: nn.Module | None = None) -> None:
    """Feature maps of one layer, the channels that differ most over the image first."""
    with st.spinner(_("Looking into the network…")):
        layers_of_value = encoder.layers(value) if module is None else encoder.layers(value, module)
    if not layers_of_value:
        st.info(_("This encoder has no layers to look into."), icon=":material/info:")
        return
    names = [layer.name for layer in layers_of_value]
    with st.container(horizontal=True, vertical_alignment="top", gap="medium"):
        name = linked.choice(
            st.selectbox,
            _("Layer"),
            names,
            "layer",
            first=names[-1],
            key=f"{key}-layer",
            format_func=lambda name: _("{at} of {count}: {name}").format(
                at=names.index(name) + 1, count=len(names), name=name
            ),
            width=320,
        )
        layer = layers_of_value[names.index(name)]
        few = len(layer.maps) <= MAPS[-1]
        count = st.segmented_control(
            _("Channels"),
            MAPS,
            default=24,
            required=True,
            format_func=lambda count: _("all") if few and count == MAPS[-1] else str(count),
            key=f"{key}-many",
        )
        over = st.toggle(_("Over the image"), key=f"{key}-over")
    if module is not None:
        st.caption(_("As trained in the newest run with this encoder."))
    strength = strengths.strength(layer.maps)
    order = strengths.strongest(layer.maps, count)
    high, wide = layer.maps.shape[1:]
    numbers = [layer.channels[i] for i in order]
    chart.show(
        drawn.channels(value, layer.maps[order], numbers, strength[order], over=over),
        key=f"{key}-maps-{name}",
        title=_("Feature maps of {layer}").format(layer=name),
        note=_(
            "{high} × {wide} cells; a channel is one filter of the network, and those that "
            "vary most over the image come first; each has its own scale, from its lowest to "
            "its highest value"
        ).format(high=high, wide=wide),
        data=pd.DataFrame({"channel": numbers, "spread": strength[order]}),
        alt=_("Grid of the strongest feature maps of {layer}").format(layer=name),
    )


def brief(encoded: EncodedValue, value: Image, encoder: Encoder, colour: str, key: str) -> None:
    chart.show(
        drawn.patch_colours(value, encoded.places, encoded.colours, opacity=0.65),
        key=f"{key}-rgb",
        title=_("What looks similar"),
        note=_("same colour: read as similar"),
        data=pd.DataFrame(encoded.colours, columns=["red", "green", "blue"]),
        alt=_("Image with patches coloured by their first three principal components"),
    )
