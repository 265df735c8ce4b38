"""Every formula as a live example: move what goes in, see what comes out, and go where it is used."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from mmcore.studies.formulas import formulas
from pages.frame.page import Page, guard
from pages.learn.mathematics import example, menu
from pages.parts import broken_parts

PAGE = Page(
    _("Mathematics"),
    ":material/function:",
    _(
        "Move what goes in and see what comes out: each formula is calculated by this program's own code, "
        "named below it."
    ),
)


def main() -> None:
    contents, shown = st.columns([1, 3], gap="medium")
    with contents:
        name = menu.choose()
    with shown:
        with guard():
            if name:
                example.show(name)
        broken_parts.show(formulas.broken)


PAGE.show(main)
