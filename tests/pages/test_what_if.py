"""Protects What if: the answer follows, each step can be undone, a link reopens it, changes stay with their case."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from mmcore import studies
from mmcore.encoders.signal import delineation, wave_network
from mmcore.encoders.signal.delineation import BeatWaves, Delineation, Wave
from mmcore.studies.missing_tests import TestWorth
from mmcore.training import TrainingSpec
from pages.fuse.what_if import further_tests, single_changes
from tests.pages.opened import ATTENTION, WHAT_IF, calm, folder, open_page, press, words

__all__ = ["folder"]
CASE = "pages/explore/2_case.py"
QUICK = studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=3, width=8, components=8), plain=False)


@pytest.fixture
def link(folder) -> dict[str, str]:
    """Address of a case with a run."""
    run = studies.compare(studies.open(folder), ["gated"], settings=QUICK).by_method["gated"]
    return {"cohort": folder, "case": "p03", "run": run.key[:10]}


def in_address(app, name: str) -> str | None:
    value = app.query_params.get(name)
    return value[0] if isinstance(value, list) else value


def away(app, number: int = 0):
    return [toggle for toggle in app.toggle if toggle.label == "Take away"][number]


def test_the_answer_follows_and_each_step_can_be_taken_back(link):
    app = open_page(WHAT_IF, **link)
    assert "Nothing is changed yet" in words(app) and in_address(app, "edits") is None
    calm(next(n for n in app.number_input if n.label == "age").set_value(12.0).run())
    assert "Answered in" in words(app) and in_address(app, "edits") == '{"vitals":{"set":{"age":12.0}}}'
    calm(away(app).set_value(True).run())
    assert "ecg" in in_address(app, "edits")
    press(app, "Undo")
    assert "ecg" not in in_address(app, "edits") and "12" in in_address(app, "edits")
    press(app, "Undo all changes")
    assert "Nothing is changed yet" in words(app) and in_address(app, "edits") is None
    press(app, "Undo")
    assert in_address(app, "edits") == '{"vitals":{"set":{"age":12.0}}}', "taking all back can be taken back, too"


def test_a_single_model_is_given_no_band(link, folder):
    for edits in ("", '{"vitals":{"set":{"age":12.0}}}'):
        text = words(open_page(WHAT_IF, **link, edits=edits))
        assert "one model: spread unknown" in text and "band:" not in text
    several = studies.compare(studies.open(folder), ["gated"], settings=QUICK.model_copy(update={"seeds": 2}))
    text = words(open_page(WHAT_IF, **link | {"run": several.by_method["gated"].key[:10]}))
    assert "band: range over the models" in text and "spread unknown" not in text


def test_a_link_reopens_it_and_changes_stay_with_their_case(link):
    edits = '{"vitals":{"set":{"age":12.0,"sex":null}},"ecg":{"flatten":[0.5,1.0],"noise":0.5}}'
    app = open_page(WHAT_IF, **link, edits=edits)
    assert "Answered in" in words(app) and next(n for n in app.number_input if n.label == "age").value == 12.0
    assert next(s for s in app.slider if s.label == "Flatten, s").value == (0.5, 1.0)
    app.button(key="case-next").click().run()
    assert "Nothing is changed yet" in words(app) and in_address(app, "edits") is None
    app.button(key="case-previous").click().run()
    assert in_address(app, "edits") is not None and "Answered in" in words(app)
    app.switch_page(CASE).run()
    app.switch_page(WHAT_IF).run()
    assert "Answered in" in words(calm(app)), "another page and back"


@pytest.mark.parametrize("order", [("ecg", "vitals"), ("vitals", "ecg")])
def test_a_step_is_taken_back_whatever_was_changed_first(link, order):
    own = {"ecg": '"ecg":{"noise":0.5}', "vitals": '"vitals":{"set":{"age":12.0}}'}
    app = open_page(WHAT_IF, **link, edits="{" + ",".join(own[name] for name in order) + "}")
    press(app, "Undo")
    assert "Nothing is changed yet" in words(app) and in_address(app, "edits") is None


def test_a_link_that_cannot_be_read_is_a_message(link):
    app = open_page(WHAT_IF, **link, edits="{odd")
    assert any("cannot be read" in error.value for error in app.error)
    assert "Nothing is changed yet" in words(calm(app.run()))


def test_links_to_the_former_view_of_attention_come_here(link):
    app = open_page(ATTENTION, **link, view="what-if")
    assert app.title[0].value == "What if" and "Nothing is changed yet" in words(app)


def test_single_changes_are_searched_and_made(link):
    app = press(open_page(WHAT_IF, **link), "Search")
    assert "What moves the prediction most" in words(app) and not app.error
    choice = app.selectbox(key="what-if-make")
    calm(choice.select(choice.options[0]).run())
    assert in_address(app, "edits") and "Answered in" in words(app)


@pytest.mark.parametrize(
    ("flips", "regression", "sentence"),
    [
        ([], True, "No single change could be tried on this case."),
        ([False], True, "**age 70** was the only change tried."),
        ([False, False], True, "**age 70** moves the prediction most, of 2 changes tried."),
        ([False], False, "The only change tried does not flip the prediction: "),
        ([False, False], False, "None of the 2 changes tried flips the prediction alone: "),
        ([True], False, "**age 70**, the only change tried, flips the prediction."),
        ([True, False], False, "**age 70** flips the prediction, the only one of 2 changes tried that does."),
        ([True, True, False], False, "**age 70** flips the prediction. Of 3 changes tried, 2 do."),
    ],
)
def test_what_single_changes_do_in_words(flips, regression, sentence):
    changes = [SimpleNamespace(what="age 70", flips=flip) for flip in flips]
    assert single_changes.in_words(changes, regression).startswith(sentence)
    if not regression:
        of_labels = single_changes.in_words(changes, regression, labels=True)
        assert "to other labels" in of_labels and "flip" not in of_labels, "a set of labels does not flip"


def test_what_a_further_input_did_is_told_with_its_interval(link, folder):
    app = press(open_page(WHAT_IF, **{**link, "case": "p05"}), "Work it out")
    assert "Which missing input would help most?" in words(app) and not app.error
    assert "What each input did for cases like this one" in words(app)


def test_certainty_of_several_labels_is_that_of_one_label():
    cohort = studies.open("ward")
    run = studies.compare(cohort, ["gated"], settings=QUICK).by_method["gated"]
    app = press(open_page(WHAT_IF, cohort="ward", case=cohort.ids[2], run=run.key[:10]), "Work it out")
    assert "the label that was likeliest without the input" in words(app) and not app.error
    assert "the probability of the predicted class" not in words(app)
    text = words(press(app, "Search"))
    assert "Which single change leads to other labels?" in text and "flip" not in text, "a set of labels does not flip"


def test_changes_are_asked_for_in_units(link):
    app = open_page(WHAT_IF, **link)
    assert {"Flatten, s", "Move later, s"} <= {slider.label for slider in app.slider}
    noise = [slider.help for slider in app.slider if slider.label.startswith("Noise")]
    assert "deviation of this case's channels" in noise[0] and "over the cohort: age" in noise[1]


def test_it_tells_a_predicted_value_in_its_own_unit(folder):
    toml = (Path(folder) / "cohort.toml").read_text(encoding="utf-8")
    toml = toml.replace('target = "label"\npositive = "ill"', 'target = "pulse"\ntask = "regression"')
    (Path(folder) / "cohort.toml").write_text(toml.replace('["age", "pulse", "sex"]', '["age", "sex"]'), "utf-8")
    run = studies.compare(studies.open(folder), ["gated"], settings=QUICK).by_method["gated"]
    app = open_page(WHAT_IF, cohort=folder, case="p03", run=run.key[:10])
    assert app.metric[0].label == "Predicted pulse"
    press(app, "Search")
    text = words(app)
    assert "Which single change moves the answer most?" in text and "flip" not in text and not app.error
    other_text = words(open_page(ATTENTION, cohort=folder, case="p03", run=run.key[:10]))
    assert "in the target's unit together" in other_text
    assert "in the target's unit, shared out fairly among the inputs (Shapley values)" in other_text


def test_a_named_wave_of_an_ecg_is_raised_by_a_link_and_a_signal_without_waves_says_so(link, monkeypatch):
    beat = BeatWaves(Wave(0.2, 0.24, 0.3), None, Wave(0.5, 0.6, 0.7))
    monkeypatch.setattr(wave_network, "unavailable", lambda: None)
    monkeypatch.setattr(delineation, "_delineate", lambda signal, names: Delineation((beat,), (0.24,)))
    edits = '{"ecg":{"wave":{"by":0.2,"segment":"T"}}}'
    app = open_page(WHAT_IF, **link, edits=edits)
    assert "Answered in" in words(app) and in_address(app, "edits") == edits
    assert next(s for s in app.slider if s.label.startswith("Raise by")).value == 0.2
    monkeypatch.setattr(delineation, "_delineate", lambda signal, names: Delineation(reason="It is flat."))
    app = open_page(WHAT_IF, **link, edits=edits)
    assert any("No wave or segment can be changed. It is flat." in note.value for note in app.info)
    assert "Nothing is changed yet" in words(app)


def worth(input: str, has: bool, certainty: float, low: float, high: float, cases: int = 60) -> TestWorth:
    return TestWorth(input, has, cases, certainty, low, high, 0.7, 0.1, 0.75, 0.8)


def test_what_further_inputs_bring_is_said_of_one_that_clearly_does_and_of_none_only_where_none_does():
    run = SimpleNamespace(spec=SimpleNamespace(task="binary"))
    unsure, sure, slight = (
        worth("ecg", False, 0.06, -0.01, 0.13),
        worth("note", False, 0.04, 0.02, 0.06),
        worth("labs", False, 0.004, 0.001, 0.007),
    )
    assert further_tests.finding(run, [unsure, sure]).startswith(
        "**note** would make the answer surer: with it the answers to 60 cases like this one were 4 points surer"
    ), "the larger mean may be chance"
    assert further_tests.finding(run, [slight]) == "**labs** would not make the answer clearly surer."
    assert further_tests.finding(run, [unsure, slight]) == "No missing input would make the answer clearly surer."
    number = SimpleNamespace(spec=SimpleNamespace(task="regression"))
    assert further_tests.finding(number, [worth("ecg", True, -2.0, -5.0, 1.0)]) == (
        "**ecg** did not clearly lower the error."
    )
