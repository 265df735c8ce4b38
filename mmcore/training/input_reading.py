"""One input of some cases as several replicates read it, whole or with only some of its tokens.

Legend: R replicates, B cases, V variants of a case, N tokens, D their width before the normaliser, C as the model
reads them, W of the common space, L tokens a fusion gets (1 where it pools).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from mmcore.base.values import Tokens
from mmcore.training.normalise import Normaliser


@dataclass(frozen=True, eq=False)
class InputReader:
    """How R replicates read one input.

    folds, normalisers: of each replicate; those of a fold share their normaliser. modules: learnt encoder part of each
    replicate, or None. pooled: the fusion gets one vector for the input. project: tokens [R, B, L, C] to the common
    space [R, B, L, W].
    """

    folds: Sequence[int]
    normalisers: Sequence[Normaliser]
    modules: Sequence[nn.Module] | None
    pooled: bool
    project: Callable[[Tokens], Tokens]

    def read(self, tokens: Tokens) -> InputReading:
        """tokens: raw, values [B, N, D], mask [B, N]."""
        if self.modules is not None:
            states = [m(normalise(tokens)) for m, normalise in zip(self.modules, self.normalisers, strict=True)]
            values = tuple(one.values * one.mask.unsqueeze(-1) for one in states)
            return InputReading(self, states[0].mask, values)
        through: dict[int, Tokens] = {}  # the normaliser belongs to the fold
        for fold, normalise in zip(self.folds, self.normalisers, strict=True):
            if fold not in through:
                through[fold] = normalise.through_part(tokens)
        mask = next(iter(through.values())).mask
        by_fold = {fold: one.values * one.mask.unsqueeze(-1) for fold, one in through.items()}
        return InputReading(self, mask, tuple(by_fold[fold] for fold in self.folds))

    def each(self, work: Callable[[int], Tensor]) -> Tensor:
        """work(replicate) of all replicates, [R, ...]; done once a fold where nothing else tells them apart."""
        done: dict[int, Tensor] = {}
        for r, fold in enumerate(self.folds):
            key = r if self.modules is not None else fold
            if key not in done:
                done[key] = work(r)
        return torch.stack([done[r if self.modules is not None else fold] for r, fold in enumerate(self.folds)])


@dataclass(frozen=True, eq=False)
class InputReading:
    """One input of B cases. mask: [B, N]. values: by replicate, tokens [B, N, D] as its normaliser gets them (after
    what the encoder learnt from the fold), or the states of its learnt part."""

    reader: InputReader
    mask: Tensor
    values: tuple[Tensor, ...]

    @cached_property
    def parts(self) -> Tensor:
        """[R, B, N, C] what each token gives the model; for methods that pool they sum to the vector of the input."""
        return self.reader.each(self._parts)

    def _parts(self, r: int) -> Tensor:
        values = self.values[r]
        if self.reader.modules is not None:
            count = self.mask.sum(-1).clamp_min(1)[:, None, None]
            return values / count if self.reader.pooled else values
        normalise = self.reader.normalisers[r].after_part
        tokens = Tokens(values, self.mask)
        return normalise.shares(tokens) if self.reader.pooled else normalise(tokens).values

    @cached_property
    def base(self) -> Tensor:
        """[R, B, N, C] the same of an average token; an average state of a learnt part is taken to be zero."""
        base = torch.zeros_like(self.parts)
        normalise = self.reader.normalisers[0]
        if self.reader.modules is None and not self.reader.pooled and normalise.owner is not None:
            width = normalise.owner.shape[1]
            base[..., width:] = self.parts[..., width:]  # the marks that tell columns apart stay
        return base

    @cached_property
    def projected(self) -> Tensor:
        """[R, B, N, W] tokens in the common space, for methods that read tokens."""
        return self.reader.project(Tokens(self.parts, self.mask.expand(self.parts.shape[:-1]))).values

    @property
    def numbers(self) -> int:
        """Of the tokens of one case, as the replicates read them."""
        count = len(self.reader.folds) * self.mask.shape[1]
        return count * (self.values[0].shape[-1] if self.reader.modules else self.reader.normalisers[0].dims)

    def cases(self, rows: slice | list[int]) -> InputReading:
        """Only these of the cases."""
        kept: dict[int, Tensor] = {}  # replicates of a fold share their tokens
        for values in self.values:
            if id(values) not in kept:
                kept[id(values)] = values[rows]
        chosen = InputReading(self.reader, self.mask[rows], tuple(kept[id(values)] for values in self.values))
        for name in ("parts", "base", "projected"):
            if name in self.__dict__:  # worked out already
                chosen.__dict__[name] = self.__dict__[name][:, rows]
        return chosen

    def keeping(self, keep: Tensor) -> Tokens:
        """Tokens [R, B * V, L, W] in the common space when only `keep` [B, V, N] of them are there."""
        flat, count = keep.flatten(0, 1), len(self.reader.folds)
        if not self.reader.pooled:
            values = self.projected.unsqueeze(2).expand(-1, -1, keep.shape[1], -1, -1).flatten(1, 2)
            return Tokens(values, flat.expand(count, *flat.shape))
        vectors = self.reader.each(lambda r: self._vectors(r, keep)).flatten(1, 2).unsqueeze(2)  # [R, B * V, 1, C]
        present = flat.any(-1, keepdim=True)
        return self.reader.project(Tokens(vectors, present.expand(count, *present.shape)))

    def _vectors(self, r: int, keep: Tensor) -> Tensor:
        """[B, V, C] of one replicate."""
        if self.reader.modules is None:
            return self.reader.normalisers[r].after_part.vectors(self.values[r], keep)
        share = keep.to(self.values[r].dtype)
        return (share / share.sum(-1, keepdim=True).clamp_min(1)) @ self.values[r]


def pooled_parts(parts: Tensor, mask: Tensor) -> Tokens:
    """Parts [R, B, N, C] of an input summed up, [R, B, 1, C]; mask [B, N]."""
    present = mask.any(-1, keepdim=True)
    return Tokens(parts.sum(-2, keepdim=True), present.expand(*parts.shape[:2], 1))
