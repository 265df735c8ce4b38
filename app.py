"""Fusionscope: `streamlit run app.py` imports it once as the server's application, then runs it for every visitor."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from pages.frame import language, navigation, page, server, sidebar, sign_in, standard_comparison


def main() -> None:
    """The router: page settings, navigation, sign-in gate, sidebar; then the page itself."""
    language.settle()
    assets = navigation.ROOT / "assets"
    about = _("Fusionscope, a workbench for multimodal data in medicine. Not for clinical use.")
    st.set_page_config("Fusionscope", str(assets / "mark.svg"), "wide", menu_items={"About": about})
    screen = st.navigation(navigation.pages(), expanded=True)
    st.logo(str(assets / "logo.svg"), icon_image=str(assets / "mark.svg"), size="large")
    st.html(assets / "style.css")
    sign_in.require()
    with st.spinner(_("Opening the cohort…")):  # the first time takes seconds, and nothing else is on the page then
        page.opened_cohort()
    sidebar.show()
    page.run(screen)


if __name__ == "__main__":
    main()
else:
    standard_comparison.prepare_at_start()
    app = st.App(__file__, **server.settings())
