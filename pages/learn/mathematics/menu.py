"""The formulas there are, by stage of the pipeline; the chosen one is in the address."""

from __future__ import annotations

import streamlit as st

from mmcore.studies.formulas import Stage, formulas, in_order, stage_label
from pages.frame import url_state


def chosen() -> str:
    """The formula of the address, the first one where it names none that there is; "" where none can be loaded."""
    names = in_order()
    linked = url_state.parameter("formula", "")
    return linked if linked in names else next(iter(names), "")


def choose() -> str:
    """A button for each formula under the heading of its stage."""
    now = chosen()
    for stage in Stage:
        with st.container(gap=None):
            st.caption(f"**{stage_label(stage)}**")
            for name in in_order(stage):
                st.button(
                    formulas[name].title(),
                    key=f"formula-{name}",
                    type="secondary" if name == now else "tertiary",
                    on_click=go,
                    args=(name,),
                )
    return now


def go(name: str) -> None:
    """Show this formula."""
    url_state.set_parameter("formula", name)
