"""Protects the views of Attention and the closer looks of Compare: each opens from a link, and says what it must."""

from __future__ import annotations

import pytest

from mmcore import studies
from mmcore.studies.prediction import Prediction
from mmcore.training import TrainingSpec
from pages.fuse.attention import cohort_weights
from tests.pages.opened import ATTENTION, COMPARE, TRAIN, compared, finish, folder, open_page, press, words

__all__ = ["folder"]
QUICK = studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=3, width=8, components=8), plain=False)


@pytest.fixture
def trained(folder) -> dict:
    """Link to a cohort with runs of four methods; keys by method."""
    runs = compared(folder, ("ecg", "gated", "transformer", "graph", "mixture_of_experts"), QUICK)
    return {"cohort": folder, "case": "p03", "keys": {name: run.key[:10] for name, run in runs.items()}}


def link(trained: dict, method: str, **more: str) -> dict:
    return {"cohort": trained["cohort"], "case": trained["case"], "run": trained["keys"][method], **more}


def test_linked_inputs_need_a_method_that_links(trained):
    assert "there is nothing to link" in words(open_page(ATTENTION, **link(trained, "gated", view="linked")))
    app = open_page(ATTENTION, **link(trained, "transformer", view="linked"))
    assert "there is nothing to link" not in words(app) and not app.error


@pytest.mark.parametrize(
    ("method", "shown"),
    [
        ("gated", "**Gates**"),
        ("graph", "**Which input reads which**"),
        ("mixture_of_experts", "**Experts**"),
        ("transformer", "**What attends to what**"),
    ],
)
def test_inside_draws_each_mechanism_as_what_it_is(trained, method, shown):
    app = open_page(ATTENTION, **link(trained, method, view="inside"))
    assert shown in words(app) and "**What it cannot do**" in words(app) and not app.error
    assert "in every case the same way" not in words(app), "experts, gates and edges differ from case to case"


def test_two_methods_stand_side_by_side(trained):
    app = open_page(ATTENTION, **link(trained, "gated", view="beside"))
    text = words(app)
    assert "gated" in text and "graph" in text, "the other run shown is one that weighs tokens"
    assert not app.error


def test_no_side_is_blank_where_one_method_weighs_no_tokens(trained):
    app = open_page(ATTENTION, **link(trained, "gated", view="beside", other=trained["keys"]["transformer"]))
    assert "This method has no weights within this input" not in words(app) and not app.error
    assert "gated reads each input as a whole" in words(app).lower() and "**When**" in words(app)


@pytest.mark.parametrize(("weights", "shown"), [("", True), ("occlusion", False)])
def test_how_far_two_agree_is_told_of_their_attention_alone(trained, weights, shown):
    more = {"weights": weights} if weights else {}
    app = open_page(ATTENTION, **link(trained, "transformer", view="beside", other=trained["keys"]["graph"], **more))
    assert ("look at the same places" in words(app)) == shown and not app.error


def test_two_cases_stand_side_by_side(trained):
    app = open_page(ATTENTION, **link(trained, "transformer", view="cases", beside_case="p08"))
    assert not app.error and {"p03", "p08"} <= {header.value for header in app.header}
    assert words(app).count("**Which columns**") == 2


def test_weights_are_averaged_over_the_cohort_by_class(trained):
    app = finish(open_page(ATTENTION, **link(trained, "gated", view="cohort")))
    assert "Weight of each input over the cohort" in words(app) and not app.error
    assert "Where it looks, on average" not in words(app), "gated weighs whole inputs"
    text = words(finish(open_page(ATTENTION, **link(trained, "transformer", view="cohort"))))
    assert "Where it looks, on average" in text and "Average weights in 32 of 32 cases" in text
    assert "**When**" in text and "**Which columns**" in text


def test_it_is_said_where_models_judge_cases_that_they_learnt_from():
    seen = [Prediction(str(number), "ill", {}, None, learnt_from=number < 2) for number in range(5)]
    assert "5 cases; in 2 of them the models may have learnt" in cohort_weights._judged_by(seen)
    assert cohort_weights._judged_by(seen[2:]) == "3 cases, each judged by models that never saw it"


def test_weights_come_from_attention_or_from_an_attribution(trained):
    for method, weights, shown in (
        ("transformer", "", "band and shades: more than an even share"),
        ("transformer", "integrated_gradients", "convergence delta"),
        ("transformer", "occlusion", "need not add up"),
        ("gated", "", "gated reads each input as a whole"),
        ("ecg", "", "convergence delta"),
    ):
        app = open_page(ATTENTION, **link(trained, method, **({"weights": weights} if weights else {})))
        text = words(app).lower()
        assert shown in text and "what each input adds" in text and not app.error
        assert ("rank correlation with the attention of this case" in text) == bool(weights)
        assert "on top of what the model says without any input" in text


def test_what_takes_its_time_waits_to_be_asked(trained, monkeypatch):
    from pages.fuse.attention import attribution

    monkeypatch.setattr(attribution, "AT_ONCE", 0)
    app = open_page(ATTENTION, **link(trained, "transformer", weights="occlusion"))
    assert "takes a while" in words(app) and "need not add up" not in words(app)
    assert [b.label for b in app.button].count("Work it out") == 2
    for _ in range(2):
        press(app, "Work it out")
    assert "takes a while" not in words(app) and "need not add up" in words(app)


def test_explanations_are_tested_and_judged(trained):
    from mmcore.jobs import engine

    before = len(engine.jobs())
    app = open_page(ATTENTION, **link(trained, "transformer", view="right"))
    assert len(engine.jobs()) == before and "up to 100 cases" in words(app), "looking alone starts no work"
    finish(press(app, "Test the explanations"))
    assert "Taking away what matters first" in words(app) and not app.error
    assert app.success or app.warning, "a verdict is given"
    assert engine.jobs()[0].label == "Testing the explanations of transformer"


CLEAR = {"attention": "tokens", "faithful": True, "better_than_even": True, "points": []}
# Certain, and too little to speak of: its words are "hardly a guide".
TINY = {"attention": {"deletion_vs_even": {"mean": -0.016}, "insertion_vs_even": {"mean": 0.016}}}


@pytest.mark.parametrize(
    ("row", "worth"),
    [
        ({"attention": None, "faithful": True, "better_than_even": True, "points": ["note"]}, "silent"),
        (CLEAR, "useful"),
        ({"attention": "tokens", "faithful": True, "better_than_even": False, "points": ["note"]}, "poor"),
        (
            {
                "attention": "tokens",
                "faithful": True,
                "better_than_even": True,
                "by": "attention",
                "explanations": TINY,
            },
            "poor",
        ),
        ({"attention": "inputs", "faithful": False, "better_than_even": False, "points": None}, "poor"),
    ],
)
def test_the_colour_of_a_verdict_follows_its_words(row, worth):
    from pages.parts import explanation_tests

    assert explanation_tests.worth(row).value == worth


def test_compare_tests_explanations_robustness_and_information(trained):
    shown = ",".join(trained["keys"][method] for method in ("gated", "transformer"))
    app = open_page(COMPARE, cohort=trained["cohort"], shown=shown)
    press(app, "Test the explanations")
    app = finish(app)
    assert "Taking away what is weighed most" in words(app)
    app = open_page(COMPARE, cohort=trained["cohort"], look="robustness", shown=shown)
    press(app, "Take inputs away")
    assert "band: 95% interval of the best method" in words(finish(app))
    app = open_page(COMPARE, cohort=trained["cohort"], look="information")
    assert not app.error


def test_a_fusion_of_some_inputs_does_not_stand_for_its_method(folder):
    reference = studies.open(folder)
    runs = studies.compare(reference, ["ecg", "gated"], settings=QUICK).by_method
    encoders = runs["gated"].spec.encoders
    studies.train(reference, studies.plan(reference, "gated", encoders, QUICK, inputs=["ecg"]))
    app = open_page(COMPARE, cohort=folder)
    table = next(frame.value for frame in app.dataframe if "shown" in frame.value)
    assert set(table.index[table["shown"]]) == {run.key for run in runs.values()}


def test_training_an_encoder_is_announced_with_its_cost(folder, monkeypatch):
    from pages.fuse.train import cost_dialog

    monkeypatch.setattr(cost_dialog, "WORTH_ASKING", 0.0)
    link = {"cohort": folder, "method": "concat", "encoder.ecg": "gru"}
    app = open_page(TRAIN, **link)
    assert "gru (ecg, trained with the method)" in words(app)
    press(app, "Train")
    assert "of training, less where models stop early" in words(app)


def test_a_method_without_attention_leads_to_one_that_has_it_and_is_trained(folder):
    runs = compared(folder, ("gated", "cross_attention"), QUICK)
    app = open_page(ATTENTION, cohort=folder, case="p03", run=runs["gated"].key[:10])
    press(app, "Look at cross-attention instead")
    assert app.query_params["run"] == runs["cross_attention"].key[:10] and not app.error
