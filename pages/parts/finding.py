"""What a view comes to, said before its pictures."""

from __future__ import annotations

import streamlit as st

from pages.frame.markdown import escape


def say(*sentences: str) -> None:
    """The finding in plain words, as the heading of what follows; nothing where there is none."""
    text = " ".join(sentence for sentence in sentences if sentence)
    if text:
        st.header(escape(text), anchor=False)
