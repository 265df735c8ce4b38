"""A curve for each number of a table: risks that rise at both ends, or level off, are no straight line.

A curve is piecewise linear, with knots at quantiles of the training rows: the additive model of Hastie & Tibshirani
(1986), with the basis of Eilers & Marx (1996) in its simplest form. It can be differentiated and adds up over columns,
so every explanation of the linear part goes on holding.

Legend: n cases, N tokens, C width of a vector, P pieces of all columns, O outputs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

_WIDEST = 128  # columns up to which each gets a curve
_FINEST = 16  # pieces of a curve
_PIECES = 512  # of all curves of a table
_LEAST_SPREAD = 1e-3  # of a piece that is hardly ever entered: it must not be blown up
_DISTINCT = 4  # values that a column must have: of fewer a line with its flags tells all


@dataclass(frozen=True, eq=False)
class Pieces:
    """How far a value has come through each piece of its column's range.

    columns: [P] which feature each piece reads. lower, upper: [P] where it begins and ends, in standardised units (the
    outer ones are open). scale: [P] what brings it to variance 1 over the training rows.
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
    least = cut(vectors, 1, _DISTINCT, _WIDEST)
    return None if least is None else cut(vectors, min(_FINEST, _PIECES // len(least.columns)), _DISTINCT, _WIDEST)


def cut(vectors: Tensor, count: int, least: int, most: int) -> Pieces | None:
    """Each feature [n, C] of at least so many values, cut into up to `count` pieces of equally many cases; None where
    there is no such feature, or more than `most`.

    Zeros are left out: they stand for what is not known.
    """
    columns, lower, upper = list[int](), list[float](), list[float]()
    for column, values in enumerate(vectors.T):
        own = values[values != 0]
        if len(torch.unique(own)) < least:
            continue
        if len(set(columns)) == most:
            return None
        knots = torch.unique(torch.quantile(own, torch.linspace(0, 1, count + 1)[1:-1]))
        ends = [float("-inf"), *knots[(knots > own.min()) & (knots < own.max())].tolist(), float("inf")]
        columns += [column] * (len(ends) - 1)
        lower += ends[:-1]
        upper += ends[1:]
    if not columns:
        return None
    pieces = Pieces(torch.tensor(columns), torch.tensor(lower), torch.tensor(upper), torch.ones(len(columns)))
    return replace(pieces, scale=1 / pieces(vectors).std(0, correction=0).clamp_min(_LEAST_SPREAD))
