"""Protects figures on a page: their data can be taken away, unless the server forbids it."""

from __future__ import annotations

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest


def figure() -> None:
    import pandas as pd

    from pages.parts import chart

    chart.show("<b>drawn</b>", key="one", title="A figure", data=pd.DataFrame({"a": [1]}))


@pytest.mark.parametrize("forbidden", [False, True])
def test_data_are_offered_unless_the_server_forbids_it(forbidden):
    config.set_option("client.disableDataExport", forbidden)
    try:
        app = AppTest.from_function(figure).run()
    finally:
        config.set_option("client.disableDataExport", False)
    assert not app.exception and len(app.get("download_button")) == (not forbidden)
