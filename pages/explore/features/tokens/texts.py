"""What a text encoder says: words that can be clicked, their neighbours, the clean-up, and which words are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.base.settings import _, counted
from mmcore.base.values import Span
from mmcore.encoders import Encoder
from mmcore.encoders.capabilities import CleansWords, HasVocabulary
from mmcore.figures import overlays, text_tokens
from mmcore.figures import shaded_text as shaded
from mmcore.figures import token_values as drawn
from mmcore.inspect.encoded_value import EncodedValue, words_of
from pages.explore.features.tokens import whole, word_picker
from pages.frame import page, url_state
from pages.frame.markdown import escape
from pages.parts import chart

MANY_WORDS = 60  # beyond this a matrix of words can no longer be read
NEAREST = 8
_MATRIX = 900  # pixels: beyond them the scale would stand far from the matrix
_LINE = 1000  # pixels of a line of text: longer ones are hard to read
_SIMILAR = 0.05  # cosine below which nothing is alike


@st.fragment
@page.guard()
def words(encoded: EncodedValue, value: str, encoder: Encoder, colour: str, key: str, vocabulary: object) -> None:
    """The text, shaded; a clicked word shows what is like it, in this text and in all the encoder has read."""
    text = value
    if not any(isinstance(place, Span) for place in encoded.places):
        whole.show(encoded, encoder, colour, key)
        return
    spelled = words_of(text, encoded.places)
    bound = url_state.parameter("word", -1)
    chosen = bound if 0 <= bound < len(spelled) else None
    left, right = st.columns([3, 2], gap="large") if chosen is not None else (st.container(width=_LINE), None)
    with left:
        shades, numbers, how = _measured(encoded, chosen, key)
        chart.heading(
            _("Word by word"),
            counted(
                len(spelled),
                "{count} token; {how}; click a word to look closer",
                "{count} tokens; {how}; click a word to look closer",
                how=how,
            ),
            pd.DataFrame({"token": spelled, "norm": encoded.norms, "distinct": encoded.distinct}),
            f"{key}-words",
        )
        word_picker.show(
            text_tokens.pieces(text, encoded.places, shades, numbers, colour, chosen=chosen),
            f"{key}-words",
            _("Tokens of the text"),
            lambda number: url_state.set_parameter("word", None if number == chosen else number),
        )
    if chosen is not None and right is not None:
        with right:
            _neighbours(encoded, spelled, chosen, vocabulary, colour, key)


def _measured(encoded: EncodedValue, chosen: int | None, key: str) -> tuple[np.ndarray, np.ndarray, str]:
    """Shades [N], the numbers they stand for, and how to read them."""
    by = {"distinct": encoded.distinct, "norm": encoded.norms}
    if chosen is not None:
        by = {"cosine": encoded.cosine[chosen], **by}
    labels = {
        "distinct": _("distance from the average token"),
        "norm": _("strength of the encoder's reaction"),
        "cosine": _("similarity to the chosen token"),
    }
    measure = st.segmented_control(
        _("Shade by"),
        list(by),
        default=next(iter(by)),
        format_func=labels.__getitem__,
        key=f"{key}-shade-{chosen is None}",
        required=True,
        wrap=True,
    )
    how = {
        "distinct": _("strong colour: unlike the average token"),
        "norm": _("strong colour: large numbers, a strong reaction"),
        "cosine": _("strong colour: similar once the average token is taken away (cosine); grey: the opposite"),
    }
    numbers = by[measure]
    return (np.clip(numbers, -1, 1) if measure == "cosine" else overlays.stretched(numbers)), numbers, how[measure]


def _neighbours(
    encoded: EncodedValue, spelled: list[str], chosen: int, vocabulary: object, colour: str, key: str
) -> None:
    word = spelled[chosen]
    near = [(token, cosine) for token, cosine in encoded.nearest(chosen, spelled, NEAREST) if cosine >= _SIMILAR]
    if isinstance(vocabulary, HasVocabulary):
        neighbours = vocabulary.neighbours(word, NEAREST)
        if neighbours:
            chart.show(
                text_tokens.neighbours(neighbours, colour),
                key=f"{key}-neighbours",
                title=_("Neighbours of “{word}”").format(word=word),
                note=_("the nearest of all words the encoder knows; 1: the same (cosine)"),
                data=pd.DataFrame(neighbours, columns=["word", "cosine"]),
                alt=_("Bars of the words nearest to the chosen one"),
            )
        else:
            st.info(_("The encoder does not know the word “{word}”.").format(word=escape(word)), icon=":material/info:")
    if near:
        chart.show(
            text_tokens.neighbours(near, colour),
            key=f"{key}-near",
            title=_("Most like “{word}” in this text").format(word=word),
            note=_("similarity once the average token is taken away (cosine); 1: the same"),
            data=pd.DataFrame(near, columns=["token", "cosine"]),
            alt=_("Bars of the tokens of the text that are most like the chosen one"),
        )
    else:
        st.caption(_("Nothing else in this text is like “{word}” to the encoder.").format(word=escape(word)))


@page.guard()
def cleaned(value: str, encoder: CleansWords, key: str) -> None:
    """What happens to the text before it is encoded."""
    words_of_text = encoder.cleaned(value)
    spoken = [word for word in words_of_text if any(map(str.isalnum, word.text))]  # not the commas
    chart.show(
        text_tokens.cleaned(value, words_of_text),
        key=f"{key}-cleaned",
        title=_("What remains of the text"),
        note=_(
            "{used} of {count} words; words such as “the” (stop words) are dropped; negations "
            "stay, since they reverse a finding"
        ).format(used=sum(word.used for word in spoken), count=len(spoken)),
        data=pd.DataFrame([vars(word) for word in words_of_text]),
        alt=_("Text with dropped words struck through and negations framed"),
    )


@page.guard()
def matrix(encoded: EncodedValue, value: str, key: str) -> None:
    """Cosine of every two words."""
    if not any(isinstance(place, Span) for place in encoded.places):
        st.info(_("This encoder makes one token of the whole text, not one for each word."), icon=":material/info:")
        return
    spelled = words_of(value, encoded.places)
    shown = min(len(spelled), MANY_WORDS)
    note = _("similarity once the average token is taken away (cosine); 1: the same") + (
        _("; only the first {count} of {all} tokens").format(count=shown, all=len(spelled))
        if shown < len(spelled)
        else ""
    )
    with st.container(width=_MATRIX):
        chart.show(
            drawn.word_similarity(spelled[:shown], encoded.cosine[:shown, :shown]),
            key=f"{key}-alike",
            title=_("What the encoder finds similar"),
            note=note,
            data=pd.DataFrame(encoded.cosine, index=spelled, columns=spelled),
            alt=_("Matrix of similarities between the tokens of the text"),
        )


def brief(encoded: EncodedValue, value: str, encoder: Encoder, colour: str, key: str) -> None:
    text = value
    if not any(isinstance(place, Span) for place in encoded.places):
        whole.brief(encoded, encoder, colour, key)
        return
    chart.show(
        shaded.shaded(
            text, encoded.places, overlays.stretched(encoded.distinct), colour, hover_values=encoded.distinct
        ),
        key=f"{key}-words",
        title=_("What stands out"),
        note=_("shaded by distance from the average token"),
        data=pd.DataFrame({"token": words_of(text, encoded.places), "distinct": encoded.distinct}),
        alt=_("Text with each token shaded"),
    )
