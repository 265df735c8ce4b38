"""One input of some cases as several replicates read it, whole or with only some of its tokens.

Legend: R replicates, B cases, V variants of a case, N tokens, D their width before the normaliser, C as the network
reads them, W of the common space, L tokens a fusion gets (1 where it pools), O outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import torch
from torch import Tensor, nn

from mmcore.base.values import Tokens
from mmcore.training.linear_expert import InputExpert
from mmcore.training.normalise import Normaliser

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class InputReader:
    """How R replicates read one input.

    folds, normalisers: of each replicate; those of a fold share their normaliser. modules: learnt encoder part of each
    replicate, or None. experts: the input's share in the linear part of each one's fold, None where it has none.
    pooled: the fusion gets one vector for the input. project: tokens [R, B, L, C] to the common space [R, B, L, W].
    """

    folds: Sequence[int]
    normalisers: Sequence[Normaliser]
    modules: Sequence[nn.Module] | None
    experts: Sequence[InputExpert | None]
    pooled: bool
    project: Callable[[Tokens], Tokens]
    outputs: int

    def read(self, tokens: Tokens) -> InputReading:
        """tokens: raw, values [B, N, D], mask [B, N]."""
        through = self.by_fold(lambda r: self.normalisers[r].through_part(tokens))
        mask = through[0].mask
        masked = self.by_fold(lambda r: through[r].values * mask.unsqueeze(-1))
        if self.modules is None:
            return InputReading(self, mask, tuple(masked), mask, tuple(masked))
        states = [m(normalise(tokens)) for m, normalise in zip(self.modules, self.normalisers, strict=True)]
        values = tuple(own.values * own.mask.unsqueeze(-1) for own in states)
        return InputReading(self, states[0].mask, values, mask, tuple(masked))

    def by_fold(self, work: Callable[[int], T]) -> list[T]:
        """work(replicate) of every replicate, done once a fold."""
        done: dict[int, T] = {}
        for r, fold in enumerate(self.folds):
            if fold not in done:
                done[fold] = work(r)
        return [done[fold] for fold in self.folds]

    def each(self, work: Callable[[int], Tensor]) -> Tensor:
        """work(replicate) of all replicates, [R, ...]; done once a fold where nothing else tells them apart."""
        if self.modules is None:
            return torch.stack(self.by_fold(work))
        return torch.stack([work(r) for r in range(len(self.folds))])


@dataclass(frozen=True, eq=False)
class InputReading:
    """One input of B cases.

    mask: [B, N]. values: by replicate, tokens [B, N, D] as its normaliser gets them (after what the encoder learnt from
    the fold), or the states of its learnt part. given_mask, given: the same before a learnt part, for the linear part.
    """

    reader: InputReader
    mask: Tensor
    values: tuple[Tensor, ...]
    given_mask: Tensor
    given: tuple[Tensor, ...]

    @cached_property
    def parts(self) -> Tensor:
        """[R, B, N, C + O] what each token gives the network (for methods that pool they sum to the vector of the
        input), and behind it what it adds to the linear logits."""
        shares = torch.stack(self.reader.by_fold(self._linear_shares))
        return torch.cat([self._network_parts, shares], -1)

    @cached_property
    def _network_parts(self) -> Tensor:
        return self.reader.each(self._parts)

    def _parts(self, r: int) -> Tensor:
        values = self.values[r]
        if self.reader.modules is not None:
            count = self.mask.sum(-1).clamp_min(1)[:, None, None]
            return values / count if self.reader.pooled else values
        normalise = self.reader.normalisers[r].after_part
        tokens = Tokens(values, self.mask)
        return normalise.shares(tokens) if self.reader.pooled else normalise(tokens).values

    def _linear_shares(self, r: int) -> Tensor:
        """[B, N, O]; where a learnt part changes the number of tokens, all its states share alike."""
        expert = self.reader.experts[r]
        if expert is None:
            return torch.zeros(*self.mask.shape, self.reader.outputs)
        shares = expert.shares(Tokens(self.given[r], self.given_mask))
        if shares.shape[1] == self.mask.shape[1]:
            return shares
        each = self.mask.unsqueeze(-1) / self.mask.sum(-1).clamp_min(1)[:, None, None]
        return shares.sum(1, keepdim=True) * each

    @cached_property
    def base(self) -> Tensor:
        """[R, B, N, C + O] the same of an average token; an average state of a learnt part is taken to be zero."""
        base = torch.zeros_like(self.parts)
        normalise = self.reader.normalisers[0]
        if self.reader.modules is None and not self.reader.pooled and normalise.owner is not None:
            marks = slice(normalise.owner.shape[1], normalise.dims)  # they tell columns apart, and stay
            base[..., marks] = self.parts[..., marks]
        return base

    @cached_property
    def projected(self) -> Tensor:
        """[R, B, N, W] tokens in the common space, for methods that read tokens."""
        parts = self._network_parts
        return self.reader.project(Tokens(parts, self.mask.expand(parts.shape[:-1]))).values

    @property
    def numbers(self) -> int:
        """Of the tokens of one case, as the replicates read them, and of the curves and products of a fold."""
        count = len(self.reader.folds) * self.mask.shape[1]
        bent = max((expert.numbers for expert in self.reader.experts if expert is not None), default=0)
        return bent + count * (self.values[0].shape[-1] if self.reader.modules else self.reader.normalisers[0].dims)

    def cases(self, rows: slice | list[int]) -> InputReading:
        """Only these of the cases."""
        done: dict[int, Tensor] = {}  # replicates of a fold share their tokens

        def chosen(each: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
            for values in each:
                if id(values) not in done:
                    done[id(values)] = values[rows]
            return tuple(done[id(values)] for values in each)

        fewer = InputReading(
            self.reader, self.mask[rows], chosen(self.values), self.given_mask[rows], chosen(self.given)
        )
        for name in ("parts", "base", "projected", "_network_parts"):
            if name in self.__dict__:  # worked out already
                fewer.__dict__[name] = self.__dict__[name][:, rows]
        return fewer

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

    def linear(self, keep: Tensor) -> Tensor:
        """What the input adds to the linear logits [R, B * V, O] when only `keep` [B, V, N] of its tokens are there."""
        return torch.stack(self.reader.by_fold(lambda r: self._linear(r, keep))).flatten(1, 2)

    def _linear(self, r: int, keep: Tensor) -> Tensor:
        expert = self.reader.experts[r]
        if expert is None:
            return torch.zeros(*keep.shape[:2], self.reader.outputs)
        if keep.shape[-1] == self.given_mask.shape[1]:
            return expert.variants(self.given[r], keep & self.given_mask.unsqueeze(1))
        left = keep.sum(-1, keepdim=True) / self.mask.sum(-1).clamp_min(1)[:, None, None]
        return expert.variants(self.given[r], self.given_mask.unsqueeze(1)) * left


def pooled_parts(parts: Tensor, mask: Tensor) -> Tokens:
    """Parts [R, B, N, C] of an input summed up, [R, B, 1, C]; mask [B, N]."""
    present = mask.any(-1, keepdim=True)
    return Tokens(parts.sum(-2, keepdim=True), present.expand(*parts.shape[:2], 1))
