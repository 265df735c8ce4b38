"""What is around every page: its heading, links to other pages, and the one place where errors become messages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from mmcore.base.errors import Cancelled, MMError, RolesNeeded
from mmcore.base.settings import _
from mmcore.cohorts import Cohort, samples
from pages.frame import navigation, own_case, tour, unlike_warning, url_state
from pages.frame.markdown import escape

log = logging.getLogger("fusionscope")


@dataclass(frozen=True)
class Page:
    """A page as its file declares it, in so many words: `PAGE = Page(_("Title"), ":material/icon:", _("What for."))`.

    title, icon: how it is listed, which `frame.navigation` reads from the file. lead: one sentence under the heading.
    heading: where it is another than the title. of_cohort: whether it shows the open cohort, which is then named.
    """

    title: str
    icon: str
    lead: str = ""
    heading: str = ""
    of_cohort: bool = True

    def show(self, main: Callable[[], None]) -> None:
        """Heading, then what `main` draws; what goes wrong in there becomes a message."""
        st.title(self.heading or self.title, anchor=False)
        if self.lead:
            st.markdown(f":gray[{self.lead}]")
        cohort = opened_cohort()
        _badges(cohort if self.of_cohort else None)
        tour.banner(self.title)
        if cohort is not None:
            _misread(cohort)
            unlike_warning.warn(cohort)
        with guard(way_out=cohort is None and self.of_cohort):
            main()


@contextmanager
def guard(*, way_out: bool = False) -> Iterator[None]:
    """What goes wrong inside becomes a calm message with what to do; what nobody foresaw is logged, never shown raw.

    way_out: offer the example cohort below the message: the one of the link cannot be opened.
    """
    try:
        yield
    except Cancelled:
        st.info(_("Stopped, as you asked."), icon=":material/stop_circle:")
    except MMError as error:
        st.error(
            f"**{escape(error.message)}**" + (f"  \n{escape(error.hint)}" if error.hint else ""),
            icon=":material/error:",
        )
        if isinstance(error, RolesNeeded) and url_state.cohort_source() not in samples:
            link("import_data", _("Say what the columns are"), ":material/view_column:")
        elif way_out and (url_state.cohort_source() != url_state.DEFAULT_COHORT or url_state.roles_text()):
            st.button(
                _("Open the example cohort"), icon=":material/folder_open:",
                on_click=url_state.choose_cohort, args=(url_state.DEFAULT_COHORT,),
            )  # fmt: skip
    except Exception:
        log.exception("a page failed")
        st.error(
            _(
                "**Something went wrong.**  \nThe details are in the server's log. Reload the page; if the "
                "problem remains, open another cohort."
            ),
            icon=":material/error:",
        )


def run(screen: st.Page) -> None:
    """Run the file of a page. One that cannot be read or imported says so; the other pages stay open."""
    try:
        screen.run()
    except Exception as error:  # what goes wrong while it draws never gets here: `guard` has it
        log.exception("a page cannot be opened")
        st.title(escape(screen.title), anchor=False)
        st.error(
            _(
                "**This page cannot be opened: there is a mistake in its file, or in one that it needs.**  \n{kind}. "
                "The details are in the server's log. The other pages work."
            ).format(kind=escape(type(error).__name__)),
            icon=":material/error:",
        )


def link(name: str, words: str, icon: str = "", **more: str) -> None:
    """A link to another page that takes the present choices along; nothing where there is no such page.

    icon: that of the page if empty. more: further parameters of the address.
    """
    path = navigation.path_of(name)
    if path is not None:
        icon = icon or navigation.icon_of(path)
        st.page_link(path, label=words, icon=icon, query_params={**url_state.link(), **more})


def switch_to(name: str) -> None:
    """Go to another page with the present choices."""
    path = navigation.path_of(name)
    if path is not None:
        st.switch_page(path, query_params=url_state.link())


def opened_cohort() -> Cohort | None:
    """The cohort, or None where it cannot be opened: the page itself, inside its guard, says why."""
    try:
        return url_state.cohort()
    except Exception:
        log.debug("no cohort for the frame", exc_info=True)
        return None


def _badges(cohort: Cohort | None) -> None:
    """What cohort is open, what is synthetic, and what none of this is for."""
    with st.container(horizontal=True, gap="small"):
        if cohort is not None:
            st.badge(escape(cohort.schema.title or cohort.name), icon=":material/folder_open:", color="gray")
            if cohort.schema.synthetic:
                st.badge(
                    _("Synthetic data") if own_case.upload() is None else _("Synthetic cohort"),
                    icon=":material/science:",
                    color="orange",
                    help=_("Made by a generator. These cases are not real people."),
                )
        if cohort is not None and own_case.upload() is not None:
            st.badge(own_case.title(), icon=":material/upload_file:", color="blue")
        st.badge(_("Not for clinical use"), icon=":material/health_and_safety:", color="gray")


def _misread(cohort: Cohort) -> None:
    """Encoders of the link that cannot be, and what is used in their place."""
    misread = url_state.misread(cohort)
    used = url_state.encoders(cohort) if misread else {}  # hardly ever, and studies take seconds to import
    for input, error in misread.items():
        message, way_out = st.columns([4, 1], vertical_alignment="center")
        with message:
            st.warning(
                _(
                    "**The encoder of {input} named in this link cannot be used: {what}**  \n"
                    "{hint} {instead} is used instead."
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
