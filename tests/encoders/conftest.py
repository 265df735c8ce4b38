"""Tiny models with weights drawn at random, in files as their hubs would have them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

PIECES = "[PAD] [UNK] [CLS] [SEP] [MASK] chest pain no ##less breath . , deni ##ed ok 胸 痛 无 发 热 三 天 。 ， x ##x"


@pytest.fixture(scope="session")
def text_model(tmp_path_factory) -> Path:
    """A BERT that reads 24 pieces at once."""
    transformers = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("models") / "tiny-bert"
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(PIECES.split()), encoding="utf-8")
    transformers.BertTokenizerFast.from_pretrained(folder).save_pretrained(folder)
    shape = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    config = transformers.BertConfig(vocab_size=len(PIECES.split()), max_position_embeddings=24, **shape)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        transformers.BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> dict[str, str]:
    """Networks for images: name in timm -> file of weights."""
    timm = pytest.importorskip("timm")
    from safetensors.torch import save_file

    folder, files = tmp_path_factory.mktemp("timm"), {}
    for name in ("test_efficientnet", "test_vit"):
        with torch.random.fork_rng():
            torch.manual_seed(0)
            save_file(timm.create_model(name).state_dict(), folder / f"{name}.safetensors")
        files[name] = str(folder / f"{name}.safetensors")
    return files
