"""Protects the formulas of the Learn page: each value against a closed form or an independent computation."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score, precision_score, recall_score, roc_auc_score

from mmcore.base.registry import parameters
from mmcore.base.values import Case
from mmcore.encoders import encoders
from mmcore.studies.formulas import (
    Formula,
    Stage,
    attention_step,
    convolution,
    descent,
    folds_of_groups,
    formulas,
    in_order,
    moving_threshold,
    stage_label,
)
from mmcore.studies.formulas.binary_cross_entropy import loss as binary_loss
from mmcore.studies.formulas.concatenation import MAP, concatenated
from mmcore.studies.formulas.fusion_network import _cases, learnt
from mmcore.studies.formulas.glove_loss import loss as glove_loss
from mmcore.studies.formulas.glove_loss import weight
from mmcore.studies.formulas.graph_messages import messages
from mmcore.studies.formulas.recurrent_step import states
from mmcore.studies.formulas.sigmoid_curve import probability
from mmcore.studies.formulas.squared_error import mean_squared_error


def result(name: str, **options) -> float:
    """The first number that a formula gives."""
    return next(iter(formulas[name](**options).worked().numbers.values()))


@pytest.mark.parametrize("name", list(formulas))
def test_every_formula_can_be_shown(name):
    part = formulas[name]
    assert issubclass(part, Formula) and part.title() and part.meaning().endswith((".", ")")) and part.used()
    if part.unavailable():
        pytest.skip(part.unavailable())
    worked = part().worked()
    assert worked.numbers and all(np.isfinite(value) for value in worked.numbers.values())
    assert worked.figure.data or worked.figure.layout.annotations
    assert len(worked.data) and worked.alt
    for parameter in parameters(part):
        assert parameter.help or part.name in ("cosine", "tensor_product", "softmax", "concatenation", "graph_messages")


@pytest.mark.parametrize("name", list(formulas))
def test_the_code_that_is_named_is_there(name):
    import importlib

    module, _, rest = formulas[name].code.rpartition(".")
    try:
        owner = importlib.import_module(module)
    except ModuleNotFoundError:
        module, _, of_class = module.rpartition(".")
        owner = getattr(importlib.import_module(module), of_class)
    assert hasattr(owner, rest)


def test_they_are_told_in_the_order_of_the_pipeline():
    stages = [formulas[name].stage for name in in_order()]
    assert [stage for stage in Stage for _name in in_order(stage)] == stages and len(formulas.broken) == 0
    assert all(stage_label(stage) and in_order(stage) for stage in Stage)


def test_cosine_is_what_the_article_gets_wrong():
    assert result("cosine") == pytest.approx(32 / math.sqrt(14 * 77)) == pytest.approx(0.9746, abs=1e-4)
    assert "0.975" in formulas["cosine"].correction() and "0.814" in formulas["cosine"].correction()
    assert result("cosine", a_1=0.0, a_2=0.0, a_3=0.0) == 0, "a vector of no length is alike to nothing"


def test_softmax_and_its_mask():
    exponents = np.exp([1.0, 2.0, 3.0])
    worked = formulas["softmax"]().worked()
    assert list(worked.numbers.values())[:3] == pytest.approx(list(exponents / exponents.sum()))
    assert "0.090, 0.245 and 0.665" in formulas["softmax"].correction()
    masked = formulas["softmax"](note_missing=True, temperature=2.0).worked()
    assert masked.data["share"].tolist() == pytest.approx([1 / (1 + math.e), 0, math.e / (1 + math.e)])


def test_sigmoid():
    assert probability(np.array([0.0, 1.0, 2.0, -2.0])) == pytest.approx([0.5, 0.731, 0.881, 0.119], abs=5e-4)
    assert result("sigmoid", log_odds=1.0) == pytest.approx(1 / (1 + math.exp(-1)))
    printed = {float(z): float(p) for z, p in re.findall(r"σ\((\d)\) = (\d\.\d+)", formulas["sigmoid"].correction())}
    assert printed == {z: pytest.approx(1 / (1 + math.exp(-z)), abs=5e-4) for z in (0.0, 1.0, 2.0)}
    assert "σ(−z) = 1 − σ(z)" in formulas["sigmoid"].correction()


def test_convolution_is_the_sum_of_products():
    image, kernel = np.random.default_rng(0).random((9, 7)).astype(np.float32), np.arange(9.0).reshape(3, 3)
    out = convolution.convolved(image, kernel.astype(np.float32))
    assert out.shape == image.shape and out[4, 3] == pytest.approx((image[3:6, 2:5] * kernel).sum(), rel=1e-5)
    assert convolution.convolved(image, kernel.astype(np.float32), 2).shape == (5, 4)
    film = np.full((300, 260), 128, np.uint8)
    assert max(convolution.image_of(Case("a", {"film": film})).shape) <= 150


def test_word_vectors_find_what_is_used_alike():
    if encoders["glove_6b_50d"].unavailable():
        pytest.skip("GloVe is not installed")
    worked = formulas["word_vectors"](words="heart cardiac banana").worked()
    assert "heart" in next(iter(worked.numbers)) and "cardiac" in next(iter(worked.numbers))
    assert np.diag(worked.data) == pytest.approx(1)


def test_glove_loss():
    assert float(weight(20)) == pytest.approx(0.2**0.75) and float(weight(500)) == 1
    assert float(glove_loss(20, math.log(20))) == pytest.approx(0)
    assert result("glove_loss", meetings=20, product=2.0) == pytest.approx(0.2**0.75 * (2 - math.log(20)) ** 2)


def test_recurrent_step():
    held = states(np.array([1.0, 0.0, 0.5]), 1.2, 0.7, 0.1)
    first = math.tanh(1.2 + 0.1)
    second = math.tanh(0.7 * first + 0.1)
    assert held == pytest.approx([first, second, math.tanh(0.6 + 0.7 * second + 0.1)], abs=1e-6)


def test_concatenation():
    assert concatenated([1.0, 2.0], [-1.0, 0.5], False) == pytest.approx(np.array([1.0, 2.0, -1.0, 0.5]) @ MAP)
    assert concatenated([1.0, 2.0], [-1.0, 0.5], True) == pytest.approx(np.array([1.0, 2.0, 0.0, 0.0]) @ MAP)


def test_a_network_learns_what_a_linear_map_cannot():
    points, target = _cases()
    by_method = {method: learnt(method, 60, points, target, points[:1])[2] for method in ("mlp", "concat")}
    assert by_method["mlp"] > 0.9 > 0.8 > by_method["concat"]


def test_attention():
    query = np.array([[2.0, -1.0]])
    scores = np.exp(attention_step.TOKENS @ query[0] / math.sqrt(2))
    answer, weights = attention_step.attention_of(query, attention_step.TOKENS)
    assert weights[0] == pytest.approx(scores / scores.sum(), abs=1e-5)
    assert answer[0] == pytest.approx(scores @ attention_step.TOKENS / scores.sum(), abs=1e-5)
    assert attention_step.attention_of(np.zeros((1, 2)), attention_step.TOKENS)[1][0] == pytest.approx(1 / 6)


def test_cross_attention_looks_where_words_fit():
    worked = formulas["cross_attention"]().worked()
    assert worked.data.to_numpy().sum(1) == pytest.approx(1) and worked.data.to_numpy()[1].argmax() == 0
    assert result("cross_attention", fluid=0.0) < result("cross_attention")


def test_graph_messages():
    values, there = np.array([1.0, -0.5, 0.3]), np.ones(3, bool)
    scores = np.where(values > 0, values, 0.2 * values)  # of who is heard; LeakyReLU
    shares = np.exp(scores) / np.exp(scores).sum()
    received = shares @ values
    after, weights = messages(values, there, 1.0)
    assert weights == pytest.approx(np.tile(shares, (3, 1)), abs=1e-5)
    assert after == pytest.approx(values + (received if received > 0 else math.expm1(received)), abs=1e-5)
    after, weights = messages(values, np.array([True, False, True]), 1.0)
    assert (weights[:, 1] == 0).all() and (weights[1] == 0).all() and after[1] == -0.5


def test_tensor_product():
    table = formulas["tensor_product"]().worked().data.to_numpy()
    assert np.allclose(table, np.outer([1.0, -2.0, 1.0], [0.5, 3.0, 1.0]))


def test_losses():
    scores = torch.tensor([[0.0, 1.0, 2.0]])
    for truth, name in enumerate(("none", "benign", "malignant")):
        expected = float(torch.nn.functional.cross_entropy(scores, torch.tensor([truth])))
        assert result("cross_entropy", truth=name) == pytest.approx(expected)
    assert binary_loss(np.array([0.8, 0.5]), True) == pytest.approx([-math.log(0.8), math.log(2)])
    assert result("binary_cross_entropy", probability=0.99, disease=False) == pytest.approx(-math.log(0.01))
    assert mean_squared_error(np.array([1.0, 4.0]), np.array([2.0, 1.0])) == pytest.approx(5.0)
    assert result("squared_error", slope=0.0, start=0.0) == pytest.approx(np.mean([2.1**2, 2.9**2, 4.2**2, 4.8**2, 81]))


def test_descent_takes_the_steps_of_the_formulas():
    path, weights, velocity = descent.went("bowl", "sgd", 0.1, 3), np.array(descent.START), np.zeros(2)
    for step in path[1:]:
        velocity = 0.9 * velocity + weights
        weights = weights - 0.1 * velocity
        assert step == pytest.approx(weights)
    first = descent.went("bowl", "adam", 0.1, 1)[1]
    assert first == pytest.approx(np.array(descent.START) - 0.1 * np.sign(descent.START), abs=1e-6)


@pytest.mark.parametrize("threshold", [0.3, 0.7])
def test_scores_at_a_threshold_are_those_of_scikit_learn(threshold):
    target, chances = moving_threshold.drawn(1.5, 60)
    scores, called = moving_threshold.scores_at(target, chances, threshold), chances >= threshold
    assert scores["precision"] == pytest.approx(precision_score(target, called))
    assert scores["recall"] == pytest.approx(recall_score(target, called))
    assert scores["f1"] == pytest.approx(f1_score(target, called))
    assert scores["auroc"] == pytest.approx(roc_auc_score(target, chances))


def test_patients_on_both_sides_flatter_the_score():
    apart = formulas["folds_of_groups"]().worked().numbers
    together = formulas["folds_of_groups"](keep_patients_together=True).worked().numbers
    (score, split), (honest, none) = apart.values(), together.values()
    assert score > 0.95 and split > 10 and none == 0 and honest < 0.75
    fold, _share = folds_of_groups.held_out(folds_of_groups._cohort(12, 3), "group", 3)
    assert {*fold} == {0, 1, 2}
