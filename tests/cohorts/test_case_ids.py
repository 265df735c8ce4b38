"""Protects that an id typed as a person would finds its case, and that none is guessed where two could be meant."""

from __future__ import annotations

import pytest

from mmcore.cohorts import case_ids

HEART = [f"heart-{i:04d}" for i in range(1, 401)]


@pytest.mark.parametrize("text", ["heart-7", "Heart 7", "heart_0007", "7", " 007 ", "HEART-0007"])
def test_letters_and_numbers_are_what_counts(text):
    assert case_ids.meant(text, HEART) == "heart-0007"


@pytest.mark.parametrize("text", ["", "heart", "-", "401", "lung-7"])
def test_what_fits_no_case_means_none(text):
    assert case_ids.meant(text, HEART) is None


def test_two_that_fit_mean_none():
    assert case_ids.meant("7", ["a-7", "b-7"]) is None and case_ids.meant("a7", ["a-7", "A 07"]) is None


def test_the_nearest_is_the_one_meant_then_the_one_spelt_alike():
    assert case_ids.nearest("heart-12", HEART) == "heart-0012"
    assert case_ids.nearest("hart-0012", HEART) == "heart-0012"
    assert case_ids.nearest("nobody", HEART) is None
