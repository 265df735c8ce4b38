"""Scores under missing and noisy inputs start from the out-of-fold ones and end where the input is gone."""

import numpy as np
import pytest

from mmcore.base.values import Tokens
from mmcore.explain.tests.robustness import Condition, conditions, deviations, like, outputs_under


@pytest.mark.parametrize("fusion", ["concat", "cross_attention"])
def test_the_first_point_is_the_run_itself_and_the_last_one_lacks_the_input(trained, made, fusion):
    fitted = trained(fusion)
    requested = conditions(["film", "labs"], (0.0, 0.5, 1.0), (0.0, 1.0))
    result = outputs_under(fitted, made[0], requested)
    assert set(result) == set(requested)
    for kind in ("absent", "noise"):
        assert np.allclose(result[Condition("film", kind, 0.0)], fitted.outputs, atol=1e-5)
    rows = made[2][0][1]
    tokens = {name: made[0][name].tokens(rows) for name in fitted.inputs}
    tokens["film"] = Tokens(tokens["film"].values, tokens["film"].mask & False)
    own = [i for i, (fold, _seed) in enumerate(fitted.replicates) if fold == 0]
    gone = fitted.run(tokens, own).probabilities
    assert np.allclose(result[Condition("film", "absent", 1.0)][:, rows], gone, atol=1e-5)
    half = result[Condition("film", "absent", 0.5)]
    retained = np.isclose(half, fitted.outputs, atol=1e-5).all((0, 2))
    assert 0.2 < retained.mean() < 0.8  # some have lost it, the others have not


def test_noise_moves_what_it_is_put_on_and_repeats(trained, made):
    fitted = trained("concat")
    requested = [Condition("film", "noise", 2.0), Condition("labs", "noise", 2.0)]
    once, again = (outputs_under(fitted, made[0], requested) for _ in range(2))
    for condition in requested:
        assert np.array_equal(once[condition], again[condition])
        assert np.abs(once[condition] - fitted.outputs).max() > 1e-3
    assert not np.array_equal(outputs_under(fitted, made[0], requested, seed=1)[requested[0]], once[requested[0]])


def test_columns_keep_to_their_own_places_under_noise(made, trained):
    normaliser = trained("concat").normalisers[0]["labs"]
    tokens = made[0]["labs"].tokens()
    drawn = deviations(made[0]["labs"], np.arange(60), normaliser)
    noise = like(tokens, drawn, [0])
    assert ((noise != 0) <= (normaliser.owner & normaliser.numeric)).all() and noise.abs().sum() > 0
    assert not noise[~tokens.mask].any()
    here, at = np.flatnonzero(tokens.mask[:, 0])[:20], int((normaliser.owner & normaliser.numeric)[0].nonzero()[0])
    tokens.values[here, 0, at], tokens.values[here, 0, at + 1] = 0, 0
    assert like(tokens, drawn, [0])[here, 0, at].abs().max() > 0, "a zero that was measured is noisy like any number"
    tokens.values[here, 0, at + 1] = 1
    assert not like(tokens, drawn, [0])[here, 0, at].any(), "a number that is missing stays missing"


def test_noise_is_as_large_as_what_tells_cases_apart(made, trained):
    features = made[0]["film"]
    tokens = features.tokens()
    noise = like(tokens, deviations(features, np.arange(60), trained("concat").normalisers[0]["film"]), [0])
    assert noise.shape == tokens.values.shape
    assert noise.std(0).mean() == pytest.approx(float(tokens.values.std(0).mean()), rel=0.2)
    assert noise.mean(1).std(0).mean() == pytest.approx(float(tokens.values.mean(1).std(0).mean()), rel=0.3)
