"""Protects what is said of a comparison in words: every method counts, and the one in front is no sure winner."""

from __future__ import annotations

from mmcore import report
from mmcore.evaluation import Difference


def gaps(metric: str = "auroc", **result: tuple[float, float, float]) -> dict[str, Difference]:
    return {name: Difference(metric, *numbers) for name, numbers in result.items()}


def test_every_method_is_counted_by_its_interval():
    result = gaps(a=(0.1, 0.05, 0.15), b=(0.08, 0.03, 0.12), c=(0.0, -0.02, 0.02), d=(-0.1, -0.2, -0.05))
    assert report.standing(result, "ecg") == (
        "Of 4 methods, 2 are better and 1 is worse than ecg alone; for 1 it is too close to tell."
    )
    text = report.leading(result)
    assert text.startswith(
        "Of these methods, a does best: the difference from the best single input is +0.100 (95% interval "
        "+0.050 to +0.150). "
        "Of the 3 others, 1 may be as good."
    )
    assert "As the best of 4 methods on these cases" in text


def test_of_two_that_are_level_neither_is_called_the_best():
    result = gaps(a=(0.1, 0.05, 0.15), cross_attention=(0.1, 0.04, 0.16), c=(0.0, -0.02, 0.02))
    text = report.leading(result)
    assert text.startswith("Of these methods, a and cross attention do best, one as well as the other: the difference")
    assert "The other one does not come near" in text and "As the best of 3 methods" in text
    assert "other one" not in report.leading(gaps(a=(0.1, 0.05, 0.15), b=(0.1, 0.05, 0.15)))


def test_of_errors_less_is_better_and_nan_settles_nothing():
    result = gaps("brier", a=(-0.1, -0.15, -0.05), b=(0.1, 0.05, 0.15), c=(0.0, float("nan"), float("nan")))
    assert report.standing(result, "ecg") == (
        "Of 3 methods, 1 is better and 1 is worse than ecg alone; for 1 it is too close to tell."
    )
    assert report.leading(result).startswith(
        "Of these methods, a does best: the difference from the best single input is −0.100"
    )


def test_one_method_was_not_chosen_among_others():
    result = gaps(gated=(-0.01, -0.03, 0.01))
    assert report.standing(result, "ecg") == "Whether gated is better than ecg alone cannot be told from these cases."
    assert report.leading(result) == "The difference is −0.010 (95% interval −0.030 to +0.010)."
    assert "just what ecg alone does" in report.standing(gaps(gated=(0.0, 0.0, 0.0)), "ecg")
    assert report.standing(gaps(a=(0.1, 0.05, 0.15), b=(0.1, 0.05, 0.15)), "ecg").startswith(
        "Both methods are clearly better"
    )


def test_two_methods_are_spoken_of_as_two_and_a_number_stands_only_where_there_are_several():
    wide, tight = gaps(a=(0.1, -0.05, 0.25), b=(0.08, -0.1, 0.26)), gaps(a=(0.3, 0.25, 0.35), b=(0.1, 0.05, 0.15))
    assert report.standing(wide, "ecg").startswith("Neither of the two methods")
    assert "The other one may be as good." in report.leading(wide)
    assert "The other one does not come near it." in report.leading(tight)
    assert "None of the 2 others comes near it." in report.leading(tight | gaps(c=(0.0, -0.1, 0.1)))


def test_without_an_interval_nothing_is_told_of_how_near_the_others_come():
    nan = float("nan")
    text = report.leading(gaps(a=(0.3, nan, nan), b=(0.1, nan, nan)))
    assert "best single input is +0.300. As the best of 2 methods" in text


def test_a_difference_in_the_targets_unit_has_two_digits_of_its_margin():
    assert report.difference(Difference("rmse", -9.2671, -13.2042, -5.3333)) == "−9.3 [−13.2, −5.3]"
    assert report.difference(Difference("mae", -0.42, -0.951, 0.114)) == "−0.42 [−0.95, +0.11]"
    assert report.difference(Difference("rmse", -420.0, -951.0, 114.0)) == "−420 [−951, +114]"
    assert report.difference(Difference("mae", -4.2137, float("nan"), float("nan"))) == "−4.2"
    assert report.difference(Difference("r2", -0.0421, -0.0951, 0.0114)) == "−0.042 [−0.095, +0.011]"
