"""Intervals: by group, paired, repeatable, honest where nothing can be said."""

import numpy as np
import pytest

from mmcore.evaluation import Caution, Difference, Interval, IntervalMethod, ceiling, difference, paired, scores
from mmcore.evaluation.calibration_error import calibration_check
from mmcore.evaluation.scored_cases import ScoredCases


def cohort(cases=300, seeds=3, shift=1.0, seed=0):
    rng = np.random.default_rng(seed)
    target = rng.integers(0, 2, cases)
    p = 1 / (1 + np.exp(-(rng.normal(size=(seeds, cases)) + shift * (2 * target - 1))))
    return target, np.stack([1 - p, p], -1)


def test_the_interval_holds_the_mean_and_is_near_the_textbook_one():
    target, outputs = cohort(cases=400, seeds=1)
    result = scores("binary", target, outputs)
    right = result["accuracy"]
    assert right.low < right.mean < right.high
    textbook = 1.96 * np.sqrt(right.mean * (1 - right.mean) / 400)
    assert (right.high - right.low) / 2 == pytest.approx(textbook, rel=0.15)
    assert np.isnan(right.seed_sd), "one seed has no spread"


def test_clustered_cases_widen_the_interval():
    target, outputs = cohort(cases=60, shift=0.5)
    target, outputs, groups = np.repeat(target, 10), np.repeat(outputs, 10, axis=1), np.repeat(np.arange(60), 10)
    alone, grouped = scores("binary", target, outputs)["auroc"], scores("binary", target, outputs, groups)["auroc"]
    assert grouped.mean == pytest.approx(alone.mean)
    assert grouped.high - grouped.low > 2 * (alone.high - alone.low)


def test_what_is_scored_is_the_average_over_seeds_and_beside_it_stands_the_spread_of_single_seeds():
    target, outputs = cohort(seeds=4)
    each = [scores("binary", target, outputs[[s]])["auroc"].mean for s in range(4)]
    score = scores("binary", target, outputs)["auroc"]
    assert score.mean == scores("binary", target, outputs.mean(0, keepdims=True))["auroc"].mean > max(each)
    assert score.seed_sd == pytest.approx(np.std(each, ddof=1))


def test_cases_without_target_or_prediction_are_left_out():
    target, outputs = cohort()
    more = np.concatenate([target, [-1, 0]])
    filler = np.full((3, 2, 2), 0.5)
    filler[:, 1] = np.nan
    assert scores("binary", more, np.concatenate([outputs, filler], 1)) == scores("binary", target, outputs)


def test_the_difference_is_paired():
    target, better = cohort(shift=1.0)
    worse = better.copy()
    worse[:, :150] = worse[:, :150][:, :, ::-1]
    result = difference("binary", target, better, worse)
    assert result.metric == "auroc" and result.low > 0 and result.low < result.difference < result.high
    back = difference("binary", target, worse, better)
    assert back.difference == pytest.approx(-result.difference) and back.high == pytest.approx(-result.low)
    nothing = difference("binary", target, better, better)
    assert (nothing.difference, nothing.low, nothing.high) == (0, 0, 0)
    better_left, worse_left = (
        ScoredCases.of("binary", target, o).left_out(["auroc"])["auroc"] for o in (better, worse)
    )
    assert paired("auroc", better_left, worse_left) == result


def test_one_class_gives_no_interval_rather_than_an_error():
    result = scores("binary", np.zeros(20, int), np.full((2, 20, 2), 0.5))
    assert np.isnan(result["auroc"].mean) and np.isnan(result["auroc"].low)
    assert result["accuracy"].mean == 1


def test_the_ceiling_is_reached_by_nobody_who_sees_less():
    rng = np.random.default_rng(1)
    p = rng.beta(0.5, 0.5, 2000)
    target = (rng.random(2000) < p).astype(int)
    noisy = np.clip(p + rng.normal(0, 0.3, 2000), 0.01, 0.99)
    top = ceiling("binary", target, p)
    assert top["auroc"] > scores("binary", target, np.stack([1 - noisy, noisy], -1)[None])["auroc"].mean
    assert top["ece"] < 0.05
    assert ceiling("binary", target, None) is None


def test_the_ceiling_of_several_classes_and_of_a_number():
    rng = np.random.default_rng(3)
    p = rng.dirichlet([0.4, 0.4, 0.4], 800)
    target = np.array([rng.choice(3, p=row) for row in p])
    top = ceiling("multiclass", target, p)
    assert top["accuracy"] == (target == p.argmax(1)).mean() and 0.7 < top["auroc"] < 1
    expected = rng.normal(size=3000)
    assert ceiling("regression", expected + rng.normal(size=3000), expected)["r2"] == pytest.approx(0.5, abs=0.05)


def test_regression():
    rng = np.random.default_rng(2)
    target = rng.normal(size=200)
    close, far = target + rng.normal(0, 0.1, (1, 200)), target + rng.normal(0, 1, (1, 200))
    result = scores("regression", target, close[..., None])
    assert result["rmse"].mean == pytest.approx(0.1, rel=0.2) and result["r2"].mean > 0.95
    gap = difference("regression", target, close[..., None], far[..., None])
    assert gap.metric == "rmse" and gap.high < 0, "a lower error is better"


def test_few_groups_and_rare_classes_have_no_interval_and_say_why():
    target, outputs = cohort(cases=60)
    few = scores("binary", target, outputs, np.arange(60) % 4)["auroc"]
    assert np.isnan(few.low) and few.method is IntervalMethod.NONE and few.note is Caution.FEW_GROUPS
    rare = np.zeros(60, int)
    rare[:4] = 1
    score = scores("binary", rare, outputs)
    assert np.isnan(score["auroc"].low) and score["auroc"].note is Caution.FEW_CASES
    assert np.isfinite(score["accuracy"].low), "it needs no positive case"
    assert score["brier"].note is Caution.FEW_CASES, "four cases bring most of it"
    gap = difference("binary", target, outputs, outputs[:, :, ::-1], np.arange(60) % 4)
    assert np.isfinite(gap.difference) and np.isnan(gap.low) and gap.note is Caution.FEW_GROUPS


def test_training_widens_the_interval_and_without_folds_it_says_that_training_is_not_in_it():
    target, outputs = cohort(cases=100, shift=0.1)
    apart, counted = (scores("binary", target, outputs, folds=folds)["auroc"] for folds in (None, 5))
    assert counted.high - counted.low > 1.2 * (apart.high - apart.low)
    assert apart.note is Caution.TRAINING_APART and counted.note is Caution.NOTHING


def test_a_perfect_model_has_hardly_any_calibration_error_even_on_few_cases():
    rng = np.random.default_rng(0)
    errors, lows = [], []
    for _number in range(20):
        p = rng.beta(1, 1, 60)
        score = scores("binary", (rng.random(60) < p).astype(int), np.stack([1 - p, p], -1)[None])["ece"]
        errors.append(score.mean)
        lows.append(score.low)
    assert np.mean(errors) < 0.08 and np.mean(np.array(lows) == 0) >= 0.85


def test_documents_of_earlier_versions_are_read():
    row = {"mean": 0.8, "low": None, "high": None, "seed_sd": 0.01}
    interval = Interval.read(row)
    assert interval.mean == 0.8 and np.isnan(interval.low) and interval.method is IntervalMethod.BOOTSTRAP
    assert Interval.read(interval.document()) == Interval.read(row) or np.isnan(interval.low)
    gap = Difference.read({"metric": "auroc", "difference": 0.1, "low": 0.05, "high": 0.15})
    assert not gap.simultaneous and Difference.read(gap.document()) == gap


def test_what_a_model_never_decides_for_has_no_interval():
    target, _outputs = cohort(cases=100)
    never = np.stack([np.full((1, 100), 0.9), np.full((1, 100), 0.1)], -1)
    results = scores("binary", target, never)
    assert results["recall"].mean == 0 and results["balanced_accuracy"].mean == 0.5
    assert all(results[name].note is Caution.FEW_CASES for name in ("recall", "f1", "balanced_accuracy", "precision"))
    assert np.isfinite(results["accuracy"].low)


def test_intervals_of_means_of_shares_keep_within_their_range_and_around_the_mean():
    rng = np.random.default_rng(4)
    target = rng.integers(0, 3, 90)
    logits = rng.normal(size=(1, 90, 3)) + 2 * np.eye(3)[target]
    outputs = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    for groups in (None, np.arange(90) // 3):
        for name in ("accuracy", "balanced_accuracy", "f1", "precision", "recall"):
            row = scores("multiclass", target, outputs, groups)[name]
            assert 0 <= row.low < row.mean < row.high <= 1 and row.method is IntervalMethod.WILSON


def test_a_perfect_model_keeps_within_what_is_said_of_perfect_ones():
    """95 in 100 of them, whose interval then holds 0."""
    rng, rows = np.random.default_rng(5), []
    for _number in range(300):
        p = rng.beta(1, 3, 120)
        rows.append(calibration_check((rng.random(120) < p).astype(int), np.stack([1 - p, p], -1)))
    assert 0.91 < np.mean([row.low == 0 for row in rows]) < 0.985
    assert all((row.low == 0) == (row.distance <= row.if_perfect_high) for row in rows)
    assert all(row.low <= row.error <= row.high for row in rows)
