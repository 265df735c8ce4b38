"""What the tests of table encoders share."""

from __future__ import annotations

import numpy as np
import torch

from mmcore.base.values import ColumnSpec, InputSpec, Kind, Tokens
from mmcore.encoders import make

TABLE = (
    ColumnSpec(name="age"),
    ColumnSpec(name="sex", type="category", categories=("f", "m")),
    ColumnSpec(name="troponin"),
)


SPEC = InputSpec(name="labs", kind=Kind.TABLE, columns=tuple(c.name for c in TABLE), table=TABLE)


class InMemory:
    """What an encoder said, held in memory."""

    def __init__(self, tokens: Tokens) -> None:
        self.all, self.dims, self.counts = tokens, tokens.values.shape[2], tokens.mask.sum(1).numpy()

    def tokens(self, rows=None) -> Tokens:
        rows = slice(None) if rows is None else torch.as_tensor(np.asarray(rows))
        return Tokens(self.all.values[rows], self.all.mask[rows])


def encoded(name: str, rows, **options):
    encoder = make(name, SPEC, **options)
    return encoder, InMemory(encoder.prepare(rows))
