"""What the tests of text encoders share."""

from __future__ import annotations

import numpy as np
import torch

from mmcore.base.values import InputSpec, Kind, Tokens

SPEC = InputSpec(name="note", kind=Kind.TEXT, columns=("note",))
HEART = ["chest pain and sweating", "sweating with chest pain", "pain in the chest"]
TOPICS = ("chest pain sweating nausea breath".split(), "roses tulips garden bloom bees".split())  # noqa: SIM905 reads best as texts


def written(topics: tuple[list[str], list[str]], between: str = " ") -> list[str]:
    """Texts of one topic or the other, four of its words in any order."""
    random = np.random.default_rng(0)
    return [between.join(random.permutation(topics[i % 2])[:4]) for i in range(60)]


class InMemory:
    """Features of some texts, in memory."""

    def __init__(self, encoder, texts: list[str]) -> None:
        self.all, self.dims = encoder.prepare(texts), encoder.dims
        self.counts = self.all.mask.sum(1).numpy()

    def tokens(self, rows=None) -> Tokens:
        rows = torch.as_tensor(np.asarray(rows))
        return Tokens(self.all.values[rows], self.all.mask[rows])


def learnt(encoder, texts: list[str], rows=None):
    return encoder.fit(InMemory(encoder, texts), np.arange(len(texts)) if rows is None else np.asarray(rows), None)


def cosine(a: torch.Tensor, b: torch.Tensor) -> float:
    return float(torch.nn.functional.cosine_similarity(a, b, dim=-1))


def spelt(text: str, spots) -> list[str]:
    return [text[start:end] for start, end in spots]
