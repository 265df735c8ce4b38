"""What is asked of a panel of replicates in one go is what they would say one by one, for every fusion method."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from mmcore.base.errors import BadInput
from mmcore.base.values import Kind, Tokens
from mmcore.encoders.fitting import FoldPart
from mmcore.fusion import fusions
from mmcore.training import FitPlan, TrainingData, TrainingSpec, fit
from mmcore.training.tasks import Task
from tests.trained_methods import Features


class Neighbours(nn.Module):
    """A learnt part whose states mix neighbouring tokens."""

    dims = 8

    def __init__(self) -> None:
        super().__init__()
        self.mix = nn.Conv1d(7, 8, 3, padding=1)

    def forward(self, tokens: Tokens) -> Tokens:
        return Tokens(torch.tanh(self.mix(tokens.values.mT).mT) * tokens.mask.unsqueeze(-1), tokens.mask)


def variants(reading, count=4):
    chance = np.random.default_rng(1)
    keep = {
        name: mask[:, None] & (chance.random((len(mask), count, mask.shape[1])) < 0.6)
        for name, mask in reading.masks.items()
    }
    keep["film"][:, 0] = False  # one whole input taken away
    return keep


@pytest.mark.parametrize("fusion", list(fusions))
def test_masked_variants_are_those_of_the_method_itself(trained, read, made, fusion):
    fitted = trained(fusion, epochs=1)
    reading = read(fitted)
    own, rows = reading.panel.replicates, made[2][0][1][:8]
    tokens = {name: made[0][name].tokens(rows) for name in fitted.inputs}
    plain = fitted.run(tokens, own)
    outputs, maps = reading.answer()
    assert np.allclose(reading.panel.activate(outputs).numpy(), plain.probabilities, atol=1e-5)
    assert {entry[:2] for entry in maps.entries()} == {entry[:2] for entry in plain.attention.entries()}
    keep = variants(reading)
    output = reading.panel.activate(reading.under(keep)).numpy()
    for v in range(4):
        cut = {n: Tokens(t.values, torch.from_numpy(keep[n][:, v, : t.mask.shape[1]])) for n, t in tokens.items()}
        assert np.allclose(output[:, :, v], fitted.run(cut, own).probabilities, atol=1e-5)


def test_a_changed_input_is_read_alone(trained, read, made):
    fitted = trained("concat")
    reading, rows = read(fitted), made[2][0][1][:8]
    other = made[0]["film"].tokens(rows[::-1].copy())
    tokens = {name: made[0][name].tokens(rows) for name in fitted.inputs} | {"film": other}
    changed = reading.replaced("film", other)
    assert changed.inputs["wave"] is reading.inputs["wave"]
    assert np.allclose(
        reading.panel.activate(changed.answer()[0]).numpy(),
        fitted.run(tokens, reading.panel.replicates).probabilities,
        atol=1e-5,
    )


@pytest.mark.parametrize("fusion", ["concat", "cross_attention"])
def test_states_of_a_learnt_part_take_the_place_of_tokens(trained, read, made, fusion):
    fitted = trained(
        fusion,
        epochs=2,
        encoders={
            "wave": SimpleNamespace(
                trains_in_run=True,
                raw=False,
                fits_on_fold=False,
                supervised=False,
                learning_rate_scale=1.0,
                module=Neighbours,
            )
        },
    )
    reading = read(fitted)
    tokens = {name: made[0][name].tokens(made[2][0][1][:8]) for name in fitted.inputs}
    plain = fitted.run(tokens, reading.panel.replicates).probabilities
    assert np.allclose(reading.panel.activate(reading.answer()[0]).numpy(), plain, atol=1e-5)
    assert reading.inputs["wave"].parts.shape[-1] == 8 + 1  # its states, and what each adds to the linear part


class Mixed(FoldPart):
    """A part learnt from the fold that narrows the tokens and does not commute with averaging them."""

    dims = 3

    def __call__(self, tokens: Tokens) -> Tokens:
        return Tokens(torch.relu(tokens.values[..., :3]) * tokens.mask.unsqueeze(-1), tokens.mask)

    def state(self):
        return {}

    @classmethod
    def restore(cls, state):
        return cls()


@pytest.mark.parametrize("fusion", ["concat", "cross_attention"])
def test_what_an_encoder_learnt_from_the_fold_comes_first(trained, read, made, fusion):
    encoder = SimpleNamespace(
        trains_in_run=False,
        raw=False,
        fits_on_fold=True,
        supervised=False,
        learning_rate_scale=1.0,
        fit=lambda *_given: Mixed(),
        identity=lambda: "mixed",
        options=dict,
    )
    fitted = trained(fusion, epochs=3, encoders={"wave": encoder})
    reading, rows = read(fitted), made[2][0][1][:8]
    tokens = {name: made[0][name].tokens(rows) for name in fitted.inputs}
    keep = variants(reading)
    output = reading.panel.activate(reading.under(keep)).numpy()
    for v in range(4):
        cut = {n: Tokens(t.values, torch.from_numpy(keep[n][:, v, : t.mask.shape[1]])) for n, t in tokens.items()}
        assert np.allclose(output[:, :, v], fitted.run(cut, reading.panel.replicates).probabilities, atol=1e-5)


def test_the_explained_score_is_the_log_odds_of_the_predicted_class(trained, read):
    reading = read(trained("concat"))
    outputs, _maps = reading.answer()
    chosen = reading.chosen()
    output = reading.panel.activate(outputs)
    own = output.gather(-1, chosen[None, :, None].expand(len(output), -1, 1))[..., 0]
    assert torch.allclose(torch.sigmoid(reading.panel.score(outputs, chosen)), own, atol=1e-6)


def test_a_panel_needs_someone(trained):
    with pytest.raises(BadInput, match="No trained model"):
        trained("concat").panel([])


def wide_table(columns=70, cases=60):
    """A table in which each column has a number and a missing flag, as its encoder lays it out."""
    chance = np.random.default_rng(5)
    values = np.zeros((cases, columns, 2 * columns))
    for column in range(columns):
        missing = chance.random(cases) < 0.2
        values[:, column, 2 * column] = np.where(missing, 0, chance.normal(3, 2, cases))
        values[:, column, 2 * column + 1] = missing
    owner = torch.zeros(columns, 2 * columns, dtype=torch.bool)
    for column in range(columns):
        owner[column, 2 * column : 2 * column + 2] = True
    encoder = SimpleNamespace(
        trains_in_run=False, raw=False, fits_on_fold=False, supervised=False, kind=Kind.TABLE, owners=lambda: owner
    )
    return Features(list(values)), encoder


@pytest.mark.parametrize("fusion", ["concat", "cross_attention", "perceiver"])
def test_a_table_of_many_columns_is_one_token_whose_weight_they_share(made, fusion):
    table, encoder = wide_table()
    features = {"film": made[0]["film"], "labs": table}
    data = TrainingData(
        features, made[1], Task(name="binary", classes=("no", "yes")), made[2], encoders={"labs": encoder}
    )
    fitted = fit(data, FitPlan(fusion, ("film", "labs"), training=TrainingSpec(epochs=1, width=16), seeds=1))
    assert fitted.normalisers[0]["labs"].level == "vectors"
    tokens = {name: own.tokens() for name, own in features.items()}
    answer = fitted.run(tokens)
    test = fitted.fold_of == 0
    assert np.allclose(answer.probabilities[0, test], fitted.outputs[0, test], atol=1e-5)
    for weights in (answer.attention.tokens, answer.attention.pools):
        if "labs" in weights:
            assert weights["labs"].shape[-1] == 70 and np.allclose(weights["labs"].sum(-1), 1, atol=1e-5)
            assert np.allclose(weights["labs"], weights["labs"][..., :1])
    keep = {"film": tokens["film"].mask.clone(), "labs": tokens["labs"].mask.clone()}
    keep["labs"][:, ::2] = False
    cut = {name: Tokens(own.values, keep[name]) for name, own in tokens.items()}
    variants = fitted.panel([0]).read(tokens).under({name: mask[:, None] for name, mask in keep.items()})
    assert np.allclose(
        fitted.panel([0]).activate(variants[:, :, 0]).numpy(), fitted.run(cut, [0]).probabilities, atol=1e-5
    )
