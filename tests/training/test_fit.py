"""Protects training: same numbers whichever way it ran, each replicate for itself, cancel, and results that learn."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from sklearn.metrics import r2_score, roc_auc_score
from torch import nn

from mmcore.base.errors import BadInput, Cancelled, MMError, NotFound
from mmcore.base.progress import silent
from mmcore.base.values import Tokens
from mmcore.encoders.fitting import FoldPart, fold_parts
from mmcore.fusion import fusions
from mmcore.fusion.layers import mean
from mmcore.training import FitPlan, Fitted, TrainingData, TrainingSpec, fit
from mmcore.training.model import build
from mmcore.training.tasks import Task

BINARY = Task(name="binary", classes=("no", "yes"))
QUICK = TrainingSpec(epochs=4, width=8, batch_size=16, components=8)
BRIEF = QUICK.model_copy(update={"epochs": 2})  # for sweeps over all methods
every_fusion = pytest.mark.parametrize("name", list(fusions))


def trained(
    small,
    name="concat",
    inputs=("a", "b"),
    training=QUICK,
    seeds=2,
    *,
    groups=None,
    encoders=None,
    copies=None,
    options=None,
    mode="auto",
    progress=silent,
    task=BINARY,
) -> Fitted:
    features, target, folds = small
    data = TrainingData(features, target, task, folds, groups, encoders or {}, copies or {})
    return fit(data, FitPlan(name, inputs, options or {}, training, seeds, mode), progress)


def everything(features) -> dict[str, Tokens]:
    return {name: own.tokens() for name, own in features.items()}


@every_fusion
def test_together_and_one_by_one_give_the_same_numbers(small, name):
    together, alone = (trained(small, name, training=BRIEF, mode=mode) for mode in ("together", "one_by_one"))
    assert together.replicates == alone.replicates == [(f, s) for f in range(3) for s in range(2)]
    assert np.allclose(together.outputs, alone.outputs, atol=1e-4)
    assert np.allclose(together.history["valid_loss"], alone.history["valid_loss"], atol=1e-4)
    assert (together.mode, alone.mode) == ("together", "one_by_one")


@every_fusion
def test_out_of_fold_outputs_are_what_run_says_and_survive_saving(small, name, tmp_path):
    fitted = trained(small, name, training=BRIEF)
    tokens = everything(small[0])
    output = fitted.run(tokens)
    assert output.probabilities.shape == (6, 61, 2) and np.allclose(output.probabilities.sum(-1), 1, atol=1e-5)
    for i, (fold, seed) in enumerate(fitted.replicates):
        test = fitted.fold_of == fold
        assert np.allclose(output.probabilities[i, test], fitted.outputs[seed, test], atol=1e-5)
    fitted.save(tmp_path / "run")
    loaded = Fitted.load(tmp_path / "run")
    assert {p.name for p in (tmp_path / "run").iterdir()} == {"weights.safetensors", "fitted.json", "history.json"}
    again = loaded.run(tokens, [4, 0])
    assert np.array_equal(again.probabilities, fitted.run(tokens, [4, 0]).probabilities)
    assert np.allclose(again.probabilities[1], output.probabilities[0], atol=1e-6)
    assert {entry[:2] for entry in again.attention.entries()} == {entry[:2] for entry in output.attention.entries()}
    assert np.array_equal(loaded.outputs, fitted.outputs) and loaded.replicates == fitted.replicates
    assert loaded.history.shape == fitted.history.shape and loaded.training == fitted.training


def test_same_seed_same_numbers_and_other_seeds_differ(small):
    first, second = trained(small), trained(small)
    assert np.array_equal(first.outputs, second.outputs)
    assert not np.allclose(first.outputs[0], first.outputs[1], atol=1e-3)


def test_a_replicate_does_not_depend_on_how_many_run_beside_it(small):
    few, many = trained(small, seeds=1), trained(small, seeds=3)
    assert np.allclose(few.network_outputs[0], many.network_outputs[0], atol=1e-5)
    assert np.array_equal(few.linear_outputs, many.linear_outputs)


def test_nothing_of_the_test_fold_is_used(small, make):
    features, target, folds = small
    spoilt = make.features([a * (100 if i in folds[0][1] else 1) for i, a in enumerate(features["a"].arrays)])
    flipped = target.copy()
    flipped[folds[0][1]] = 1 - flipped[folds[0][1]]
    alone = trained(({"a": features["a"]}, target, folds[:1]), inputs=("a",))
    other = trained(({"a": spoilt}, flipped, folds[:1]), inputs=("a",))
    assert all(torch.equal(alone.weights[key], other.weights[key]) for key in alone.weights)
    assert torch.equal(alone.normalisers[0]["a"].mean, other.normalisers[0]["a"].mean)


def test_the_epoch_is_chosen_by_cases_that_are_right_if_asked_for(small):
    features, target, folds = small
    noise = features, np.random.default_rng(0).permutation(target), folds  # the surer an answer, the more it costs
    spec = QUICK.model_copy(update={"epochs": 8, "learning_rate": 0.03})
    by_loss, by_accuracy = (
        trained(noise, training=spec.model_copy(update={"epoch_by": by})) for by in ("loss", "accuracy")
    )
    assert np.allclose(by_loss.history["chosen_by"], by_loss.history["valid_loss"])
    assert np.allclose(by_accuracy.history["valid_loss"], by_loss.history["valid_loss"])  # the same epochs, else
    by_errors, by_likelihood = (
        fitted.history.loc[fitted.history.groupby("replicate")["chosen_by"].idxmin(), "epoch"].to_numpy()
        for fitted in (by_accuracy, by_loss)
    )
    assert (by_errors != by_likelihood).any()
    for i, other in enumerate(by_errors != by_likelihood):
        moved = [not torch.equal(by_loss.weights[name][i], value[i]) for name, value in by_accuracy.weights.items()]
        assert any(moved) == other


def test_best_weights_are_kept_and_stopping_is_each_replicates_own(small):
    spec = QUICK.model_copy(update={"epochs": 40, "patience": 2, "learning_rate": 0.05})
    fitted = trained(small, training=spec)
    lengths = fitted.history.groupby("replicate")["epoch"].max() + 1
    best = fitted.history.loc[fitted.history.groupby("replicate")["valid_loss"].idxmin()].set_index("replicate")[
        "epoch"
    ]
    assert (lengths < 40).all() and lengths.nunique() > 1
    assert (lengths - 1 == best + 2).all()
    alone = trained(small, training=spec, mode="one_by_one")
    assert np.allclose(fitted.outputs, alone.outputs, atol=1e-3)


def test_progress_is_live_and_may_cancel(small):
    steps = []
    trained(small, progress=steps.append)
    live = steps[-1].live
    assert set(live) == {"epoch", "train_loss", "valid_loss", "valid_metric", "done_replicates"}
    training = [step for step in steps if step.live]
    assert all(a.done <= b.done <= b.total for a, b in itertools.pairwise(training))

    def stop(step):
        raise Cancelled("enough")

    for mode in ("together", "one_by_one"):
        with pytest.raises(Cancelled, match="enough"):
            trained(small, mode=mode, progress=stop)


def test_threads_of_torch_are_left_as_they_were(small):
    before = torch.get_num_threads()
    trained(small)
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("optimiser", ["adamw", "adam", "sgd"])
def test_every_optimiser_lowers_the_loss(small, optimiser):
    rate = 0.05 if optimiser == "sgd" else 0.01
    spec = QUICK.model_copy(update={"optimiser": optimiser, "learning_rate": rate, "epochs": 10})
    losses = trained(small, training=spec).history.groupby("epoch")["train_loss"].mean()
    assert losses.iloc[-1] < losses.iloc[0] - 0.05


def test_class_weights_change_what_a_rare_class_gets(make):
    target = (np.arange(120) % 6 == 0).astype(int)
    data = {"a": make.signal(0.6 * target, 4, 1, 0, missing=0)}, target, make.folds(120)
    spec = QUICK.model_copy(update={"epochs": 15, "learning_rate": 0.01})
    plain = trained(data, inputs=("a",), training=spec).outputs[..., 1].mean()
    weighted = (
        trained(data, inputs=("a",), training=spec.model_copy(update={"class_weights": True})).outputs[..., 1].mean()
    )
    assert weighted > plain + 0.1


def test_mlp_learns_what_no_input_alone_can_settle(make):
    chance = np.random.default_rng(0)
    a, b = chance.choice([-1.0, 1.0], (2, 240))
    target = (a * b > 0).astype(int)
    features = {n: make.signal(3 * v, 3, 1, i, missing=0) for i, (n, v) in enumerate({"a": a, "b": b}.items())}
    spec = TrainingSpec(width=16, epochs=60, patience=20, learning_rate=5e-3, modality_dropout=0.0)
    both = trained((features, target, make.folds(240)), "mlp", training=spec, seeds=1)
    alone = trained((features, target, make.folds(240)), "mlp", ("a",), training=spec, seeds=1)
    assert roc_auc_score(target, both.outputs[0, :, 1]) > 0.9 > 0.65 > roc_auc_score(target, alone.outputs[0, :, 1])


def test_regression_recovers_a_linear_target_in_its_own_unit(make):
    chance = np.random.default_rng(0)
    x = chance.standard_normal((200, 4))
    target = 500 + 30 * x @ [1, -1, 0.5, 0] + chance.standard_normal(200)
    target[:5] = np.nan
    features = {"a": make.features(x[:, None])}
    spec = TrainingSpec(width=16, epochs=60, learning_rate=5e-3)
    data = features, target, make.folds(200)
    fitted = trained(data, inputs=("a",), training=spec, seeds=1, task=Task(name="regression"))
    assert fitted.outputs.shape == (1, 200, 1)
    assert r2_score(target[5:], fitted.outputs[0, 5:, 0]) > 0.9
    output = fitted.run(everything(features)).probabilities
    assert np.allclose(output[0, fitted.fold_of == 0], fitted.outputs[0, fitted.fold_of == 0], atol=1e-2)


def test_multiclass(make):
    target = np.arange(90) % 3
    data = {"a": make.features(np.eye(3)[target][:, None] + 0.1)}
    spec = TrainingSpec(width=8, epochs=30, learning_rate=0.01)
    task = Task(name="multiclass", classes=("x", "y", "z"))
    fitted = trained((data, target, make.folds(90)), "gated", ("a",), spec, 1, task=task)
    assert fitted.outputs.shape == (1, 90, 3) and (fitted.outputs[0].argmax(-1) == target).mean() > 0.95


class Recurrent(nn.Module):
    """A learnt encoder part."""

    dims = 4

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.LSTM(20, 4, batch_first=True)

    def forward(self, tokens: Tokens) -> Tokens:
        return Tokens(self.inner(tokens.values)[0], tokens.mask)


class Encoding:
    """Just what training asks of an encoder."""

    def __init__(
        self, trains_in_run=False, raw=False, fits_on_fold=False, learning_rate_scale=1.0, module=Recurrent
    ) -> None:
        self.trains_in_run, self.raw, self.fits_on_fold, self.learning_rate_scale, self.module = (
            trains_in_run,
            raw,
            fits_on_fold,
            learning_rate_scale,
            module,
        )
        self.seen = []

    supervised = False

    def identity(self) -> str:
        return f"encoding-{id(self)}"

    def options(self) -> dict:
        return {}

    def fit(self, features, rows, target):
        self.seen.append(set(rows.tolist()))
        return Centred(mean(*vars(features.tokens(rows[features.counts[rows] > 0])).values()).mean(0))


class Centred(FoldPart):
    """Takes off what it learnt and puts the sum beside it."""

    name = "centred"

    def __init__(self, middle: torch.Tensor) -> None:
        self.middle = middle

    @property
    def dims(self) -> int:
        return len(self.middle) + 1

    def __call__(self, tokens: Tokens) -> Tokens:
        values = tokens.values - self.middle
        return Tokens(torch.cat([values, values.sum(-1, keepdim=True)], -1) * tokens.mask.unsqueeze(-1), tokens.mask)

    def state(self):
        return {"middle": self.middle}

    @classmethod
    def restore(cls, state):
        return cls(state["middle"])


@pytest.mark.parametrize("name", ["concat", "late", "cross_attention"])
def test_learnt_encoder_parts(small, name, tmp_path):
    fitted = trained(small, name, encoders={"a": Encoding(trains_in_run=True)})
    output = fitted.run(everything(small[0]))
    test = fitted.fold_of == 1
    assert np.allclose(output.probabilities[2, test], fitted.outputs[0, test], atol=1e-4)
    fitted.save(tmp_path / "run")
    with pytest.raises(BadInput, match="learnt encoder part"):
        Fitted.load(tmp_path / "run").run(everything(small[0]))
    again = Fitted.load(tmp_path / "run", modules={"a": Recurrent}).run(everything(small[0]))
    assert np.allclose(again.probabilities, output.probabilities)
    with pytest.raises(BadInput, match="together"):
        trained(small, name, encoders={"a": Encoding(trains_in_run=True)}, mode="together")


@pytest.mark.parametrize("name", ["concat", "cross_attention"])
def test_what_an_encoder_fits_comes_from_the_training_fold_only_and_is_kept(small, name, tmp_path, monkeypatch):
    monkeypatch.setitem(fold_parts._parts, "centred", Centred)
    encoder = Encoding(fits_on_fold=True)
    fitted = trained(small, name, encoders={"a": encoder})
    folds = [(set(np.asarray(train).tolist()), set(np.asarray(test).tolist())) for train, test in small[2]]
    of_fold = [[seen for seen in encoder.seen if seen <= train] for train, _test in folds]  # side by side, in any order
    assert [len(sets) for sets in of_fold] == [1] * len(folds) and len(encoder.seen) == len(folds)
    assert all(sets[0] and not sets[0] & test for sets, (_train, test) in zip(of_fold, folds, strict=True))
    middles = [normaliser["a"].part.middle for normaliser in fitted.normalisers]
    assert not torch.equal(middles[0], middles[1])
    output = fitted.run(everything(small[0]))
    test = fitted.fold_of == 1
    assert np.allclose(output.probabilities[2, test], fitted.outputs[0, test], atol=1e-4)
    fitted.save(tmp_path / "run")
    assert np.allclose(Fitted.load(tmp_path / "run").run(everything(small[0])).probabilities, output.probabilities)


def test_what_reads_the_target_never_sees_the_cases_that_stop_the_training(small, monkeypatch):
    """Else stopping would be judged by cases whose answer is in their own features."""
    from mmcore.training import replicates

    split = replicates.validation_split
    stopping = {}  # rows of the training fold -> rows that stop the training, once for each seed

    def remembered(strata, groups, rows, *given):
        drawn = split(strata, groups, rows, *given)
        stopping.setdefault(frozenset(rows.tolist()), []).append(drawn[1].tolist())
        return drawn

    monkeypatch.setattr(replicates, "validation_split", remembered)
    monkeypatch.setitem(fold_parts._parts, "centred", Centred)
    encoder = Encoding(fits_on_fold=True)
    encoder.supervised = True
    trained(small, "concat", encoders={"a": encoder}, seeds=2)
    assert len(stopping) == len(encoder.seen) == len(small[2])
    for seen in encoder.seen:  # folds are read side by side, in any order
        ((first, second),) = [stops for rows, stops in stopping.items() if seen <= rows]
        assert first and first == second and not seen & set(first)


def test_raw_tokens_reach_the_learnt_part_as_they_are(small):
    received = []

    class Listening(Recurrent):
        def forward(self, tokens: Tokens) -> Tokens:
            received.append(tokens)
            return super().forward(tokens)

    trained(small, inputs=("a",), encoders={"a": Encoding(trains_in_run=True, raw=True, module=Listening)}, seeds=1)
    reference = everything(small[0])["a"]
    rows = {tuple(row.tolist()) for row in reference.values[reference.mask]}
    text = received[0].values[received[0].mask]
    assert len(text) and all(tuple(row.tolist()) in rows for row in text)


def test_a_slow_part_moves_by_its_share(small):
    once = QUICK.model_copy(update={"epochs": 1, "patience": 1, "weight_decay": 0.0, "batch_size": 4096})
    moves = {}
    for learning_rate_scale in (1.0, 0.1):
        fitted = trained(
            small,
            training=once,
            inputs=("a",),
            encoders={"a": Encoding(trains_in_run=True, learning_rate_scale=learning_rate_scale)},
            seeds=1,
        )
        start = dict(
            build({"a": 20}, lambda: fusions["concat"](("a",), once.width), 1, fitted.modules, 0).named_parameters()
        )
        moves[learning_rate_scale] = {
            name: (value[0] - start[name]).abs().max() for name, value in fitted.weights.items()
        }
    for name in moves[1.0]:
        share = 0.1 if name.startswith("learnt.") else 1.0
        assert torch.isclose(moves[0.1][name], share * moves[1.0][name], rtol=1e-3, atol=1e-7), name


def test_copies_are_trained_on_and_never_tested_on(small, make):
    features, target, _folds = small
    plain = trained(small)
    same = trained(small, copies={name: [features[name]] for name in "ab"})
    assert not np.allclose(plain.outputs, same.outputs)  # other batches are drawn, of the same numbers
    assert same.outputs.shape == plain.outputs.shape
    order = np.random.default_rng(0).permutation(len(target))
    others = {name: [make.features([features[name].arrays[i] for i in order])] for name in "ab"}
    confused = trained(small, copies=others)
    assert log_loss(target, confused.network_outputs) > log_loss(target, same.network_outputs)
    with pytest.raises(BadInput, match="copies"):
        trained(small, copies={"a": [features["a"]]})


def log_loss(target, outputs) -> float:
    output = outputs[:, np.arange(len(target)), np.asarray(target, int)]
    return float(-np.log(np.clip(output, 1e-6, 1)).mean())


def test_a_pipeline_is_differentiable(small):
    fitted = trained(small, "cross_attention")
    tokens = {k: Tokens(t.values.requires_grad_(), t.mask) for k, t in everything(small[0]).items()}
    answer = fitted.pipeline(3)(tokens)
    probabilities = fitted.run({k: Tokens(t.values.detach(), t.mask) for k, t in tokens.items()}, [3]).probabilities
    assert np.allclose(torch.sigmoid(answer.outputs[:, 0]).detach(), probabilities[0, :, 1], atol=1e-5)
    grads = torch.autograd.grad(answer.outputs.sum(), [t.values for t in tokens.values()])
    assert all(g.abs().sum() > 0 for g in grads)


def test_hard_cohorts_still_train(make):
    """One class in the validation part, an input nobody has, unlabelled cases, folds of very different size."""
    target = np.array([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1])
    features = {"a": make.signal(target, 3, 2, 0, missing=0), "b": make.features([np.zeros((0, 3))] * 12)}
    folds = [(np.arange(4), np.arange(4, 12)), (np.arange(2, 12), np.arange(2))]
    for name in ("concat", "cross_attention"):
        fitted = trained((features, target, folds), name)
        assert np.array_equal(np.isfinite(fitted.outputs).all((0, 2)), fitted.fold_of >= 0)
    assert trained((features, target, [(np.arange(2, 12), np.arange(2))])).fold_of.tolist() == [0, 0] + [-1] * 10


def test_mistakes_are_named(small, tmp_path):
    with pytest.raises(NotFound, match="gated"):
        trained(small, "gatd")
    with pytest.raises(NotFound, match="'c'"):
        trained(small, inputs=("a", "c"))
    with pytest.raises(MMError, match="between"):
        trained(small, "mlp", options={"blocks": 99})
    with pytest.raises(BadInput, match="at least 4"):
        trained((small[0], small[1], [(np.arange(3), np.arange(3, 61))]))
    with pytest.raises(BadInput, match="nothing for b"):
        trained(small).run({"a": small[0]["a"].tokens()})
    with pytest.raises(BadInput, match="wide"):
        trained(small).run({"a": small[0]["a"].tokens(), "b": small[0]["a"].tokens()})
    with pytest.raises(MMError, match="can be read"):
        Fitted.load(tmp_path)


@pytest.mark.parametrize("name", ["concat", "cross_attention"])
@pytest.mark.parametrize("table", [False, True])
def test_an_input_that_a_whole_training_fold_lacks(small, make, name, table):
    features, target, folds = small
    columns = [np.diag(1.0 + np.random.default_rng(i).random(10)) for i in range(len(target))]
    arrays = columns if table else features["a"].arrays
    only = make.features([a if i in folds[0][1] else a[:0] for i, a in enumerate(arrays)])
    fitted = trained(({**features, "a": only}, target, folds), name, training=BRIEF, seeds=1)
    assert np.isfinite(fitted.outputs).all()
    changed = make.features([7 * a for a in only.arrays])
    tokens = [everything({**features, "a": own}) for own in (only, changed)]
    unseen = [i for i, (fold, _seed) in enumerate(fitted.replicates) if fold == 0]
    first, second = (fitted.run(tokens_of_all, unseen).probabilities for tokens_of_all in tokens)
    assert np.allclose(first, second)  # what nobody learnt to read says nothing


def test_what_was_saved_before_there_was_a_linear_part_is_its_networks_alone(small, tmp_path):
    fitted = trained(small, training=BRIEF, seeds=1)
    fitted.save(tmp_path / "run")
    weights = load_file(tmp_path / "run" / "weights.safetensors")
    older = {name: value for name, value in weights.items() if not name.startswith(("linear", "network"))}
    save_file(older, tmp_path / "run" / "weights.safetensors")
    facts = json.loads((tmp_path / "run" / "fitted.json").read_text())
    del facts["network_share"]
    (tmp_path / "run" / "fitted.json").write_text(json.dumps(facts))
    loaded = Fitted.load(tmp_path / "run")
    assert loaded.linear == [None] * 3 and loaded.network_share == [1.0] * 3
    assert np.isnan(loaded.linear_outputs).all() and np.array_equal(loaded.network_outputs, loaded.outputs)
    probabilities = loaded.run(everything(small[0])).probabilities
    for i, (fold, seed) in enumerate(loaded.replicates):
        test = loaded.fold_of == fold
        assert np.allclose(probabilities[i, test], fitted.network_outputs[seed, test], atol=1e-5)
