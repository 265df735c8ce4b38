"""Parts that are there but cannot be used because of how their file is written, under the control that offers parts."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mmcore.base.modules import Broken
from mmcore.base.settings import _
from pages.frame.markdown import escape


def show(broken: Mapping[str, Broken]) -> None:
    """Each with its reason; nothing where all is well."""
    for name, fault in broken.items():
        st.warning(
            _("**{name}** is not available. {reason}").format(name=escape(name), reason=escape(fault.reason)),
            icon=":material/block:",
        )
