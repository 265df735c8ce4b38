"""One token for a whole value: its numbers, since there is nothing to lay over anything."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore.base.settings import _
from mmcore.base.values import Box, Column, Kind, Seconds, Span
from mmcore.encoders import Encoder
from mmcore.encoders.capabilities import HasSlots, Slot
from mmcore.figures import token_values as drawn
from mmcore.inspect.encoded_value import EncodedValue
from pages.parts import chart

PLACED = {Kind.IMAGE: Box, Kind.TEXT: Span, Kind.SIGNAL: Seconds, Kind.TABLE: Column}
FEW = 40  # as many numbers have a bar each


def slots_of(encoder: Encoder, width: int) -> list[Slot]:
    """What each dimension holds, if the encoder says so of tokens this wide; else none."""
    slots = encoder.slots() if isinstance(encoder, HasSlots) else []
    return slots if len(slots) == width else []


def named(encoder: Encoder, width: int) -> bool:
    """Whether the encoder says what each dimension holds (what it learns from a fold may have others)."""
    return bool(slots_of(encoder, width))


def names(encoder: Encoder, width: int) -> list[str]:
    """What each dimension holds, or its number."""
    slots = slots_of(encoder, width)
    if slots:
        return [slot.name for slot in slots]
    return [_("dimension {n}").format(n=i + 1) for i in range(width)]


def show(encoded: EncodedValue, encoder: Encoder, colour: str, key: str) -> None:
    """The vector as a strip, and its largest numbers as bars where they have names."""
    width = encoded.tokens.shape[1]
    st.caption(_("This encoder makes one token of the whole input, so there are no places to show."))
    if width > FEW:
        strip(encoded, encoder, key)
    if width <= FEW or named(encoder, width):
        bars(encoded, encoder, colour, key, 24 if width > FEW else FEW)


def strip(encoded: EncodedValue, encoder: Encoder, key: str) -> None:
    vector = encoded.tokens[0]
    chart.show(
        drawn.strip(vector),
        key=f"{key}-strip",
        title=_("The token"),
        note=_("{count} numbers (dimensions); blue: below zero, brown: above").format(count=f"{len(vector):,}"),
        data=pd.DataFrame({"name": names(encoder, len(vector)), "value": vector}),
        alt=_("Strip of the {count} numbers of the token").format(count=len(vector)),
    )


def bars(encoded: EncodedValue, encoder: Encoder, colour: str, key: str, count: int) -> None:
    standard, labels = encoded.scaled is not None, names(encoder, encoded.tokens.shape[1])
    vector = encoded.tokens[0] if encoded.scaled is None else encoded.scaled
    chart.show(
        drawn.strongest(
            labels, vector, colour, count=count, title=_("standard deviations from the average") if standard else ""
        ),
        key=f"{key}-bars",
        title=_("Its largest numbers") if len(vector) > count else _("Its numbers"),
        note=_("on a common scale over all cases, for this view only")
        if standard
        else _("as the encoder gives them; training puts them on a common scale"),
        data=pd.DataFrame({"name": labels, "value": vector, "raw": encoded.tokens[0]}),
        alt=_("Bars of the largest numbers of the token"),
    )


def brief(encoded: EncodedValue, encoder: Encoder, colour: str, key: str) -> None:
    if named(encoder, encoded.tokens.shape[1]):
        bars(encoded, encoder, colour, key, 12)
    else:
        strip(encoded, encoder, key)
