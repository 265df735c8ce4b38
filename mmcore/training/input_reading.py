"""One input of some cases as the replicates of a panel read it, whole or with only some of its tokens.

Legend: R replicates, B cases, V variants of a case, N tokens, C width of a token as the model reads it, W of the common
space, L tokens a fusion gets (1 where it pools).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from mmcore.base.values import Tokens
from mmcore.training.normalise import Normaliser, to_length

if TYPE_CHECKING:
    from mmcore.training.panel import Panel


@dataclass(frozen=True, eq=False)
class Heard:
    """One input of B cases as the replicates read it.

    mask: [B, N]. parts: [R, B, N, C] what each token gives the model; for methods that pool, parts sum to the vector
    of the input. base: the same of an average token. For pooling methods: raw [B, N, D] (before the normaliser) where
    the mean of raw tokens is normalised; `whole` says that parts are added, not averaged (a table). projected:
    [R, B, N, W] in the common space, for methods that read tokens.
    """

    mask: Tensor
    parts: Tensor
    base: Tensor
    raw: tuple[Tensor, ...] = ()  # by replicate
    whole: bool = False
    projected: Tensor | None = None

    def cases(self, rows: slice | list[int]) -> Heard:
        return Heard(
            self.mask[rows],
            self.parts[:, rows],
            self.base[:, rows],
            tuple(raw[rows] for raw in self.raw),
            self.whole,
            None if self.projected is None else self.projected[:, rows],
        )


def kept(panel: Panel, name: str, one: Heard, mask: Tensor) -> Tokens:
    """Tokens [R, B * V, L, W] in the common space when only `mask` [B, V, N] is kept."""
    flat = mask.flatten(0, 1)
    if not panel.pooled:
        values = one.projected.unsqueeze(2).expand(-1, -1, mask.shape[1], -1, -1).flatten(1, 2)
        return Tokens(values, flat.expand(len(panel), *flat.shape))
    if one.raw:
        share = mask.float() / mask.sum(-1, keepdim=True).clamp_min(1)
        pools: dict[int, Tensor] = {}
        for fold, raw, pipeline in zip(panel.folds, one.raw, panel.pipelines, strict=True):
            if fold not in pools:
                pool = Tokens((share @ raw).flatten(0, 1).unsqueeze(1), flat.any(-1, keepdim=True))
                pools[fold] = replace(pipeline.normalisers[name], part=None)(pool).values
        values = torch.stack([pools[fold] for fold in panel.folds])  # [R, B * V, 1, C]
    else:
        share = mask.float()
        if not one.whole:  # parts are shares of the mean of all tokens: bring them to the mean of those kept
            share = share * (one.mask.sum(-1).float()[:, None, None] / mask.sum(-1, keepdim=True).clamp_min(1))
        values = (share @ one.parts).flatten(1, 2).unsqueeze(2)
    here = flat.any(-1, keepdim=True)
    return panel.project(name, Tokens(values, here.expand(len(panel), *here.shape)))


def hear(panel: Panel, name: str, tokens: Tokens) -> Heard:
    """One input as every replicate of the panel reads it."""
    first: dict[int, Heard] = {}
    heard = []
    for r, (fold, pipeline) in enumerate(zip(panel.folds, panel.pipelines, strict=True)):
        if name in panel.learnt:
            heard.append(_learnt(panel, pipeline.normalisers[name](tokens), panel.learnt[name][r]))
            continue
        if fold not in first:  # the normaliser belongs to the fold
            first[fold] = _fixed(panel, pipeline.normalisers[name], tokens)
        heard.append(first[fold])
    parts, base = (torch.cat([getattr(one, field) for one in heard]) for field in ("parts", "base"))
    mask = heard[0].mask
    raw = tuple(one.raw[0] for one in heard) if heard[0].raw else ()
    projected = None
    if not panel.pooled:
        projected = panel.project(name, Tokens(parts, mask.expand(len(panel), *mask.shape))).values
    return Heard(mask, parts, base, raw, heard[0].whole, projected)


def _learnt(panel: Panel, normal: Tokens, module: nn.Module) -> Heard:
    """The states of a learnt part take the place of tokens; an average state is taken to be zero."""
    states = module(normal)
    values = states.values * states.mask.unsqueeze(-1)
    if panel.pooled:
        values = values / states.mask.sum(-1).clamp_min(1)[:, None, None]
    return Heard(states.mask, values[None], torch.zeros_like(values)[None])


def _fixed(panel: Panel, normaliser: Normaliser, tokens: Tokens) -> Heard:
    if normaliser.part is not None:  # what the encoder learnt from the fold comes first, token by token
        tokens, normaliser = normaliser.part(tokens), replace(normaliser, part=None)
    if normaliser.owner is not None:
        tokens = to_length(tokens, normaliser.owner.shape[0])
        normal = replace(normaliser, level="tokens")(tokens)
        width = normaliser.owner.shape[1]
        if panel.pooled:  # without the marks that tell columns apart
            values = normal.values[None, ..., :width]
            return Heard(tokens.mask, values, torch.zeros_like(values), whole=True)
        base = normal.values.clone()
        base[..., :width] = 0
        return Heard(tokens.mask, normal.values[None], base[None])
    if not panel.pooled:
        values = normaliser(tokens).values[None]
        return Heard(tokens.mask, values, torch.zeros_like(values))
    parts = _shares(normaliser, tokens)[None]
    return Heard(tokens.mask, parts, torch.zeros_like(parts), (tokens.values * tokens.mask.unsqueeze(-1),))


def _shares(normaliser: Normaliser, tokens: Tokens) -> Tensor:
    """[B, N, C] what each token adds to the normalised mean of its input; they sum to it, clipping included."""
    count = tokens.mask.sum(-1).clamp_min(1)[:, None, None]
    shares = (tokens.values - normaliser.mean) / normaliser.scale * tokens.mask.unsqueeze(-1) / count
    whole = shares.sum(1, keepdim=True)
    clipped = replace(normaliser, basis=None)(tokens).values
    shares = shares * torch.where(whole.abs() > 1e-6, clipped / whole, 1.0)
    return shares if normaliser.basis is None else shares @ normaliser.basis
