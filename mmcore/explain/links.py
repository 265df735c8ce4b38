"""What a token of one input attends to in another, through the summaries in between.

Legend: R replicates, M inputs, Q summaries (or latents) of an input, N tokens, L layers, H heads, T = M * Q and what a
method adds. Methods sum tokens up before they let them meet, so the way from a token leads over summaries: a token
belongs to those that read it, and reaches what they attend to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch

from mmcore.fusion.attention_maps import AttentionMaps, Direction
from mmcore.fusion.rollout import rollout

_TINY = 1e-20


def heads_and_layers(maps: AttentionMaps[np.ndarray]) -> tuple[int, int]:
    """How many heads and layers can be looked at one by one; (0, 0) if the maps hold none."""
    if maps.self_attention is not None:
        layers, heads = maps.self_attention.shape[1:3]
        return heads, layers
    heads = {values.shape[1] for values in maps.cross_heads.values()}
    return (heads.pop(), 1) if heads else (0, 0)


def links(
    maps: AttentionMaps[np.ndarray],
    inputs: Sequence[str],
    valid: Mapping[str, np.ndarray],
    *,
    head: int | None = None,
    layer: int | None = None,
) -> dict[tuple[str, str], np.ndarray]:
    """(to, from) -> [N_to, N_from], rows sum to 1: what each token of `to` attends to in `from`, mean over replicates.

    maps: of one case, [R, ...], unaveraged, since the summaries of two replicates are not the same ones. valid:
    tokens [N] bool of each present input. head, layer: only this one, counted from 0; None: the mean over heads, and
    the rollout through all layers (Abnar & Zuidema 2020).
    """
    pools = {name: maps.pools[name][..., valid[name]] for name in inputs if name in maps.pools and name in valid}
    by_direction = {}
    for to in pools:
        for source in valid:
            between = None if source == to else _between(maps, inputs, Direction(to, source), valid, pools, head, layer)
            if between is not None:
                belongs = _shares(np.swapaxes(_matched(pools[to], between), -1, -2))  # [R, N of `to`, Q]
                by_direction[to, source] = _shares(belongs @ between).mean(0)
    return by_direction


def _between(
    maps: AttentionMaps[np.ndarray],
    inputs: Sequence[str],
    direction: Direction,
    valid: Mapping[str, np.ndarray],
    pools: Mapping[str, np.ndarray],
    head: int | None,
    layer: int | None,
) -> np.ndarray | None:
    """[R, Q of `to`, N of `source`]: what each summary of `to` reads of `source`'s tokens; None if nothing says."""
    to, source = direction
    if head is not None and direction in maps.cross_heads:
        return maps.cross_heads[direction][:, head][..., valid[source]]
    if direction in maps.cross:
        return maps.cross[direction][..., valid[source]]
    if source not in pools:
        return None
    if maps.self_attention is not None:
        meeting = joint(maps.self_attention, head=head, layer=layer)
        queries = pools[to].shape[1]
        starts = [inputs.index(name) * queries for name in direction]
        rows, columns = (slice(start, start + queries) for start in starts)
        if meeting.shape[-1] < queries * len(inputs):
            return None
        return _shares(meeting[:, rows, columns]) @ pools[source]
    if maps.latents is not None:  # both are read by the same latents
        return pools[source]
    return None


def joint(layers: np.ndarray, *, head: int | None = None, layer: int | None = None) -> np.ndarray:
    """Self-attention [R, L, H, T, T] -> [R, T, T]: of one head and layer, or averaged and rolled out."""
    heads = layers.mean(2) if head is None else layers[:, :, head]
    if layer is not None:
        return heads[:, layer]
    return rollout(torch.from_numpy(np.asarray(heads, np.float64))).numpy()


def _matched(pool: np.ndarray, between: np.ndarray) -> np.ndarray:
    """Pool weights [R, Q or Q * H, N] as [R, Q, N], heads of a query averaged."""
    queries = between.shape[1]
    return pool if pool.shape[1] == queries else pool.reshape(len(pool), queries, -1, pool.shape[-1]).mean(2)


def _shares(weights: np.ndarray) -> np.ndarray:
    """Summing to 1 over the last dimension; all 0 where there is none."""
    return weights / np.maximum(weights.sum(-1, keepdims=True), _TINY)
