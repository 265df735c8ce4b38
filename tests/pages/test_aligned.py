"""Protects the view of a case on one scale: every input is drawn, and the controls change what is common."""

from streamlit.testing.v1 import AppTest


def view(inputs: tuple[str, ...]) -> None:
    import streamlit as st

    from mmcore.cohorts import open_cohort
    from mmcore.encoders import make
    from pages.shared import aligned

    names = {"ecg": "log_mel", "xray": "hog", "labs": "columns"}
    cohort = open_cohort("heart", cases=12)
    whole = next(id for id in cohort.ids if set(names) <= set(cohort.case(id).values))
    encoders = {name: make(names[name], cohort.inputs[name]) for name in inputs}
    aligned.show(cohort, cohort.case(whole), encoders)
    st.caption("the end")


def shown(*inputs: str) -> AppTest:
    app = AppTest.from_function(view, kwargs={"inputs": inputs}, default_timeout=120).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def test_signals_on_one_axis_and_images_on_one_grid():
    app = shown("ecg", "xray")
    assert "On one time axis" in said(app) and "4 × 4 cells" in said(app)
    app.slider(key="aligned-rows").set_value(7)
    app.segmented_control(key="aligned-hop-s").set_value(0.5)
    app.segmented_control(key="aligned-measure").set_value("norm")
    app.run()
    assert not app.exception and "7 × 4 cells" in said(app) and "shaded by length of the token" in said(app)


def test_nothing_to_lay_out():
    app = shown("labs")
    assert "no signal, image or text" in app.info[0].value
