"""The frame around every page: sign-in gate, sidebar, header, and the one place where errors become messages."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from mmcore.base.errors import Cancelled, MMError
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from pages.frame import cohort_picker, own_case, url_state
from pages.frame.markdown import escape

__all__ = ["case_picker", "escape", "guard", "page", "short", "sidebar"]
log = logging.getLogger("fusionscope")


@contextmanager
def guard() -> Iterator[None]:
    """What goes wrong inside becomes a calm message with what to do; what nobody foresaw is logged, never shown raw."""
    try:
        yield
    except Cancelled:
        st.info(_("Stopped, as you asked."), icon=":material/stop_circle:")
    except MMError as error:
        st.error(
            f"**{escape(error.message)}**" + (f"  \n{escape(error.hint)}" if error.hint else ""),
            icon=":material/error:",
        )
    except Exception:
        log.exception("a page failed")
        st.error(
            _(
                "**Something went wrong that should not have.**  \nThe details are in the server's log. "
                "Reload the page; if it stays, open another cohort."
            ),
            icon=":material/error:",
        )


def page(title: str, lead: str = "", icon: str = "") -> None:
    """Title, one sentence of what this page is for, and what cohort is open."""
    st.title(title, anchor=False)
    if lead:
        st.markdown(f":gray[{lead}]")
    with st.container(horizontal=True, gap="small"):
        cohort = _opened()
        if cohort is not None:
            st.badge(escape(cohort.schema.title or cohort.name), icon=":material/folder_open:", color="gray")
            if cohort.schema.synthetic:
                st.badge(
                    _("Synthetic data") if own_case.upload() is None else _("Synthetic cohort"),
                    icon=":material/science:",
                    color="orange",
                    help=_("Made by a generator. No person stands behind these cases."),
                )
        if cohort is not None and own_case.upload() is not None:
            st.badge(_("Your own case"), icon=":material/upload_file:", color="blue")
        st.badge(_("Not for clinical use"), icon=":material/health_and_safety:", color="gray")
    if cohort is not None:
        _misread(cohort)


def _misread(cohort: Cohort) -> None:
    """Encoders of the link that cannot be, and what is used in their place."""
    used = url_state.encoders(cohort)
    for input, error in url_state.misread(cohort).items():
        told, way_out = st.columns([4, 1], vertical_alignment="center")
        with told:
            st.warning(
                _(
                    "**The link's encoder of {input} cannot be used: {what}**  \n{hint} {instead} is used instead."
                ).format(
                    input=escape(input),
                    what=escape(error.message),
                    hint=escape(error.hint),
                    instead=escape(used[input].name),
                ),
                icon=":material/link_off:",
            )
        with way_out:
            st.button(
                _("Keep {encoder}").format(encoder=escape(used[input].name)),
                key=f"misread-{input}",
                on_click=url_state.default_encoder,
                args=(input,),
            )


def sidebar() -> None:
    """Cohort and case pickers."""
    with st.sidebar:
        cohort_picker.picker()
        cohort = _opened()
        if cohort is not None:
            case_picker(cohort)


def _opened() -> Cohort | None:
    """The cohort, or None where it cannot be opened: the page itself, inside its guard, says why."""
    try:
        return url_state.cohort()
    except Exception:
        log.debug("no cohort for the frame", exc_info=True)
        return None


def case_picker(cohort: Cohort) -> None:
    """The case being looked at, with a step back and a step on."""
    if own_case.upload() is not None:
        with st.container(border=True, gap="small"):
            st.markdown(_("**Your own case** is shown on all pages."))
            st.button(
                _("Forget my data"),
                icon=":material/delete:",
                on_click=own_case.forget,
                width="stretch",
                key="forget-aside",
            )
        return
    ids = cohort.ids
    try:
        position = cohort.position(url_state.case_id() or "")
    except MMError:
        position = None
    st.session_state["case-picker"] = None if position is None else ids[position]
    st.selectbox(
        _("Case"),
        ids,
        key="case-picker",
        placeholder=_("Choose a case"),
        on_change=lambda: url_state.choose_case(st.session_state["case-picker"]),
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        at = -1 if position is None else position
        st.button(
            " ",
            icon=":material/chevron_left:",
            help=_("Previous case"),
            key="case-previous",
            disabled=at <= 0,
            on_click=lambda: url_state.choose_case(ids[at - 1]),
        )
        place = _("{count} cases") if position is None else _("{at} of {count}")
        st.markdown(f":small[:gray[{place.format(at=at + 1, count=len(ids))}]]", width="content")
        st.button(
            " ",
            icon=":material/chevron_right:",
            help=_("Next case"),
            key="case-next",
            disabled=at + 1 >= len(ids),
            on_click=lambda: url_state.choose_case(ids[at + 1]),
        )


def short(source: str) -> str:
    """A path as its last part; a built-in name as it is."""
    return Path(source).name or source
