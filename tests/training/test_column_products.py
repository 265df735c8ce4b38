"""Protects products of a table's numbers: they tell what acts together, add up, and stay away elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from mmcore.base.values import Tokens
from mmcore.training.column_curves import fit_pieces
from mmcore.training.column_products import fit_products
from mmcore.training.linear_expert import LinearPart
from mmcore.training.linear_fit import FoldVectors, fit_input, preferred
from mmcore.training.linear_sum import fit_sum_of_inputs
from mmcore.training.normalise import Normaliser
from mmcore.training.tasks import Task
from mmcore.training.training_rows import training_rows

BINARY = Task(name="binary", classes=("no", "yes"))
CHANCE = np.random.default_rng(1)
VALUES = CHANCE.standard_normal((400, 3)).astype(np.float32)
TOGETHER = (VALUES[:, 0] * VALUES[:, 1] + 0.3 * CHANCE.standard_normal(400) > 0).astype(float)
APART = (VALUES[:, 0] + VALUES[:, 1] + CHANCE.standard_normal(400) > 0).astype(float)

TABLE = Normaliser("vectors", torch.zeros(3), torch.ones(3), owner=torch.eye(3).bool(), numeric=torch.ones(3).bool())


def fits(target, task=BINARY):
    """The training rows, and the experts (with curves; with products as well; the two mixed) of a table."""
    labels = torch.from_numpy(np.asarray(target, np.float32))
    training = training_rows(task, np.arange(len(labels)), labels, torch.ones(len(labels)), None, 0)
    vectors = FoldVectors(TABLE, torch.from_numpy(VALUES), np.ones(len(VALUES), bool))
    bases = [fit_pieces(vectors.values), fit_products(vectors.values)]
    curved, multiplied = fit_input(training, vectors, bases[:1]), fit_input(training, vectors, bases)
    return training, curved, multiplied, preferred(training, curved, multiplied)


def test_products_are_of_two_columns_of_one_size_and_nothing_where_either_is_not_known():
    products = fit_products(torch.from_numpy(VALUES))
    assert (products.columns[products.first] != products.columns[products.second]).all()
    assert len(products.first) == 3 * 3 * 3  # of three pairs of columns, three pieces each
    assert torch.allclose(products(torch.from_numpy(VALUES)).std(0, correction=0), torch.ones(27), atol=1e-4)
    own = products(torch.tensor([[2.0, 0.0, -2.0]]))
    without = (products.columns[products.first] == 1) | (products.columns[products.second] == 1)
    assert not own[0, without].any() and own[0, ~without].any()


def test_a_flag_is_multiplied_and_a_single_or_constant_column_is_not():
    flag = torch.where(torch.rand(100, 1) > 0.5, 1.0, -1.0)
    assert len(fit_products(torch.cat([flag, torch.randn(100, 1)], 1)).first) == 3
    assert fit_products(torch.randn(100, 1)) is None
    assert fit_products(torch.cat([torch.randn(100, 1), torch.ones(100, 1)], 1)) is None
    assert fit_products(torch.randn(30, 65)) is None


def test_no_product_leaves_the_range_it_had_in_training():
    few = torch.from_numpy(VALUES[:8])
    products = fit_products(few)
    seen = products(few).abs().max()
    assert products(torch.randn(5000, 3)).abs().max() <= seen * 1.001


def test_rare_flags_that_never_met_make_no_answer_huge():
    flags = (CHANCE.random((200, 6)) < 0.05).astype(np.float32)
    values = torch.from_numpy((flags - flags.mean(0)) / flags.std(0)).float()
    products = fit_products(values)
    met = products(torch.from_numpy((np.eye(6) + np.eye(6)[::-1] - flags.mean(0)) / flags.std(0)).float())
    assert met.abs().max() <= products(values).abs().max() * 1.001


def test_a_risk_of_two_together_is_seen():
    _training, curved, _multiplied, mixed = fits(TOGETHER)
    before, after = (roc_auc_score(TOGETHER, fit.inner[:, 0]) for fit in (curved, mixed))
    assert before < 0.6 and after > 0.9
    answers = mixed.expert.of_vectors(torch.from_numpy(VALUES), torch.ones(400, dtype=torch.bool))
    assert roc_auc_score(TOGETHER, answers[:, 0]) > 0.9


@pytest.mark.parametrize("target", [APART, CHANCE.permutation(TOGETHER)])
def test_where_nothing_acts_together_the_mixture_is_no_worse(target):
    _training, curved, multiplied, mixed = fits(target)
    assert multiplied.loss > curved.loss
    assert mixed.loss < curved.loss + 1e-3


def test_collinear_products_of_long_tails_are_fitted_and_what_is_no_number_is_not_trusted():
    values = np.exp(np.random.default_rng(3).standard_normal((200, 6)))
    values = np.tanh((values - values.mean(0)) / values.std(0) / 5).astype(np.float32) * 5
    labels = torch.from_numpy(values[:, 0] * values[:, 1] + values[:, 2])
    training = training_rows(Task(name="regression"), np.arange(200), labels, torch.ones(200), None, 0)
    vectors = FoldVectors(TABLE, torch.from_numpy(values), np.ones(200, bool))
    bases = [fit_pieces(vectors.values), fit_products(vectors.values)]
    straight, bent = fit_input(training, vectors), fit_input(training, vectors, bases)
    assert bent.judged.isfinite().all() and bent.loss < straight.loss
    assert preferred(training, straight, replace(bent, judged=bent.judged * float("nan"))) is straight


def test_a_product_is_shared_by_its_columns_sums_to_the_whole_and_survives_saving():
    training, curved, multiplied, mixed = fits(TOGETHER)
    tokens = Tokens(torch.diag_embed(torch.from_numpy(VALUES)), torch.ones(400, 3, dtype=torch.bool))
    for expert in (multiplied.expert, mixed.expert):
        assert torch.allclose(expert.shares(tokens).sum(1), expert(tokens), atol=1e-4)
    products = multiplied.expert.bends[1]
    each = products.shares(tokens.values)
    only_two = torch.from_numpy(VALUES) * torch.tensor([1.0, 1.0, 0.0])
    assert torch.allclose(products.shares(torch.diag_embed(only_two))[:, 0] * 2, products(only_two), atol=1e-4)
    assert each[:, :2].abs().mean() > 3 * each[:, 2].abs().mean()
    share = mixed.expert.bends[0].weight - multiplied.expert.bends[0].weight
    assert share.abs().max() > 0 and mixed.expert.bends[1].weight.abs().sum() < products.weight.abs().sum()
    linear = fit_sum_of_inputs(training, {"t": mixed}).part
    again = LinearPart.restore(linear.state({"t": mixed.expert.normaliser}), {"t": mixed.expert.normaliser})
    assert torch.equal(again({"t": tokens}), linear({"t": tokens}))
    assert len(again.inputs["t"].bends) == 2 and curved.expert.bends[0].basis is mixed.expert.bends[0].basis
