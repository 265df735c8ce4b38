"""A guided tour of five steps over the real pages; its place is in the address, and it can be left at any time."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from mmcore.base.settings import _
from pages.frame import navigation, url_state

_PARAMETER = "tour"


class TourStep(NamedTuple):
    """Where a step is and what there is to see. page: its name. view: of that page, where it has several."""

    page: str
    title: str
    words: str
    view: str = ""


def steps() -> list[TourStep]:
    """The five of them, in order."""
    return [
        TourStep(
            "case",
            _("A case"),
            _(
                "One patient, several inputs: this is all that a model gets. Look through them and make your own guess "
                "first."
            ),
        ),
        TourStep(
            "overview",
            _("The prediction"),
            _(
                "What a method says of the same patient, and how far its models agree. Under each "
                "input stands what it adds, and what the answer would be without it."
            ),
        ),
        TourStep(
            "attention",
            _("Why"),
            _(
                "Where the answer comes from: the stronger the colour, the more that place counts. It is a clue, not a "
                "proof; *Is it right?* puts it to the test."
            ),
            "case",
        ),
        TourStep(
            "what_if",
            _("Change it"),
            _("Take an input away, change a word or a value, and watch the answer move. Each change can be undone."),
        ),
        TourStep(
            "compare",
            _("Was it worth it?"),
            _(
                "Every way to combine the inputs against the best input alone, each with its "
                "margin of error. The first sentence gives the answer; *Take it home*, at "
                "the end, makes a report of it."
            ),
        ),
    ]


def number() -> int:
    """Which step the reader is at, from 1; 0 outside the tour."""
    at = url_state.parameter(_PARAMETER, 0)
    return at if 1 <= at <= len(steps()) else 0


def offer() -> None:
    """The way in."""
    if number():
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(_("Take the tour"), icon=":material/tour:", key="tour-start"):
            _go_to(1)
        st.markdown(_(":gray[New here? Five steps over these pages, about two minutes.]"), width="content")


def banner(title: str) -> None:
    """What there is to see on this page, and the way on; nothing outside the tour. title: of the page shown."""
    at = number()
    if not at:
        return
    every = steps()
    step = every[at - 1]
    with st.container(border=True, key="tour", gap="small"):
        place = _("Tour, step {at} of {count}").format(at=at, count=len(every))
        stop = "" if step.title.endswith(("?", "？")) else "."
        st.markdown(f":small[{place}]  \n**{step.title}{stop}** {step.words}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if title != _title_of(step.page):
                if st.button(_("Back to the tour"), type="primary", icon=":material/tour:", key="tour-return"):
                    _go_to(at)
            elif at < len(every):
                onward = _("Next: {title}").format(title=every[at].title)
                if st.button(onward, type="primary", icon=":material/arrow_forward:", key="tour-next"):
                    _go_to(at + 1)
            if at > 1 and st.button(_("Back"), icon=":material/arrow_back:", key="tour-back"):
                _go_to(at - 1)
            last = at == len(every)
            st.button(
                _("Finish the tour") if last else _("Leave the tour"),
                type="primary" if last and title == _title_of(step.page) else "tertiary",
                icon=":material/check:" if last else ":material/close:",
                key="tour-leave",
                on_click=url_state.set_parameter,
                args=(_PARAMETER, None),
            )


def _title_of(name: str) -> str:
    path = navigation.path_of(name)
    return navigation.title_of(path) if path is not None else ""


def _go_to(at: int) -> None:
    """Open the page of a step, with the present choices."""
    step = steps()[at - 1]
    path = navigation.path_of(step.page)
    if path is None:
        return
    url_state.set_parameter(_PARAMETER, at)
    more = {"view": step.view} if step.view else {}
    st.switch_page(path, query_params={**url_state.link(), _PARAMETER: str(at), **more})
