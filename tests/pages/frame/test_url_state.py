"""Protects what links to other pages carry."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from pages.frame import url_state

    st.session_state["carried"] = dict(url_state.link())


def test_a_link_carries_on_what_the_page_itself_has_no_use_for():
    app = AppTest.from_function(script)
    app.query_params.update({"run": "0a1b2c", "encoder.note": "glove", "look": "layers"})
    app.run()
    assert app.session_state["carried"] == {"run": "0a1b2c", "encoder.note": "glove"}
