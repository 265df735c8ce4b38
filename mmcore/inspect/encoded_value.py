"""What one encoder says of one value, ready to be drawn: tokens, what they stand for, and how they relate.

N tokens, D width.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

import numpy as np
import torch

from mmcore.base.values import Place, Span, Tokens, Value, Whole
from mmcore.encoders import Encoder
from mmcore.encoders.fitting import FoldPart
from mmcore.features import encode_case
from mmcore.inspect import projection

COMPONENTS = 12  # rows drawn of tokens too wide to be drawn whole
WHOLE_WIDTH = 96  # tokens up to this wide are drawn whole


@dataclass(frozen=True, eq=False)
class EncodedValue:
    """tokens [N, D]; places: N of them. scaled [D]: their mean standardised over a cohort, None where there is none to
    compare with. colours [N, 3] in 0..1; norms, distinct [N]; cosine [N, N]: see inspect.projection, worked out when
    asked for."""

    tokens: np.ndarray
    places: list[Place]
    scaled: np.ndarray | None = None

    @cached_property
    def colours(self) -> np.ndarray:
        return projection.colours(self.tokens)

    @cached_property
    def norms(self) -> np.ndarray:
        return projection.norms(self.tokens)

    @cached_property
    def distinct(self) -> np.ndarray:
        return projection.distinct(self.tokens)

    @cached_property
    def cosine(self) -> np.ndarray:
        return projection.cosine(self.tokens)

    def rows(self) -> tuple[np.ndarray, bool]:
        """What to draw over time, [rows, N]: the tokens whole if they are narrow (True), else their principal
        components."""
        if self.tokens.shape[1] <= WHOLE_WIDTH or len(self.tokens) < 2:
            return self.tokens[:, :WHOLE_WIDTH].T, True
        return projection.principal(self.tokens, count=min(COMPONENTS, len(self.tokens) - 1)).points.T, False

    def nearest(self, chosen: int, labels: Sequence[str], count: int = 8) -> list[tuple[str, float]]:
        """What is most like a chosen token, nearest first: label and cosine. labels: N; each is named once, at its
        nearest, whatever its case, and the chosen token's own is left out."""
        row = self.cosine[chosen]
        by_label: dict[str, tuple[str, float]] = {}
        for i in np.argsort(-row, kind="stable"):
            by_label.setdefault(labels[i].lower(), (labels[i], float(row[i])))
        by_label.pop(labels[chosen].lower())
        return list(by_label.values())[:count]


def encode_value(
    encoder: Encoder,
    value: Value,
    part: FoldPart | None = None,
    scale: Callable[[Tokens], Tokens] | None = None,
) -> EncodedValue:
    """Encode one value. part: what such an encoder learns from a fold, applied to its tokens; scale: what then
    averages and standardises them, if that is to be told too.

    Raises BadInput if the value cannot be encoded.
    """
    tokens = encode_case(encoder, value)
    if part is not None:
        with torch.inference_mode():
            tokens = part(tokens)
    encoded = of_tokens(tokens, encoder.places(value))
    if scale is None:
        return encoded
    with torch.inference_mode():
        return replace(encoded, scaled=scale(tokens).values[0, 0].to(torch.float32).numpy())


def of_tokens(tokens: Tokens, places: Sequence[Place]) -> EncodedValue:
    """Tokens of one case [1, N, D], the valid ones, beside the places they stand for; the whole value where none is
    known (a learnt part may give more tokens than it was given)."""
    valid = tokens.values[0][tokens.mask[0]].detach().to(torch.float32).numpy()
    return EncodedValue(valid, [*places[: len(valid)], *[Whole()] * (len(valid) - len(places))])


def speed(encoder: Encoder, value: Value, repeats: int = 3) -> float:
    """Seconds it takes to encode this value here and now, on one core: median after a first time that loads weights."""
    encode_case(encoder, value)
    taken = []
    for _turn in range(repeats):
        started = time.perf_counter()
        encode_case(encoder, value)
        taken.append(time.perf_counter() - started)
    return median(taken)


def words_of(text: str, places: Sequence[Place]) -> list[str]:
    """The words that tokens of a text stand for; the whole text where a token says no more."""
    return [text[place.start : place.end] if isinstance(place, Span) else text.strip() or "∅" for place in places]
