"""Protects copies: under two numbers of a person, and stored in another size, rate, scale or turned over."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from scipy.signal import resample_poly

from mmcore.base.values import Signal
from mmcore.cohorts.auditing import audit
from tests.cohorts.auditing.made import clean, cohort_of


def test_one_recording_under_two_numbers_is_named():
    table, values = clean()
    ecg = values["ecg"]
    ecg["p003"], ecg["p007"] = ecg["p002"], ecg["p006"]
    table["patient_id"] = ["1", "2", "3", "3", "5", "6", "7", "8", *map(str, range(9, len(table) + 1))]
    finding = next(f for f in audit(cohort_of(table, {"ecg": ecg})) if f.check == "duplicates")
    assert finding.numbers["different_identifiers"] == {"patient_id": [["p006", "p007"]]}
    assert "of the sets with different 'patient_id' (p006, p007)" in finding.summary


def film(seed=0):
    """A picture of soft patches, as films are."""
    coarse = np.random.default_rng(seed).integers(0, 255, (9, 8)).astype(np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((160, 180), Image.Resampling.BICUBIC))


def encoded_again(image):
    stored = io.BytesIO()
    Image.fromarray(image).save(stored, "JPEG", quality=40)
    return np.asarray(Image.open(stored))


@pytest.mark.parametrize(
    ("copied", "turned"),
    [
        (lambda image: image[:, ::-1].copy(), True),
        (lambda image: image[::-1].copy(), True),
        (lambda image: image[::-1, ::-1].copy(), True),
        (lambda image: np.asarray(Image.fromarray(image).resize((67, 75), Image.Resampling.BILINEAR)), False),
        (encoded_again, False),
        (lambda image: (image * 0.7 + 20).astype(np.uint8), False),
        (lambda image: np.stack([encoded_again(image)] * 3, -1)[:, ::-1].copy(), True),
    ],
    ids=["mirrored", "upside down", "half a turn", "resized", "JPEG", "contrast", "mirrored and encoded again"],
)
def test_a_picture_stored_another_way_is_a_copy(copied, turned):
    table, values = clean()
    films = {id: film(seed) for seed, id in enumerate(values["film"])}
    films["p003"] = copied(films["p002"])
    finding = next(f for f in audit(cohort_of(table, {"film": films})) if f.check == "duplicates")
    assert set(finding.cases) == {"p002", "p003"}
    assert ("1 of these cases, p003, mirrored" in finding.summary) is turned and ("turned" in finding.numbers) is turned


def sound(rng, length=4000):
    """Noise that swells and fades, as speech does: means of stretches hold nothing of it."""
    swell = np.interp(np.arange(length), np.linspace(0, length, 24), rng.uniform(0, 1, 24) ** 2)
    return (rng.normal(size=(1, length)) * swell).astype(np.float32)


@pytest.mark.parametrize(
    "copied",
    [
        lambda s: Signal(resample_poly(s.samples, 2, 5, axis=1).astype(np.float32), s.rate_hz * 0.4),
        lambda s: Signal(resample_poly(s.samples, 5, 4, axis=1).astype(np.float32), s.rate_hz * 1.25),
        lambda s: Signal(s.samples * 1000, s.rate_hz),
        lambda s: Signal(-s.samples, s.rate_hz),
    ],
    ids=["slower", "faster", "another unit", "turned over"],
)
def test_a_recording_stored_another_way_is_a_copy(copied):
    rng = np.random.default_rng(0)
    table, values = clean()
    waves = {id: np.cumsum(rng.normal(size=(2, 500)), axis=1).astype(np.float32) for id in values["ecg"]}
    ecgs = {id: Signal(wave - wave.mean(1, keepdims=True), 100.0) for id, wave in waves.items()}
    ecgs["p003"] = copied(ecgs["p002"])
    finding = next(f for f in audit(cohort_of(table, {"ecg": ecgs})) if f.check == "duplicates")
    assert set(finding.cases) == {"p002", "p003"}


def test_a_sound_at_another_scale_is_a_copy_and_others_are_none():
    rng = np.random.default_rng(0)
    table, values = clean()
    sounds = {id: Signal(sound(rng), 2000.0) for id in values["ecg"]}
    assert not [f for f in audit(cohort_of(table, {"ecg": sounds})) if f.check == "duplicates"]
    sounds["p003"] = Signal(sounds["p002"].samples * 0.1 + 0.01, 2000.0)
    finding = next(f for f in audit(cohort_of(table, {"ecg": sounds})) if f.check == "duplicates")
    assert set(finding.cases) == {"p002", "p003"}


def test_a_recording_that_differs_in_a_few_samples_is_a_copy_whether_or_not_a_target_is_known():
    rng = np.random.default_rng(0)
    table, values = clean()
    waves = {id: np.cumsum(rng.normal(size=(8, 500)), axis=1).round(3).astype(np.float32) for id in values["ecg"]}
    waves["p003"] = waves["p002"].copy()
    waves["p003"][:, 100:112] += 0.1
    waves["p009"] = waves["p008"] + np.float32(0.001)
    table.loc[["p008", "p009"], "ill"] = None
    ecgs = {id: Signal(wave, 100.0) for id, wave in waves.items()}
    finding = next(f for f in audit(cohort_of(table, {"ecg": ecgs})) if f.check == "duplicates")
    assert finding.numbers["sets"] == 2 and set(finding.cases) == {"p002", "p003", "p008", "p009"}
