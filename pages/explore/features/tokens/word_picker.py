"""A text whose tokens can be clicked, or chosen with the arrow keys and Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st


def show(pieces: Sequence[dict[str, object]], key: str, label: str, chosen: Callable[[int], None]) -> None:
    """Draw pieces of text (see mmcore.figures.text_tokens.pieces); `chosen` is called with the number of the token."""

    def clicked() -> None:
        number = getattr(st.session_state[key], "word", None)
        if number is not None:
            chosen(int(number))

    _component()(data={"pieces": list(pieces), "label": label}, key=key, on_word_change=clicked)


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "fusionscope_words",
        html='<div class="words" role="listbox"></div>',
        css="""
          .words { line-height: 2.15; white-space: pre-wrap; overflow-wrap: anywhere; font-family: var(--st-font);
            color: var(--st-text-color); max-height: 26rem; overflow-y: auto; padding: .2rem; }
          span { border-radius: 4px; padding: 2px 1px; cursor: pointer; }
          span:hover, span:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
        """,
        js="""export default ({ data, parentElement, setTriggerValue }) => {
          const box = parentElement.querySelector(".words")
          box.setAttribute("aria-label", data.label)
          const active = (box.getRootNode().activeElement || {}).dataset
          const words = []
          const made = data.pieces.map(piece => {
            if (piece.token === null) return document.createTextNode(piece.text)
            const word = document.createElement("span")
            word.textContent = piece.text
            word.title = piece.hover
            word.style.cssText = piece.style
            word.dataset.token = piece.token
            word.setAttribute("role", "option")
            word.tabIndex = words.length ? -1 : 0
            word.onclick = () => setTriggerValue("word", piece.token)
            words.push(word)
            return word
          })
          box.replaceChildren(...made)
          box.onkeydown = event => {
            const at = words.indexOf(event.target)
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
            if (step && words[at + step]) { words[at + step].focus(); event.preventDefault() }
            if (event.key === "Enter" || event.key === " ") { event.target.click(); event.preventDefault() }
          }
          if (active && active.token !== undefined)
            words.find(word => word.dataset.token === active.token)?.focus()
        }""",
    )
