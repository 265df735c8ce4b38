"""What one encoder says of one value, ready to be drawn: tokens, what they stand for, and how they relate.

N tokens, D width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mmcore.cases import Place, Span, Value
from mmcore.encoders import Encoder
from mmcore.explain import projection
from mmcore.features import encode_case

COMPONENTS = 12  # rows drawn of tokens too wide to be drawn whole
WHOLE_WIDTH = 96  # tokens up to this wide are drawn whole


@dataclass(frozen=True, eq=False)
class Said:
    """tokens [N, D]; places: N of them. colours [N, 3] in 0..1; norms, distinct [N]; cosine [N, N]: see
    explain.projection."""

    tokens: np.ndarray
    places: list[Place]
    colours: np.ndarray
    norms: np.ndarray
    distinct: np.ndarray
    cosine: np.ndarray

    def rows(self) -> tuple[np.ndarray, bool]:
        """What to draw over time, [rows, N]: the tokens whole if they are narrow (True), else their principal
        components."""
        if self.tokens.shape[1] <= WHOLE_WIDTH or len(self.tokens) < 2:
            return self.tokens[:, :WHOLE_WIDTH].T, True
        return projection.principal(self.tokens, count=min(COMPONENTS, len(self.tokens) - 1)).points.T, False


def say(encoder: Encoder, value: Value) -> Said:
    """Encode one value. Raises BadInput if it cannot be encoded."""
    encoded = encode_case(encoder, value)
    tokens = encoded.values[0][encoded.mask[0]].numpy()
    places = encoder.places(value)[: len(tokens)]
    return Said(
        tokens,
        places,
        projection.colours(tokens),
        projection.norms(tokens),
        projection.distinct(tokens),
        projection.cosine(tokens),
    )


def words_of(text: str, places: Sequence[Place]) -> list[str]:
    """The words that tokens of a text stand for; the whole text where a token says no more."""
    return [text[place.start : place.end] if isinstance(place, Span) else text.strip() or "∅" for place in places]
