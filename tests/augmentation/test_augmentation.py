"""Protects augmentation: a value stays a valid value, chance is reproducible, nothing is denied that was said."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.augmentation import augmentations, augmented, identity_of, make, seed_of
from mmcore.augmentation.text import is_negation
from mmcore.base.errors import BadInput, NotFound
from mmcore.base.registry import label, parameters
from mmcore.base.values import Kind, Signal

chance = np.random.default_rng(0)
VALUES = {
    Kind.IMAGE: chance.integers(0, 255, (40, 56, 3), dtype=np.uint8),
    Kind.SIGNAL: Signal(chance.standard_normal((3, 700)).astype(np.float32), 100.0, ("I", "II", "III"), "mV"),
    Kind.TEXT: "The patient denies chest pain, but has fever and a cough since Monday. 患者无胸痛,发热三天。",
    Kind.TABLE: {"age": 63.0, "sex": "male", "crp": None, "smoker": "no", "sodium": 140.0},
}


def same(a, b) -> bool:
    if isinstance(a, Signal):
        return np.array_equal(a.samples, b.samples)
    return np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b


def off(name: str) -> dict[str, float] | None:
    """Options with which it does nothing: 0 of every strength there is; None where there is none (decibels are not)."""
    strengths = [p for p in parameters(augmentations[name]) if p.low == 0 and not p.name.endswith("_db")]
    return {p.name: 0 for p in strengths} or None


@pytest.mark.parametrize("name", list(augmentations))
def test_the_value_stays_valid_and_the_same_seed_gives_the_same(name):
    part = augmentations[name]
    value, augmentation = VALUES[part.kind], make(name, part.kind)
    before = value.samples.copy() if isinstance(value, Signal) else value.copy() if hasattr(value, "copy") else value
    seen = []
    for seed in range(8):
        result = augmented(value, [augmentation], seed)
        assert same(result, augmented(value, [augmentation], seed))
        seen.append(result)
        if part.kind is Kind.IMAGE:
            assert result.dtype == np.uint8 and result.shape == value.shape
            grey = augmented(value[..., 0], [augmentation], seed)
            assert grey.dtype == np.uint8 and grey.shape == value.shape[:2]
        elif part.kind is Kind.SIGNAL:
            assert result.samples.dtype == np.float32 and result.samples.shape == value.samples.shape
            assert np.isfinite(result.samples).all() and result.samples.flags.c_contiguous
            assert (result.rate_hz, result.channel_names, result.unit) == (100.0, ("I", "II", "III"), "mV")
        elif part.kind is Kind.TEXT:
            assert result.strip()
        else:
            assert list(result) == list(value) and any(cell is not None for cell in result.values())
            assert all(cell is None or cell == value[key] for key, cell in result.items())
    assert any(not same(result, value) for result in seen), "it does something"
    held = value.samples if isinstance(value, Signal) else value
    assert np.array_equal(held, before) if isinstance(held, np.ndarray) else held == before, (
        "the given value is untouched"
    )


@pytest.mark.parametrize("name", [name for name in augmentations if off(name) is not None])
def test_no_strength_changes_nothing(name):
    part = augmentations[name]
    value = VALUES[part.kind]
    for seed in range(4):
        assert same(augmented(value, [make(name, part.kind, **off(name))], seed), value)


@pytest.mark.parametrize("name", list(augmentations))
def test_it_describes_itself(name):
    part = augmentations[name]
    assert 3 < len(label(part)) < 64
    assert all(p.help and p.default is not None and p.low is not None for p in parameters(part))


def test_very_small_values():
    tiny = {Kind.IMAGE: np.full((1, 1), 7, np.uint8), Kind.SIGNAL: Signal(np.ones((1, 3), np.float32)), Kind.TEXT: "",
            Kind.TABLE: {"a": None}}  # fmt: skip
    for name, part in augmentations.items():
        result = augmented(tiny[part.kind], [make(name, part.kind)], 1)
        assert same(result, tiny[part.kind]) or part.kind in (Kind.IMAGE, Kind.SIGNAL)


@pytest.mark.parametrize("name", ["word_dropout", "word_swap"])
@pytest.mark.parametrize("seed", range(12))
def test_negations_survive_with_what_they_deny(name, seed):
    text = (
        "He denies chest pain but has no known allergies; there isn't any fever today. 患者无胸痛,未见异常,咳嗽三天。"
    )
    result = augmented(text, [make(name, Kind.TEXT, share=0.9)], seed)
    for phrase in ("denies chest pain", "but has no known allergies", "isn't any fever", "无胸痛", "未见异"):
        assert phrase in result, result
    assert result != text


def test_what_counts_as_a_negation():
    assert all(map(is_negation, ("no", "Not", "doesn't", "doesn’t", "dont", "without", "无", "没", "but")))
    assert not any(map(is_negation, ("note", "normal", "pain", "胸")))


def test_noise_has_the_ratio_asked_for():
    loud = Signal(np.random.default_rng(1).standard_normal((2, 20_000)).astype(np.float32) * [[1.0], [5.0]], 100.0)
    added = augmented(loud, [make("noise", Kind.SIGNAL, snr_db=10)], 3).samples - loud.samples
    ratio = 10 * np.log10(loud.samples.var(1) / added.var(1))
    np.testing.assert_allclose(ratio, 10, atol=0.2)


def test_spec_augment_takes_a_band_out():
    tone = np.sin(2 * np.pi * np.arange(4000) / 100 * 20).astype(np.float32)[None]  # 20 Hz of at most 50
    made = make("spec_augment", Kind.SIGNAL, time=0, frequency=0.5)
    power = [augmented(Signal(tone, 100.0), [made], seed).samples.var() / tone.var() for seed in range(30)]
    assert min(power) < 0.02 and max(power) > 0.95, "sometimes the band of the tone, sometimes another"


def test_mirror_and_shift_are_what_they_say():
    image = VALUES[Kind.IMAGE]
    assert np.array_equal(augmented(image, [make("flip", Kind.IMAGE, share=1)], 0), image[:, ::-1])
    signal = VALUES[Kind.SIGNAL]
    shifted = augmented(signal, [make("time_shift", Kind.SIGNAL, share=0.5)], 5).samples
    assert np.array_equal(np.sort(shifted, axis=1), np.sort(signal.samples, axis=1))


def test_identity_and_seed_follow_content_choice_and_copy():
    crop, flip = make("crop", Kind.IMAGE), make("flip", Kind.IMAGE)
    assert identity_of([]) == "" and identity_of([crop]) == identity_of([make("crop", Kind.IMAGE)])
    assert len({identity_of(c) for c in ([crop], [flip], [crop, flip], [flip, crop])}) == 4
    assert identity_of([crop]) != identity_of([make("crop", Kind.IMAGE, share=0.5)])
    seeds = {seed_of(digest, choice, copy) for digest in "ab" for choice in ([crop], [flip]) for copy in (1, 2)}
    assert len(seeds) == 8 and seed_of("a", [crop], 1) == seed_of("a", [make("crop", Kind.IMAGE)], 1)


def test_wrong_names_and_options_are_sentences():
    with pytest.raises(NotFound, match="flip"):
        make("flipp", Kind.IMAGE)
    with pytest.raises(NotFound, match="signal augmentation"):
        make("flip", Kind.SIGNAL)
    with pytest.raises(BadInput, match="between"):
        make("crop", "image", share=3)


def test_what_may_change_the_meaning_of_a_value_says_so():
    assert "left and right" in augmentations["flip"].caution and not augmentations["brightness"].caution
