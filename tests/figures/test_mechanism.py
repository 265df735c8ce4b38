"""Protects the drawings of gates, experts, edges and layers: every number drawn is the one given."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mmcore.figures import mechanism

COLOURS = {"note": "#3F74C9", "ecg": "#CF4B62", "<labs>": "#7C60B8"}


def test_gates_of_all_models_and_features_are_spread_by_input():
    values = np.random.default_rng(0).dirichlet(np.ones(2), (3, 5)).transpose(0, 2, 1)  # [R, M, D]
    figure = mechanism.gates(values, ["note", "ecg"], COLOURS)
    assert [len(trace.x) for trace in figure.data] == [15, 15]
    assert figure.layout.annotations[0].text == f"<b>{values[:, 0].mean():.0%}</b>"
    turned = figure.layout.yaxis.autorange == "reversed"
    assert {trace.side for trace in figure.data} == {"negative" if turned else "positive"}, "hills rise, not hang"


def test_experts_are_sorted_in_each_model_since_they_have_no_common_order():
    figure = mechanism.experts(np.array([[0.1, 0.9], [0.6, 0.4]]), ["1", "2"])
    assert np.asarray(figure.data[0].z).tolist() == [[0.9, 0.1], [0.6, 0.4]]
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "category", "there is no expert 1.5"


def test_a_graph_tells_every_edge_and_escapes_names():
    weights = np.array([[0.5, 0.3, 0.2], [0.6, 0.4, 0.0], [0.0, 0.0, 1.0]])
    drawing = mechanism.edges(weights, list(COLOURS), COLOURS)
    text = re.findall(r"<title>(.*?)</title>", drawing)
    assert "ecg → note: 30%" in text and "note → ecg: 60%" in text
    assert "<labs>" not in drawing and "&lt;labs&gt;" in drawing
    assert not any("→ &lt;labs&gt;" in label for label in text), "nothing is heard there, so no arrow leads there"


def test_a_missing_input_has_no_arrows():
    drawing = mechanism.edges(np.full((2, 2), 0.5), ["note", "ecg"], COLOURS, missing=["ecg"])
    assert "→" not in drawing and "missing" in drawing


def test_cohort_weights_come_by_class_and_joint_maps_name_both_ends():
    weights = {"note": np.array([0.2, 0.8, np.nan]), "ecg": np.array([0.8, 0.2, 1.0])}
    figure = mechanism.cohort_weights(weights, ["no", "yes"], np.array(["no", "yes", "no"]), {})
    assert [len(trace.x) for trace in figure.data] == [4, 2]
    assert list(figure.data[1].x) == pytest.approx([0.8, 0.2])
    assert mechanism.joint_map(np.eye(2), ["a", "b"]).data[0].customdata[0][1] == "a → b"


def test_what_a_token_keeps_to_itself_does_not_set_the_scale():
    figure = mechanism.joint_map(np.array([[0.9, 0.06, 0.04], [0.02, 0.95, 0.03], [0.1, 0.1, 0.8]]), list("abc"))
    others, own, numbers = figure.data
    assert others.zmax == pytest.approx(0.1) and others.colorbar.title.text and np.isnan(np.diag(others.z)).all()
    assert np.diag(own.z).tolist() == [0.9, 0.95, 0.8] and numbers.text[0] == "90%"
    faint = mechanism.joint_map(np.where(np.eye(3, dtype=bool), 0.9, 0.05), list("abc")).data[2].text
    assert set(faint) == {"90%", "5.0%"}, "no number is wider than a narrow cell"
    assert len(mechanism.joint_map(np.full((20, 20), 0.05), list("abcdefghijklmnopqrst")).data) == 2, (
        "too small to read"
    )
