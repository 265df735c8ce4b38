"""Protects the view of a case on one scale: every input is drawn, and the controls change what is common."""

from streamlit.testing.v1 import AppTest

from tests.pages.opened import finish


def view(inputs: tuple[str, ...], note: str) -> None:
    import streamlit as st

    from mmcore.cohorts import open_cohort
    from mmcore.encoders import make
    from pages.explore.features import common_scale

    names = {"ecg": "log_mel", "xray": "hog", "labs": "columns", "note": note}
    cohort = open_cohort("heart", cases=40)
    whole = next(id for id in cohort.ids if set(names) <= set(cohort.case(id).values))
    encoders = {name: make(names[name], cohort.inputs[name]) for name in inputs}
    common_scale.show(cohort, cohort.case(whole), encoders)
    st.caption("the end")


def shown(*inputs: str, note: str = "word2vec") -> AppTest:
    app = AppTest.from_function(view, kwargs={"inputs": inputs, "note": note}, default_timeout=120).run()
    assert not app.exception
    return app


def output(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def test_signals_on_one_axis_and_images_on_one_grid():
    app = shown("ecg", "xray")
    assert "On one time axis" in output(app) and "4 × 4 cells" in output(app)
    app.slider(key="aligned-rows").set_value(7)
    app.segmented_control(key="aligned-hop-s").set_value(0.5)
    app.segmented_control(key="aligned-measure").set_value("norm")
    app.run()
    assert not app.exception and "7 × 4 cells" in output(app) and "shaded by strength of the encoder" in output(app)


def test_nothing_to_lay_out():
    app = shown("labs")
    assert "None of the inputs of this case has tokens" in app.info[0].value


def test_raw_codes_are_not_shaded_and_the_others_still_are():
    app = shown("ecg", "note", note="lstm_text")
    assert "note: tokens of" not in output(app) and "On one time axis" in output(app)
    assert any("lstm\\_text learns during training" in info.value for info in app.info)


def test_what_an_encoder_fits_is_part_of_what_is_shaded(monkeypatch):
    from mmcore.studies import encoder_views
    from pages.explore.features import common_scale

    requested = []
    view = encoder_views.view
    monkeypatch.setattr(encoder_views, "view", lambda *of: requested.append(of[1]) or view(*of))
    drawn = []
    retained = common_scale.in_a_row
    monkeypatch.setattr(common_scale, "in_a_row", lambda *of: drawn.append(of[3]) or retained(*of))
    app = finish(shown("note", note="word2vec"))
    assert "note: tokens of word2vec in order" in output(app) and requested
    assert drawn[-1].tokens.shape[1] == 64, "vectors of words, not the numbers words have in the vocabulary"
