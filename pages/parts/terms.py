"""The words of the field that stand on these pages, explained where they stand."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _


def explain(*names: str) -> None:
    """A small button that opens what these words mean, in this order; all of them if none is named."""
    meanings = {
        "encoder": (_("Encoder"), _("turns an image, a note, a signal or values into numbers that a model can read.")),
        "token": (_("Token"), _("a piece of an input as the encoder reads it: a region, a word, a second, a column.")),
        "attention": (
            _("Attention"),
            _("the weight a method gives to inputs, or to places within them, as it answers."),
        ),
        "head": (
            _("Attention head"),
            _("one of several looks that a method takes at the inputs at the same time, each with weights of its own."),
        ),
        "attribution": (
            _("Attribution"),
            _("what the answer rests on, found by changing the input or by the model's gradients."),
        ),
        "even share": (_("Even share"), _("the weight a token would have if all tokens of an input weighed the same.")),
        "log-odds": (
            _("Log-odds"),
            _(
                "the logarithm of p / (1 − p) for a probability p: 0 is one half. The contributions of the "
                "inputs to it add up."
            ),
        ),
        "fusion": (_("Fusion"), _("how the information of the inputs is put together.")),
        "trunk": (_("Trunk"), _("the layers after the fusion, which lead to the answer.")),
        "epoch": (_("Epoch"), _("one round of training through all training cases.")),
        "loss": (_("Loss"), _("how far the predictions are from the truth; training makes it smaller.")),
        "fold": (_("Fold"), _("a part of the cohort; models trained on the other parts are judged on it.")),
        "seed": (
            _("Seed"),
            _("a random start. Training is repeated from several: each gives a slightly different model."),
        ),
        "replicate": (_("Replicate"), _("one trained model: one fold with one seed.")),
    }
    with st.popover(_("What the words mean"), icon=":material/help:", type="tertiary"):
        for name in names or meanings:
            word, meaning = meanings[name]
            st.markdown(f"**{word}**: {meaning}")
