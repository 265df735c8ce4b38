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
    rows, slots = _names(encoded, encoder)
    _rows(encoded, rows, slots, owned(rows, slots, encoded.tokens), colour, key)
    if len(slots) <= READABLE:
        with st.expander(_("The same as a matrix"), icon=":material/grid_on:"):
            chart.show(
                drawn.column_tokens(rows, slots, encoded.tokens),
                key=f"{key}-matrix",
                title=_("Tokens × dimensions"),
                note=_("what a model reads, before it is normalised on the training fold"),
                data=pd.DataFrame(encoded.tokens, index=rows, columns=slots),
                alt=_("Matrix of the tokens of each column"),
            )


def _rows(encoded: EncodedValue, rows: list[str], slots: list[str], shown: np.ndarray, colour: str, key: str) -> None:
    chart.show(
        drawn.slot_rows(rows, slots, encoded.tokens, shown, taken(rows, slots, encoded.tokens), colour),
        key=f"{key}-columns",
        title=_("One token per column"),
        note=_("{dims} dimensions; a token fills its own and leaves the others 0").format(dims=len(slots)),
        data=pd.DataFrame(encoded.tokens, index=rows, columns=slots),
        alt=_("Each column with the dimensions its token fills"),
    )


def _names(encoded: EncodedValue, encoder: Encoder) -> tuple[list[str], list[str]]:
    rows = [place.name if isinstance(place, Column) else encoder.spec.name for place in encoded.places]
    return rows, whole.names(encoder, encoded.tokens.shape[1])


def brief(encoded: EncodedValue, value: Value, encoder: Encoder, colour: str, key: str) -> None:
    rows, slots = _names(encoded, encoder)
    _rows(encoded, rows, slots, taken(rows, slots, encoded.tokens), colour, key)
