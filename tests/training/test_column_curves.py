"""Protects the curves of a table's numbers: they bend where risk does, add up, and stay away where lines do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from mmcore.base.values import Tokens
from mmcore.training.column_curves import fit_pieces
from mmcore.training.linear_expert import InputExpert, LinearPart
from mmcore.training.linear_fit import FoldVectors, fit_input, preferred
from mmcore.training.linear_sum import fit_sum_of_inputs
from mmcore.training.normalise import Normaliser
from mmcore.training.tasks import Task
from mmcore.training.training_rows import training_rows

BINARY = Task(name="binary", classes=("no", "yes"))
CHANCE = np.random.default_rng(0)
VALUES = CHANCE.standard_normal((400, 3)).astype(np.float32)
U_SHAPED = (np.abs(VALUES[:, 0]) + 0.3 * CHANCE.standard_normal(400) > 0.8).astype(float)
STRAIGHT = (VALUES[:, 0] + CHANCE.standard_normal(400) > 0).astype(float)


def table(values: np.ndarray, level="vectors") -> Normaliser:
    """Each column by a token of its own."""
    width = values.shape[1]
    plain = torch.zeros(width), torch.ones(width)
    return Normaliser(level, *plain, owner=torch.eye(width).bool(), numeric=torch.ones(width).bool())


def fits(target, values=VALUES, task=BINARY):
    """(straight, bent, mixed) experts of a table."""
    labels = torch.from_numpy(np.asarray(target, np.float32))
    training = training_rows(task, np.arange(len(labels)), labels, torch.ones(len(labels)), None, 0)
    vectors = FoldVectors(table(values), torch.from_numpy(values), np.ones(len(values), bool))
    straight, bent = fit_input(training, vectors), fit_input(training, vectors, [fit_pieces(vectors.values)])
    return training, straight, bent, preferred(training, straight, bent)


def test_the_pieces_of_a_column_add_up_to_its_value_and_zero_adds_nothing():
    values = torch.from_numpy(VALUES)
    pieces = fit_pieces(values)
    through = pieces(values) / pieces.scale
    for column in range(3):
        assert torch.allclose(through[:, pieces.columns == column].sum(1), values[:, column], atol=1e-5)
    assert not pieces(torch.zeros(3)).any()
    assert torch.allclose(pieces(values).std(0, correction=0), torch.ones(48), atol=1e-4)
    wide = fit_pieces(torch.randn(200, 64))
    assert len(wide.columns) == 512  # fewer for each, where columns are many


def test_no_curve_goes_on_beyond_what_training_rows_had():
    values = torch.from_numpy(VALUES).clone()
    values[:40, 0] = 1 + 1e-3 * torch.rand(40)  # the limit of a device
    values = values.clamp_max(1.001)
    pieces = fit_pieces(values)
    beyond = pieces(torch.full((1, 3), 50.0)).abs()
    assert torch.allclose(beyond, pieces(values.amax(0, keepdim=True)).abs(), atol=1e-4)


def test_flags_and_few_grades_get_no_curve_nor_does_a_table_of_very_many_columns():
    grades = torch.from_numpy(CHANCE.integers(0, 4, (200, 2)).astype(np.float32))  # 0 stands for unknown
    assert fit_pieces(grades) is None
    assert set(fit_pieces(torch.cat([grades, torch.randn(200, 1)], 1)).columns.tolist()) == {2}
    assert fit_pieces(torch.randn(50, 128)) is not None and fit_pieces(torch.randn(50, 129)) is None


def test_a_risk_that_rises_at_both_ends_is_seen():
    _training, straight, _bent, mixed = fits(U_SHAPED)
    before, after = (roc_auc_score(U_SHAPED, fit.inner[:, 0]) for fit in (straight, mixed))
    assert before < 0.65 and after > 0.9 and mixed.loss < straight.loss
    answers = mixed.expert.of_vectors(torch.from_numpy(VALUES), torch.ones(400, dtype=torch.bool))
    assert roc_auc_score(U_SHAPED, answers[:, 0]) > 0.9


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression", "multilabel"])
def test_every_task_can_bend_but_survival(task):
    grade = np.digitize(np.abs(VALUES[:, 0]), [0.4, 1.0])
    kinds = {
        "binary": (BINARY, (grade > 0).astype(float)),
        "multiclass": (Task(name="multiclass", classes=("x", "y", "z")), grade),
        "regression": (Task(name="regression"), np.abs(VALUES[:, 0])),
        "multilabel": (Task(name="multilabel", classes=("x", "y")), (grade > 0) + 2 * (grade > 1)),
    }
    _training, straight, _bent, mixed = fits(kinds[task][1], task=kinds[task][0])
    assert mixed.loss < straight.loss - 0.05


def test_where_a_line_does_the_mixture_is_no_worse_and_without_proof_nothing_bends():
    training, straight, _bent, mixed = fits(STRAIGHT)
    assert mixed.loss < straight.loss + 1e-3
    worse = fit_input(training, straight.vectors, [fit_pieces(torch.randn(400, 3))])
    assert preferred(training, straight, worse).loss < straight.loss + 1e-3
    assert preferred(training, straight, straight) is straight
    labels = torch.from_numpy(STRAIGHT).float()[:12]
    few = training_rows(BINARY, np.arange(12), labels, torch.ones(12), np.zeros(12), 0)  # one group: no inner folds
    lines, curves = (fit_input(few, straight.vectors, each) for each in ([], [fit_pieces(straight.vectors.values)]))
    assert preferred(few, lines, curves) is lines


def test_what_columns_add_sums_to_the_whole_and_survives_saving():
    training, _straight, bent, _mixed = fits(U_SHAPED)
    tokens = Tokens(torch.diag_embed(torch.from_numpy(VALUES)), torch.ones(400, 3, dtype=torch.bool))
    expert = bent.expert
    assert torch.allclose(expert.shares(tokens).sum(1), expert(tokens), atol=1e-4)
    hidden = Tokens(tokens.values, tokens.mask & torch.tensor([False, True, True]))
    assert torch.allclose(expert(hidden), expert.shares(tokens)[:, 1:].sum(1) + expert.offset / 3, atol=1e-4)
    linear = fit_sum_of_inputs(training, {"t": bent}).part
    again = LinearPart.restore(linear.state({"t": expert.normaliser}), {"t": expert.normaliser})
    assert torch.equal(again({"t": tokens}), linear({"t": tokens}))
    assert isinstance(again.inputs["t"], InputExpert) and len(again.inputs["t"].bends) == 1


def test_copies_of_a_case_in_one_group_are_no_further_proof():
    labels = torch.from_numpy(U_SHAPED[:40]).float().repeat_interleave(10)
    values = torch.from_numpy(VALUES[:40]).repeat_interleave(10, 0)
    vectors = FoldVectors(table(values.numpy()), values, np.ones(400, bool))
    shares = []
    for groups in (np.repeat(np.arange(40), 10).astype(str), np.arange(400).astype(str)):
        training = training_rows(BINARY, np.arange(400), labels, torch.ones(400), groups, 0)
        training = replace(training, inner=np.repeat(np.arange(40) % 5, 10))  # the same inner folds for both
        straight, bent = fit_input(training, vectors), fit_input(training, vectors, [fit_pieces(values)])
        shares.append(preferred(training, straight, bent))
    assert shares[0].loss != shares[1].loss
    taken = [float((mixed.inner - straight.inner).abs().sum()) for mixed in shares]
    assert taken[0] < taken[1], "as much of the curve as 40 cases prove, not 400"
