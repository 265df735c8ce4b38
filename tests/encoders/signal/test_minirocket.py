"""Protects fixed kernels: the numbers of the paper's definition, and real ECGs read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.special import ndtri

import mmcore.encoders.signal.minirocket as minirocket
from mmcore.base.values import Signal
from mmcore.encoders import make
from tests.encoders.signal.shared import SPEC, noise, usable

SHARES = minirocket.STEP * 6  # features of minirocket by default, amplitudes aside


class TestMiniRocket:
    def test_fast_kernels_are_the_plain_convolution(self):
        around = np.random.default_rng(0).normal(size=(3, 300 + 2 * minirocket.HALO)).astype(np.float32)
        for dilation, weights in minirocket._kernels(3):
            plain = torch.from_numpy(weights).reshape(84, 9, 3).transpose(1, 2).contiguous()
            spare = minirocket.HALO - 4 * dilation
            received = torch.from_numpy(around[:, spare : around.shape[1] - spare])[None]
            expected = torch.nn.functional.conv1d(received, plain, dilation=dilation)[0]
            torch.testing.assert_close(
                torch.from_numpy(minirocket._response(around, dilation, weights)), expected, atol=1e-5, rtol=1e-5
            )
            taps = plain.abs().amax(1) / plain.abs().amax((1, 2))[:, None]
            assert ((taps == 1).sum(1) == 3).all() and torch.allclose(plain.sum(2), torch.zeros(84, 3), atol=1e-6)

    def test_features_are_shares_above_the_thresholds(self):
        signal = noise(2, 500, 100.0)
        tokens = usable("minirocket", features=840).prepare([signal]).values[0, :, :840].reshape(4, 5, 84, 2)
        standard = signal.samples - np.median(signal.samples, axis=1, keepdims=True)
        around = np.pad(standard / standard.std(1, keepdims=True), ((0, 0), (minirocket.HALO,) * 2))
        steps = ndtri(((np.arange(840) + 1) * (5**0.5 - 1) / 2) % 1).reshape(5, 84, 2)
        for i, (dilation, weights) in enumerate(minirocket._kernels(2)):
            response = minirocket._response(around.astype(np.float32), dilation, weights).reshape(84, 4, 125)
            above = (response[..., None] > steps[i][:, None, None]).mean(2).transpose(1, 0, 2)
            np.testing.assert_allclose(tokens[:, i], above, atol=0.009)  # one sample in 125, by rounding

    def test_does_not_hear_scale_but_tells_it(self):
        samples = noise(1, 500, 100.0).samples
        both = usable("minirocket").prepare([Signal(samples, 100.0), Signal(100 * samples + 7, 100.0)]).values
        torch.testing.assert_close(both[0, :, :SHARES], both[1, :, :SHARES], atol=0.02, rtol=0)
        assert (both[1] - both[0])[:, SHARES].mean().item() == pytest.approx(2, abs=0.01)  # log10 of 100

    def test_answers_white_noise_with_the_quantiles_of_its_thresholds(self):
        """Thresholds at quantiles q of a standard normal are exceeded by a share 1 - q, evenly spread over 0..1."""
        shares = usable("minirocket").prepare([noise(3, 20_000, 50.0, seed=1)]).values[0].mean(0)[:SHARES]
        expected = 1 - ((np.arange(SHARES) + 1) * (5**0.5 - 1) / 2) % 1
        assert np.abs(shares.numpy() - expected).max() < 0.03

    def test_pieces_join_without_a_seam(self, monkeypatch):
        signal = noise(2, 3000, 100.0, seed=2)
        whole = usable("minirocket").prepare([signal]).values
        monkeypatch.setattr(minirocket, "PIECE", 500)
        torch.testing.assert_close(usable("minirocket").prepare([signal]).values, whole, atol=1e-5, rtol=0)

    def test_a_shift_moves_the_tokens(self):
        samples = noise(1, 1250, 100.0, seed=3).samples
        whole, later = (usable("minirocket").prepare([Signal(s, 100.0)]).values[0] for s in (samples, samples[:, 125:]))
        torch.testing.assert_close(
            whole[2:9, :SHARES], later[1:8, :SHARES], atol=0.06, rtol=0
        )  # scale differs a little

    def test_overlapping_windows_are_sums_of_their_cells(self):
        signal = noise(2, 1000, 100.0)
        cells = usable("minirocket", window=1.0).prepare([signal]).values[0]
        encoder = usable("minirocket", window=3.0, hop=1.0)
        windows, places = encoder.prepare([signal]).values[0], encoder.places(signal)
        assert len(cells) == 10 and len(windows) == len(places) == 8
        torch.testing.assert_close(windows[2, :SHARES], cells[2:5, :SHARES].mean(0))
        assert (places[2].start, places[2].end) == (2.0, 5.0)

    def test_asked_for_more_features_gives_about_as_many(self):
        assert [make("minirocket", SPEC, features=n).dims - 12 for n in (420, 2520, 10_000)] == [420, 2520, 10_080]


@pytest.mark.slow
def test_random_kernels_read_real_ecgs(shared_data):
    """A linear head on average tokens of 12-lead ECGs, patients kept apart."""
    from sklearn.linear_model import RidgeClassifier
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    folder = shared_data / "ecg_ptbxl"
    cases = pd.read_csv(folder / "cases.csv")
    signals = [Signal(np.load(folder / path).T.astype(np.float32)) for path in cases["signal"]]
    encoder = usable("minirocket")
    vectors = torch.cat([encoder.prepare([signal]).values.mean(1) for signal in signals]).numpy()
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0).split(vectors, cases["label"], cases["group"])
    head = make_pipeline(StandardScaler(), RidgeClassifier(alpha=5000))
    target = (cases["label"] == "abnormal").to_numpy(int)
    output = cross_val_predict(head, vectors, target, cv=list(folds), method="decision_function")
    assert roc_auc_score(target, output) > 0.89
