"""How many cases have each input: save as pages/explore/5_missing.py."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mmcore.base.settings import _
from pages.frame import url_state
from pages.frame.page import Page

PAGE = Page(_("Missing inputs"), ":material/rule:", _("How many cases have each input."))


def main() -> None:
    cohort = url_state.cohort()
    counts = {name: int(cohort.present(name).sum()) for name in cohort.inputs}
    table = pd.DataFrame({_("Input"): list(counts), _("Cases"): list(counts.values())})
    st.dataframe(table, hide_index=True, alt=_("Table of inputs with the number of cases that have them"))


PAGE.show(main)
