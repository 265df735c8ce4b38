"""Parts that are there but cannot be used because of how their file is written, under the control that offers parts."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mmcore.base.modules import Broken
from mmcore.base.settings import _
from pages.frame import page


def show(broken: Mapping[str, Broken]) -> None:
    """Each with its reason; nothing where all is well."""
    for name, fault in broken.items():
        st.warning(
            _("**{name}** is not available. {reason}").format(name=page.escape(name), reason=page.escape(fault.reason)),
            icon=":material/block:",
        )
