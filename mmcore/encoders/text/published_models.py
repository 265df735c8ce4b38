"""What is known of a published text model, and its weights, read from a folder: safetensors only, code never."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.encoders.loading import once

LONGEST = 512  # pieces read together, marks included; attention over more costs much and says little
OFFSET = {"roberta", "xlm-roberta", "camembert", "mpnet", "longformer", "xlm-roberta-xl", "data2vec-text"}


@dataclass(frozen=True, eq=False)
class Speech:
    """What is known of a model without its weights.

    width: D. size: pieces read together. before, after: marks set around them. filler: number of the padding. unknown:
    number of unknown pieces, -1 if there is none. weights: their count.
    """

    root: Path
    pieces: Any
    width: int
    size: int
    before: list[int]
    after: list[int]
    filler: int
    unknown: int
    weights: int


@once
def speech(root: Path, stamp: tuple) -> Speech:
    """Read from configuration and word pieces. stamp: see `stamp`. Raises BadInput for a model of another sort."""
    from tokenizers import Tokenizer
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    try:
        config = AutoConfig.from_pretrained(root, local_files_only=True, trust_remote_code=False)
        tokenizer = AutoTokenizer.from_pretrained(root, local_files_only=True, trust_remote_code=False, use_fast=True)
        pieces = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
        with torch.device("meta"):
            network = _encoder(AutoModel.from_config(config, trust_remote_code=False))
        width = config.hidden_size
    except (OSError, ValueError, KeyError, AttributeError, TypeError, ImportError) as error:
        raise BadInput(
            _("The model in {path} cannot be read: {reason}").format(path=root, reason=str(error).splitlines()[0]),
            _("The model must be of a type built into the transformers library, with a fast tokenizer."),
        ) from error
    pieces.no_truncation()
    pieces.no_padding()
    before, after = _marks(pieces, tokenizer)
    count = sum(weight.numel() for weight in network.parameters())
    return Speech(
        root,
        pieces,
        width,
        _longest(root, config, tokenizer) - len(before) - len(after),
        before,
        after,
        0 if tokenizer.pad_token_id is None else tokenizer.pad_token_id,
        -1 if tokenizer.unk_token_id is None else tokenizer.unk_token_id,
        count,
    )


@once
def network(root: Path, stamp: tuple) -> nn.Module:
    """The frozen encoder with its weights, in full precision. Raises BadInput for weights that are not its own."""
    from safetensors import SafetensorError
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    safe = {"local_files_only": True, "trust_remote_code": False, "use_safetensors": True}
    try:
        loaded, loading = AutoModel.from_pretrained(root, output_loading_info=True, dtype=torch.float32, **safe)
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise BadInput(
            _("The weights in {path} cannot be read: {reason}").format(path=root, reason=str(error).splitlines()[0]),
            _("Download the model again."),
        ) from error
    missing = sorted(name for name in loading["missing_keys"] if not name.startswith(("pooler.", "decoder.")))
    if missing:
        raise BadInput(
            _("The weights in {path} are not those of this model: {name} is missing.").format(
                path=root, name=missing[0]
            ),
            _("Download the model again."),
        )
    return _encoder(loaded).eval().requires_grad_(False)


def _encoder(network: Any) -> nn.Module:
    """Without what its tokens do not pass: a decoder, or a layer that makes one vector of the text."""
    if hasattr(network, "encoder") and hasattr(network, "decoder"):
        return network.get_encoder()
    if isinstance(getattr(network, "pooler", None), nn.Module):
        network.pooler = None
    return network


def _marks(pieces: Any, tokenizer: Any) -> tuple[list[int], list[int]]:
    """Marks that the model expects before and after a text; the end mark where an empty text would be nothing."""
    encoding = pieces.encode("a", add_special_tokens=True)
    plain = [i for i, mark in enumerate(encoding.special_tokens_mask) if not mark]
    before, after = (encoding.ids[: plain[0]], encoding.ids[plain[-1] + 1 :]) if plain else (encoding.ids, [])
    if not before and not after:
        after = [tokenizer.eos_token_id if tokenizer.eos_token_id is not None else 0]
    return before, after


def _longest(root: Path, config: Any, tokenizer: Any) -> int:
    """Pieces the model reads together, marks included."""
    limits = [LONGEST, tokenizer.model_max_length]
    positions = getattr(config, "max_position_embeddings", None) or getattr(config, "n_positions", None)
    if positions and positions > 0:
        limits.append(positions - (config.pad_token_id or 0) - 1 if config.model_type in OFFSET else positions)
    beside = root / "sentence_bert_config.json"
    if beside.is_file():
        limits.append(json.loads(beside.read_text()).get("max_seq_length") or LONGEST)
    return int(min(limits))


def stamp(root: Path) -> tuple:
    """Sizes and times of the files, by which a change is seen."""
    return tuple(
        sorted((file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in root.iterdir() if file.is_file())
    )


@once
def digest(root: Path, stamp: tuple) -> str:
    """Of what the model is made of."""
    whole = hashlib.sha256()
    for file in sorted([*root.glob("*.json"), *root.glob("*.txt"), *root.glob("*.model"), *root.glob("*.safetensors")]):
        with file.open("rb") as content:
            whole.update(hashlib.file_digest(content, "sha256").digest())
    return whole.hexdigest()
