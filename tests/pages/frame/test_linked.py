"""Protects links: what a widget shows is in the address by its name, and what it starts with is not."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def widgets() -> None:
    import streamlit as st

    from pages.frame import linked

    names = {"a": "First", "b": "Second", "c": "Third"}
    linked.choice(st.selectbox, "Box", names, "box", first="b", format_func=names.get, key="box-widget")
    linked.choice(st.segmented_control, "Segments", names, "segments", format_func=names.get, key="segments-widget")
    linked.choices(st.pills, "Pills", names, "pills", first=names, selection_mode="multi", key="pills-widget")
    linked.toggle("Switch", "switch", key="switch-widget")


def opened(**link: str) -> AppTest:
    app = AppTest.from_function(widgets)
    app.query_params.update(link)
    app.run()
    assert not app.exception
    return app


def address(app: AppTest) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in app.query_params.items()}


def values(app: AppTest) -> tuple:
    box, segments = app.selectbox(key="box-widget"), app.segmented_control(key="segments-widget")
    return box.value, segments.value, list(app.pills(key="pills-widget").value), app.toggle(key="switch-widget").value


def test_what_a_widget_starts_with_is_not_in_the_address():
    app = opened()
    assert values(app) == ("b", "a", ["a", "b", "c"], False) and address(app) == {}


def test_a_link_sets_widgets_and_stays():
    link = {"box": "c", "segments": "b", "pills": "a,c", "switch": "1"}
    app = opened(**link)
    assert values(app) == ("c", "b", ["a", "c"], True) and address(app) == link
    app.selectbox(key="box-widget").select("b").run()
    app.toggle(key="switch-widget").set_value(False).run()
    assert address(app) == {"segments": "b", "pills": "a,c"}


@pytest.mark.parametrize("link", [{"box": "x"}, {"segments": "Second"}, {"pills": "x,y"}, {"switch": "maybe"}])
def test_a_link_that_names_nothing_there_is_is_as_none(link):
    app = opened(**link)
    assert values(app) == ("b", "a", ["a", "b", "c"], False) and address(app) == {}


def test_names_that_hold_commas_stay_whole():
    def page() -> None:
        import streamlit as st

        from pages.frame import linked

        names = ["BP, systolic", "95% of, it", "age"]
        chosen = linked.choices(st.multiselect, "Columns", names, "columns", key="columns-widget")
        st.write(" / ".join(chosen))

    app = AppTest.from_function(page).run()
    app.multiselect[0].set_value(["BP, systolic", "95% of, it"]).run()
    again = AppTest.from_function(page)
    again.query_params.update(address(app))
    assert again.run().markdown[0].value == "BP, systolic / 95% of, it"
