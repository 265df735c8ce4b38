"""How alike vectors are."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import normalize


def cosines(vectors: Tensor, vector: Tensor) -> Tensor:
    """Cosine of each of V vectors [V, D] with one [D], as [V]; 0 where either has no length."""
    return normalize(vectors, dim=-1) @ normalize(vector, dim=-1)
