"""A curve for each number of a table: risks that rise at both ends, or level off, are no straight line.

A curve is piecewise linear, with knots at quantiles of the training rows: the additive model of Hastie & Tibshirani
(1986), with the basis of Eilers & Marx (1996) in its simplest form. It can be differentiated and adds up over columns,
so every explanation of the linear part goes on holding.

Legend: n cases, N tokens, C width of a vector, P pieces of all columns, O outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

CURVED = 128  # columns up to which each gets a curve
_FINEST = 16  # pieces of a curve
PIECES = 512  # of all curves of a table
_LEAST_SPREAD = 1e-3  # of a piece that is hardly ever entered: it must not be blown up
_DISTINCT = 4  # values that a column must have: of fewer a line with its flags tells all


@dataclass(frozen=True, eq=False)
class Pieces:
    """How far a value has come through each piece of its column's range.

    columns: [P] which feature each piece reads. lower, upper: [P] where it begins and ends, in standardised units; none
    goes on beyond what training rows had, the line beside the curve does. scale: [P] what brings it to variance 1 over
    the training rows.
    """

    columns: Tensor
    lower: Tensor
    upper: Tensor
    scale: Tensor

    def __call__(self, vectors: Tensor) -> Tensor:
        """[..., C] -> [..., P]; what is not known is 0 in a vector, and adds nothing here either."""
        zero = torch.zeros_like(self.lower).clamp(self.lower, self.upper)
        return (vectors[..., self.columns].clamp(self.lower, self.upper) - zero) * self.scale

    def shares(self, each: Tensor, weight: Tensor) -> Tensor:
        """What each token adds [..., N, O], of what each token gives the vector [..., N, C], features of its own.

        weight: [P, O].
        """
        return self(each) @ weight


def fit_pieces(vectors: Tensor) -> Pieces | None:
    """Pieces of equally many cases for every feature [n, C] with values enough; None where no feature has, or too many.

    Where many columns are curved, each is cut into fewer.
    """
    columns = varied(vectors, _DISTINCT)
    return cut(vectors, columns, min(_FINEST, PIECES // len(columns))) if 0 < len(columns) <= CURVED else None


def varied(vectors: Tensor, least: int) -> list[int]:
    """Features [n, C] of at least so many values. Zeros are left out: they stand for what is not known."""
    return [column for column, values in enumerate(vectors.T) if len(torch.unique(values[values != 0])) >= least]


def cut(vectors: Tensor, features: Sequence[int], count: int) -> Pieces:
    """These features [n, C], each cut into up to `count` pieces of equally many cases; zeros are left out."""
    columns, lower, upper = list[int](), list[float](), list[float]()
    for column in features:
        own = vectors[vectors[:, column] != 0, column]
        knots = torch.unique(torch.quantile(own, torch.linspace(0, 1, count + 1)[1:-1]))
        inner = knots[(knots > own.min()) & (knots < own.max())]
        ends = [float(own.min()), *inner.tolist(), float(own.max())]
        columns += [column] * (len(ends) - 1)
        lower += ends[:-1]
        upper += ends[1:]
    pieces = Pieces(torch.tensor(columns), torch.tensor(lower), torch.tensor(upper), torch.ones(len(columns)))
    return replace(pieces, scale=1 / pieces(vectors).std(0, correction=0).clamp_min(_LEAST_SPREAD))
