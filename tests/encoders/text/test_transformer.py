"""Protects text models read from a folder: the numbers of transformers, places, and folders that hold none."""

from __future__ import annotations

import json
import shutil

import pytest
import torch

from mmcore.base.errors import BadInput
from mmcore.base.values import Tokens
from mmcore.encoders import make
from tests.encoders.text.shared import SPEC, spelt


def test_a_model_in_a_folder_reads_as_transformers_does(text_model):
    from transformers import AutoModel, AutoTokenizer

    encoder = make("transformer", SPEC, model=str(text_model))
    text = "chest pain , breathless"
    tokenizer, network = AutoTokenizer.from_pretrained(text_model), AutoModel.from_pretrained(text_model).eval()
    with torch.no_grad():
        expected = network(**tokenizer(text, return_tensors="pt")).last_hidden_state[0, 1:-1]
    torch.testing.assert_close(encoder.prepare([text]).values[0], expected)
    assert encoder.dims == 16 and spelt(text, _spots(encoder, text))[-2:] == ["breath", "less"]
    weights = sum(p.numel() for name, p in network.named_parameters() if not name.startswith("pooler"))
    assert encoder.parameter_count() == weights


def _spots(encoder, text: str) -> list[tuple[int, int]]:
    return [(place.start, place.end) for place in encoder.places(text)]


def test_places_in_chinese_and_beside_emoji(text_model):
    encoder = make("transformer", SPEC, model=str(text_model))
    text = "🙂 胸痛 👍🏽 pain，无"
    assert spelt(text, _spots(encoder, text)) == ["🙂", "胸", "痛", "👍🏽", "pain", "，", "无"]
    assert encoder.suits("胸痛三天") is None and "unknown" in encoder.suits("Brustschmerz seit drei Tagen")


def test_tuning_starts_where_the_frozen_model_stands(text_model):
    frozen, tuned = (make("transformer", SPEC, model=str(text_model), tune=tune) for tune in (False, True))
    assert (
        tuned.trains_in_run
        and tuned.raw
        and tuned.dims == 1
        and tuned.learning_rate_scale < 1
        and frozen.module() is None
    )
    texts = ["chest pain", "no pain ok . no breath", "pain " * 50]
    codes, module = tuned.prepare(texts), tuned.module()
    assert codes.mask.sum(1).tolist() == [2, 6, 22] == [len(tuned.places(text)) for text in texts]
    out = module(codes)
    torch.testing.assert_close(out.values[:2, :6], frozen.prepare(texts[:2]).values)
    out.values.square().sum().backward()
    module.train()
    assert not module.network.training and module.network.embeddings.word_embeddings.weight.grad.any()
    assert not frozen.prepare(texts).values.requires_grad, "the shared network stays as it is"
    padded = Tokens(torch.nn.functional.pad(codes.values, (0, 0, 0, 30)), torch.nn.functional.pad(codes.mask, (0, 30)))
    torch.testing.assert_close(module(padded).values[:, :22], out.values)


def test_another_model_in_the_folder_is_another_encoder(text_model, tmp_path):
    shutil.copytree(text_model, tmp_path / "copy")
    before = make("transformer", SPEC, model=str(tmp_path / "copy")).identity()
    config = json.loads((tmp_path / "copy" / "config.json").read_text())
    (tmp_path / "copy" / "config.json").write_text(json.dumps(config | {"layer_norm_eps": 1e-3}))
    assert make("transformer", SPEC, model=str(tmp_path / "copy")).identity() != before


def test_folders_that_hold_no_usable_model(text_model, tmp_path):
    with pytest.raises(BadInput, match=r"config\.json"):
        make("transformer", SPEC, model=str(tmp_path))
    shutil.copytree(text_model, tmp_path / "pickled")
    (tmp_path / "pickled" / "model.safetensors").rename(tmp_path / "pickled" / "pytorch_model.bin")
    with pytest.raises(BadInput, match="safetensors"):
        make("transformer", SPEC, model=str(tmp_path / "pickled"))
    shutil.copytree(text_model, tmp_path / "code")
    own = {"model_type": "my_own", "auto_map": {"AutoConfig": "evil.Config", "AutoModel": "evil.Model"}}
    (tmp_path / "code" / "config.json").write_text(json.dumps(own))
    (tmp_path / "code" / "evil.py").write_text("raise SystemExit('ran')")
    with pytest.raises(BadInput, match="cannot be read"):
        make("transformer", SPEC, model=str(tmp_path / "code"))
    shutil.copytree(text_model, tmp_path / "broken")
    (tmp_path / "broken" / "model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(BadInput, match="weights"):
        make("transformer", SPEC, model=str(tmp_path / "broken")).prepare(["pain"])
    shutil.copytree(text_model, tmp_path / "other")
    config = json.loads((text_model / "config.json").read_text())
    (tmp_path / "other" / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}))
    with pytest.raises(BadInput, match="missing"):
        make("transformer", SPEC, model=str(tmp_path / "other")).prepare(["pain"])
    with pytest.raises(BadInput, match="no folder"):
        make("transformer", SPEC, model="/no/such/folder")


def test_a_model_of_sentence_transformers_lies_one_folder_deeper(text_model, tmp_path):
    shutil.copytree(text_model, tmp_path / "0_Transformer")
    (tmp_path / "modules.json").write_text(json.dumps([{"idx": 0, "path": "0_Transformer"}, {"path": "1_Pooling"}]))
    (tmp_path / "0_Transformer" / "sentence_bert_config.json").write_text('{"max_seq_length": 8}')
    encoder = make("transformer", SPEC, model=str(tmp_path))
    assert encoder.prepare(["chest pain " * 20]).mask.sum() == 40, "in windows of eight pieces"
