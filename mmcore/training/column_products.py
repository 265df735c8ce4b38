"""Products of two numbers of a table: risks that act together, such as a dose that harms the old alone.

Each column is cut into three, and how far a value has come through each piece is multiplied by the same of another
column: the tensor products of Friedman's MARS (1991) without its search, as in GA2M (Lou et al. 2013). They can be
differentiated, and half of a product belongs to each of its columns, so explanations of the linear part go on holding.

Legend: n cases, C width of a vector, Q products, O outputs.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from mmcore.training.column_curves import CURVED, PIECES, Pieces, cut, varied

_PARTS = 3  # of a column
_WIDEST = 64  # columns, and
_MOST = 4096  # products, up to which all pairs of columns are multiplied
_NUMBERS = 4_000_000  # of all cases and products together
_LEAST_SPREAD = 1e-2  # of a product that hardly varies: it must not be blown up


@dataclass(frozen=True, eq=False)
class Products(Pieces):
    """Products of pieces of two columns.

    first, second: [Q] the pieces of each product. size: [Q] what brings it to variance 1 over the training rows. least,
    most: [Q] the ends of its range there, which new cases do not leave: where no training case had both columns so,
    nothing is known of them together.
    """

    first: Tensor
    second: Tensor
    size: Tensor
    least: Tensor
    most: Tensor

    def __call__(self, vectors: Tensor) -> Tensor:
        """[..., C] -> [..., Q]; 0 where either column is not known."""
        pieces = super().__call__(vectors)
        return (pieces[..., self.first] * pieces[..., self.second] * self.size).clamp(self.least, self.most)

    def shares(self, each: Tensor, weight: Tensor) -> Tensor:
        """As of pieces, with weight [Q, O]: half of a product to each of the two tokens. It is nothing unless both
        columns are there, so whichever token is not 0 in a column has given it."""
        products = self(each.sum(-2)).unsqueeze(-1) * weight
        halves = torch.zeros(each.shape[-1], len(self.first), dtype=each.dtype)
        for side in (self.first, self.second):
            halves[self.columns[side], torch.arange(len(side))] = 0.5
        return (each != 0).to(each.dtype) @ (halves @ products)


def fit_products(vectors: Tensor) -> Products | None:
    """Products of all pairs of features [n, C]; None where no two vary together, or too many do."""
    columns = varied(vectors, 2)
    if not 1 < len(columns) <= _WIDEST:
        return None
    pieces = cut(vectors, columns, _PARTS)
    pairs = torch.combinations(torch.arange(len(pieces.columns)))
    pairs = pairs[pieces.columns[pairs[:, 0]] != pieces.columns[pairs[:, 1]]]
    if len(pairs) > min(_MOST, _NUMBERS // len(vectors)):
        return None
    own = pieces(vectors)
    products = own[:, pairs[:, 0]] * own[:, pairs[:, 1]]
    spread = products.std(0, correction=0)
    usable = spread > _LEAST_SPREAD
    if not bool(usable.any()):
        return None
    first, second = pairs[usable].T
    products = products[:, usable] / spread[usable]
    ends = products.amin(0).clamp_max(0), products.amax(0).clamp_min(0)
    return Products(**vars(pieces), first=first, second=second, size=1 / spread[usable], least=ends[0], most=ends[1])


def most_functions(cases: int, columns: int) -> int:
    """Of curves and products of a table at most."""
    curves = PIECES if columns <= CURVED else 0
    return curves + (min(_MOST, _NUMBERS // max(cases, 1)) if columns <= _WIDEST else 0)
