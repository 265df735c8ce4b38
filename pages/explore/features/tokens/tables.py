"""What a table encoder says: the tokens of its columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.base.settings import _
from mmcore.base.values import Column, Value
from mmcore.encoders import Encoder
from mmcore.figures import token_values as drawn
from mmcore.inspect.encoded_value import EncodedValue
from mmcore.inspect.slots import owned, taken
from pages.explore.features.tokens import whole
from pages.frame import page
from pages.parts import chart

READABLE = 64  # slots a matrix may have and still be read


@page.guard()
def tokens(encoded: EncodedValue, encoder: Encoder, colour: str, key: str) -> None:
    """One row a column, each with the slots it fills; the whole matrix where it can be read."""
    rows, names = _names(encoded, encoder)
    own = owned(rows, whole.slots_of(encoder, len(names)), encoded.tokens)
    _rows(encoded, encoder, own, colour, key)
    if len(names) <= READABLE:
        with st.expander(_("The same as a matrix"), icon=":material/grid_on:"):
            chart.show(
                drawn.column_tokens(rows, names, encoded.tokens),
                key=f"{key}-matrix",
                title=_("Tokens and their numbers"),
                note=_("what the model reads, before training puts it on a common scale"),
                data=pd.DataFrame(encoded.tokens, index=rows, columns=names),
                alt=_("Matrix of the tokens of each column"),
            )


def _rows(encoded: EncodedValue, encoder: Encoder, shown: np.ndarray, colour: str, key: str) -> None:
    """shown: [N, D] bool, which dimensions of each token are drawn."""
    rows, names = _names(encoded, encoder)
    held = taken(rows, whole.slots_of(encoder, len(names)), encoded.tokens)
    chart.show(
        drawn.slot_rows(rows, names, encoded.tokens, shown, held, colour),
        key=f"{key}-columns",
        title=_("One token per column"),
        note=_("each column has its own places among the {dims} numbers; its other numbers are 0").format(
            dims=len(names)
        ),
        data=pd.DataFrame(encoded.tokens, index=rows, columns=names),
        alt=_("Each column with the dimensions its token fills"),
    )


def _names(encoded: EncodedValue, encoder: Encoder) -> tuple[list[str], list[str]]:
    rows = [place.name if isinstance(place, Column) else encoder.spec.name for place in encoded.places]
    return rows, whole.names(encoder, encoded.tokens.shape[1])


def brief(encoded: EncodedValue, value: Value, encoder: Encoder, colour: str, key: str) -> None:
    rows, names = _names(encoded, encoder)
    _rows(encoded, encoder, taken(rows, whole.slots_of(encoder, len(names)), encoded.tokens), colour, key)
