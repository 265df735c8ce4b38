"""The gate in front of every page. Where it cannot be told whether sign-in is wanted, it is closed."""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st
from streamlit import config

from mmcore.base.settings import _

log = logging.getLogger("fusionscope")


def require() -> None:
    """Where [auth] is set in the secrets, only signed-in readers get past here; nobody does while they are damaged."""
    try:
        wanted = "auth" in st.secrets
    except FileNotFoundError:  # raised as well where a file is there and cannot be parsed
        if _secrets_are_there() or _memory():
            log.exception("sign-in is closed: the secrets cannot be read")
            _closed()
        wanted = False
    if wanted:
        _memory()["wanted"] = True
    elif _memory():  # it was wanted when the server started; a file that lost its [auth] opens nothing
        log.error("sign-in is closed: [auth] is gone from the secrets; restart the server if that is meant")
        _closed()
    if wanted and not st.user.is_logged_in:
        st.title("Fusionscope")
        st.markdown(f":gray[{_('Fusionscope, a workbench for multimodal data in medicine. Not for clinical use.')}]")
        st.write(_("Sign in to go on."))
        st.button(_("Sign in"), icon=":material/login:", type="primary", on_click=st.login)
        st.stop()


def _closed() -> None:
    st.title("Fusionscope")
    st.error(
        _(
            "**The app is closed: its sign-in settings cannot be read.**  \nThe person who runs this server "
            "finds the reason in its log. The app opens by itself once the settings are corrected."
        ),
        icon=":material/lock:",
    )
    st.stop()


def _secrets_are_there() -> bool:
    return any(Path(path).exists() for path in config.get_option("secrets.files"))


@st.cache_resource(show_spinner=False)
def _memory() -> dict[str, bool]:
    """What this server has seen of its secrets; not empty once sign-in was wanted."""
    return {}
