"""Unique, redundant and synergistic information of cohorts whose composition is known."""

import numpy as np
import pytest

from mmcore.explain.information import information

N = 2000
FOLDS = np.arange(N) % 5


def predicted(probability):
    return np.stack([1 - probability, probability], -1)[None]


def sure(bit, right=0.9):
    return np.where(bit, right, 1 - right)


def study(target, a, b, both):
    outputs = {("a",): predicted(a), ("b",): predicted(b), ("a", "b"): predicted(both)}
    return information("binary", target, outputs, FOLDS, draws=200).pairs[0]


def test_what_one_input_says_alone_is_unique():
    chance = np.random.default_rng(0)
    x = chance.random(N) < 0.5
    target = np.where(chance.random(N) < 0.9, x, ~x).astype(int)
    nothing = np.full(N, 0.5) + chance.normal(0, 0.01, N)
    pair = study(target, sure(x), nothing, sure(x))
    reference = 1 + 0.9 * np.log2(0.9) + 0.1 * np.log2(0.1)
    assert pair.unique[0].mean == pytest.approx(reference, abs=0.06)
    assert max(pair.unique[1].mean, pair.redundant.mean, pair.synergistic.mean) < 0.03
    assert pair.unique[0].low < reference < pair.unique[0].high


def test_what_both_say_is_redundant():
    chance = np.random.default_rng(1)
    x = chance.random(N) < 0.5
    target = np.where(chance.random(N) < 0.9, x, ~x).astype(int)
    pair = study(target, sure(x), sure(x), sure(x))
    assert pair.redundant.mean == pytest.approx(0.53, abs=0.06)
    assert max(pair.unique[0].mean, pair.unique[1].mean, pair.synergistic.mean) < 0.03


def test_of_two_coins_and_their_and_half_a_bit_is_synergy():
    """Williams & Beer 2010: unique 0, redundant .311, synergistic .5."""
    chance = np.random.default_rng(8)
    a, b = chance.random((2, N)) < 0.5
    pair = study((a & b).astype(int), np.where(a, 0.5, 0.001), np.where(b, 0.5, 0.001), sure(a & b, 0.999))
    assert pair.redundant.mean == pytest.approx(0.311, abs=0.03)
    assert pair.synergistic.mean == pytest.approx(0.5, abs=0.03)
    assert max(part.mean for part in pair.unique) < 0.03
    assert pair.redundant.low < 0.311 < pair.redundant.high and pair.synergistic.low < 0.5 < pair.synergistic.high


def test_two_copies_that_err_apart_share_all_that_one_says_and_gain_by_two_votes():
    """Each errs in a tenth: unique 0, redundant 1 - H(.1) = .531, synergistic .742 - .531 = .211."""
    chance = np.random.default_rng(9)
    target = chance.random(N) < 0.5
    a, b = (np.where(chance.random(N) < 0.9, target, ~target) for _copy in range(2))
    pair = study(target.astype(int), sure(a), sure(b), np.where(a == b, sure(a, 0.81 / 0.82), 0.5))
    assert pair.redundant.mean == pytest.approx(0.531, abs=0.05)
    assert pair.synergistic.mean == pytest.approx(0.211, abs=0.04)
    assert max(part.mean for part in pair.unique) < 0.05


def test_an_exclusive_or_is_synergy():
    chance = np.random.default_rng(2)
    a, b = chance.random((2, N)) < 0.5
    target = np.where(chance.random(N) < 0.95, a ^ b, ~(a ^ b)).astype(int)
    pair = study(target, 0.5 + 0.02 * (a - 0.5), 0.5 + 0.02 * (b - 0.5), sure(a ^ b, 0.95))
    assert pair.synergistic.mean == pytest.approx(0.71, abs=0.06)
    assert max(pair.unique[0].mean, pair.unique[1].mean, pair.redundant.mean) < 0.03


def test_what_inputs_of_equal_strength_tell_is_redundant_though_they_are_independent():
    """Either would tell as much of the target: neither is needed for what it says alone, but both for what they add."""
    chance = np.random.default_rng(3)
    a, b = chance.normal(size=(2, N))
    both = 1 / (1 + np.exp(-2 * (a + b)))
    target = (chance.random(N) < both).astype(int)
    alone = [1 / (1 + np.exp(-2 * x / np.sqrt(1 + 0.35 * 4))) for x in (a, b)]
    pair = study(target, *alone, both)
    assert min(pair.redundant.mean, pair.synergistic.mean) > 0.12
    assert all(part.low < 0.01 and part.mean < 0.04 for part in pair.unique)


def test_a_pair_tells_at_least_what_its_margins_force_it_to():
    """A pair's model that found nothing does not make less of what the inputs tell one by one."""
    chance = np.random.default_rng(7)
    target = chance.integers(0, 2, N)
    a = np.where(chance.random(N) < 0.8, target, 1 - target)
    pair = study(target, sure(a, 0.8), np.full(N, 0.5), np.full(N, 0.5))
    assert pair.both.mean == pytest.approx(pair.unique[0].mean + pair.redundant.mean) and pair.synergistic.mean == 0


def test_parts_add_up_within_their_bounds():
    chance = np.random.default_rng(4)
    a, b = chance.normal(size=(2, N))
    b = 0.6 * a + 0.8 * b
    logit = a + b + 2 * a * b
    target = (chance.random(N) < 1 / (1 + np.exp(-logit))).astype(int)
    pair = study(target, 1 / (1 + np.exp(-1.3 * a)), 1 / (1 + np.exp(-1.3 * b)), 1 / (1 + np.exp(-logit)))
    whole = pair.unique[0].mean + pair.unique[1].mean + pair.redundant.mean + pair.synergistic.mean
    assert whole == pytest.approx(pair.both.mean, abs=1e-9)
    assert pair.least - 1e-9 <= pair.redundant.mean <= pair.most + 1e-9
    assert min(pair.synergistic.mean, *(share.mean for share in pair.unique)) >= 0


def test_boasting_models_are_brought_to_a_fair_confidence_and_noise_says_nothing():
    chance = np.random.default_rng(5)
    x = chance.random(N) < 0.5
    target = np.where(chance.random(N) < 0.8, x, ~x).astype(int)
    result = information(
        "binary", target, {("a",): predicted(sure(x, 0.9999)), ("b",): predicted(chance.random(N))}, FOLDS, draws=100
    )
    assert result.alone["a"].mean == pytest.approx(1 + 0.8 * np.log2(0.8) + 0.2 * np.log2(0.2), abs=0.05)
    assert result.alone["b"].mean < 0.02 and result.pairs == [] and result.whole is None
    assert result.entropy == pytest.approx(1, abs=0.01)


def test_several_classes_and_values():
    chance = np.random.default_rng(6)
    target = chance.integers(0, 3, N)
    right = np.full((N, 3), 0.05)
    right[np.arange(N), target] = 0.9
    even = np.full((N, 3), 1 / 3) + chance.normal(0, 0.01, (N, 3))
    result = information(
        "multiclass", target, {("a",): right[None], ("b",): even[None], ("a", "b"): right[None]}, FOLDS, draws=100
    )
    assert result.pairs[0].unique[0].mean > 1 and result.pairs[0].redundant.mean < 0.05
    value = chance.normal(size=N)
    seen = value + chance.normal(0, 0.5, N)
    outputs = {
        ("a",): (0.8 * seen)[None, :, None],
        ("b",): np.zeros((1, N, 1)),
        ("a", "b"): (0.8 * seen)[None, :, None],
    }
    bits = information("regression", value, outputs, FOLDS, draws=100).alone["a"].mean
    assert bits == pytest.approx(0.5 * np.log2(1 + 1 / 0.25), abs=0.08)


def test_of_many_classes_a_weaker_copy_of_the_same_kind_is_redundant():
    """Predictions that favour the right class among ten, one less than the other: the weaker one adds nothing alone."""
    chance = np.random.default_rng(10)
    target = chance.integers(0, 10, 600)

    def favouring(by):
        logits = chance.normal(size=(600, 10))
        logits[np.arange(600), target] += by
        odds = np.exp(logits)
        return (odds / odds.sum(1, keepdims=True))[None]

    outputs = {("a",): favouring(2.5), ("b",): favouring(1.5), ("a", "b"): favouring(3.5)}
    pair = information("multiclass", target, outputs, np.arange(600) % 5, draws=10).pairs[0]
    assert pair.unique[1].mean < 0.03 and pair.redundant.mean == pytest.approx(pair.most, abs=0.03)
    assert pair.unique[0].mean > 0.7


def test_intervals_hold_the_truth_where_two_inputs_are_equally_strong():
    """The lesser of two equal quantities errs downwards; 30 small cohorts of two noisy copies with known parts."""
    covered = np.zeros(3)
    for seed in range(30):
        chance = np.random.default_rng(seed)
        target = chance.random(150) < 0.5
        a, b = (np.where(chance.random(150) < 0.9, target, ~target) for _copy in range(2))
        together = np.where(a == b, sure(a, 0.81 / 0.82), 0.5)
        outputs = {("a",): predicted(sure(a)), ("b",): predicted(sure(b)), ("a", "b"): predicted(together)}
        pair = information("binary", target.astype(int), outputs, np.arange(150) % 5, draws=150).pairs[0]
        covered += [
            pair.redundant.low <= 0.531 <= pair.redundant.high,
            pair.synergistic.low <= 0.211 <= pair.synergistic.high,
            all(part.low <= 0.01 for part in pair.unique),
        ]
    assert (covered >= 26).all(), covered
