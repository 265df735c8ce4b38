"""Any text encoder of the transformers or sentence-transformers family, from a folder or the model hub."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from mmcore.base.errors import Unavailable
from mmcore.base.modules import missing_packages
from mmcore.base.progress import Progress, silent
from mmcore.base.settings import N_, _
from mmcore.base.values import InputSpec, Kind, Place, Tokens
from mmcore.encoders.base import Encoder, encoders
from mmcore.encoders.text import hub, published_models
from mmcore.encoders.text.pieces import MOST, ends, spans_to_places
from mmcore.encoders.text.transformer_windows import LONGEST, TunedReader, joined, read, windows
from mmcore.encoders.text.words import Spot
from mmcore.encoders.tokens import average, pad

PACKAGES = ("transformers", "tokenizers", "safetensors")
DEFAULT = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"


@encoders.register("transformer")
class TextTransformer(Encoder[str]):
    """Any transformer for text, by name or folder: reads each word piece in its context.

    Examples: sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2 (50 languages), BAAI/bge-small-zh-v1.5 or
    google-bert/bert-base-chinese (Chinese), thomas-sounack/BioClinical-ModernBERT-base (clinical notes, English),
    NeuML/pubmedbert-base-embeddings (medical papers, English). Weights are read as safetensors only, and code that
    comes with a model is never run. Long texts are read in windows of at most 512 pieces that overlap by an eighth; of
    more than 1024 pieces neighbours are averaged. Where the model is tuned, a text is read in one window: its first and
    last half where it is longer.

    model: name on the Hugging Face hub (downloaded on first use), or path of a folder that holds a model
    tune: continue training its weights in the run; very slow without a GPU
    """

    kind = Kind.TEXT
    citation = (
        "Vaswani et al., Attention Is All You Need, NeurIPS 2017; Devlin et al., BERT, NAACL 2019; Reimers & Gurevych, "
        "Sentence-BERT, EMNLP 2019; and the card of the model"
    )
    licence = N_("that of the model (see its card)")
    trained_on = N_("what the model's card says")
    learning_rate_scale = 0.05
    naming_options = frozenset({"model"})

    def __init__(self, spec: InputSpec, *, model: str = DEFAULT, tune: bool = False) -> None:
        if absent := missing_packages(*PACKAGES):
            raise Unavailable(_("A package needed to read such a model is not installed."), absent)
        super().__init__(spec)
        self.model = model
        self.tune = self.trains_in_run = self.raw = tune
        self.dtype = "float32" if tune else "float16"
        root = hub.folder_of(model)
        self._speech = published_models.speech(root, published_models.stamp(root))

    @property
    def dims(self) -> int:
        return 1 if self.tune else self._speech.width

    def prepare(self, values: Sequence[str]) -> Tokens:
        """Texts -> Tokens [B, pieces, D]; a text without pieces gives one token that stands for an empty text.

        Tuned: numbers of the pieces [B, pieces, 1], that of the padding where a text has none.
        """
        if self.tune:
            return pad([torch.tensor(self._ids(text))[:, None].float() for text in values])
        size, speech = self._speech.size, self._speech
        overlap = size // 8
        cut = [
            [ids[a:b] for a, b in windows(len(ids), size, overlap)]
            for ids in (ends(self._pieces(text)[0], LONGEST) for text in values)
        ]
        flat = [window for text in cut for window in text]
        states = iter(read(self._network(), flat, speech.before, speech.after, speech.filler))
        return pad([average(joined([next(states) for _window in text], overlap), MOST) for text in cut])

    def places(self, value: str) -> list[Place]:
        spots = self._pieces(value)[1]
        return spans_to_places(ends(spots, self._speech.size if self.tune else LONGEST))

    def suits(self, value: str) -> str | None:
        if not value.strip():
            return _("The text is empty.")
        ids, spots = self._pieces(value)
        unknown = sum(
            end - start for number, (start, end) in zip(ids, spots, strict=True) if number == self._speech.unknown
        )
        if unknown > sum(end - start for start, end in spots) / 2:
            return _("Most characters of this text are unknown to the model '{model}'.").format(model=self.model)
        if len(ids) > LONGEST:
            return _("The text has {count} word pieces; the first and the last {half} are read.").format(
                count=len(ids), half=LONGEST // 2
            )
        return None

    def module(self) -> nn.Module | None:
        """A copy of the network that learns, or None if it is frozen."""
        if not self.tune:
            return None
        speech = self._speech
        return TunedReader(copy.deepcopy(self._network()), speech.width, speech.before, speech.after, speech.filler)

    def ready(self, progress: Progress = silent) -> None:
        """Load or download what the first value needs. Raises MMError if it cannot be had."""
        self._network(progress)

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages(*PACKAGES) or hub.out_of_reach(DEFAULT)

    def parameter_count(self) -> int:
        return self._speech.weights

    def _network(self, progress: Progress = silent) -> nn.Module:
        root = hub.weighed(self.model, self._speech.root, progress)
        return published_models.network(root, published_models.stamp(root))

    def _pieces(self, text: str) -> tuple[list[int], list[Spot]]:
        """Numbers and characters of the pieces; none for a text of blanks."""
        if not text.strip():
            return [], []
        encoding = self._speech.pieces.encode(text, add_special_tokens=False)
        return encoding.ids, [_spot(text, *span) for span in encoding.offsets]

    def _ids(self, text: str) -> list[int]:
        return ends(self._pieces(text)[0], self._speech.size) or [self._speech.filler]

    def _depends_on_spec(self) -> Any:
        root = self._speech.root
        return hub.commit(root) or published_models.digest(root, published_models.stamp(root))


def _spot(text: str, start: int, end: int) -> Spot:
    """Characters of a piece without the blanks at its ends, at least one."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else (min(start, len(text) - 1), min(start, len(text) - 1) + 1)
