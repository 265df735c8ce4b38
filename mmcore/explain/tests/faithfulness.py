"""Does the model need what an explanation points at? Deletion and insertion curves over the tokens of all inputs.

Tokens are taken away one after the other, the most important first (deletion), or brought back into an empty case in
the same order (insertion), and the probability of the class that was predicted is followed. A good explanation makes
it fall early (small area under the deletion curve) and rise early (large area under the insertion curve); a random
order tells what an explanation that says nothing would reach. Petsiuk, Das & Saenko 2018, "RISE", BMVC.

Legend: R replicates, B cases, S steps, N tokens of an input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from mmcore.training.panel import PanelReading

STEPS = 16
RANDOM = 4  # random orders a case is asked about

Importance = Mapping[str, np.ndarray]  # input -> [N] of one case, valid tokens of present inputs


@dataclass(frozen=True, eq=False)
class Curves:
    """Probability of the predicted class while tokens go or come, mean over replicates.

    deletion, insertion: [B, S + 1] at `shares` [S + 1] of all tokens taken away or brought back. For regression the
    followed number is 1 where the value stands, and 1/2 where it moved by one sd of the training target.
    """

    deletion: np.ndarray
    insertion: np.ndarray
    shares: np.ndarray


def curves(
    reading: PanelReading,
    by: Mapping[str, Sequence[Importance]],
    *,
    steps: int = STEPS,
    random: int = RANDOM,
    seed: int = 0,
) -> dict[str, Curves]:
    """Curves of every explanation in `by` (name -> importance of the tokens of each of the B cases), and "random".

    Tokens of equal importance come in random order. A token that is taken away is absent, so that the last point of a
    deletion curve is the answer to a case without any input. "random" is the mean over `random` orders; its two
    curves come from the same questions, asked forwards and backwards.
    """
    chance = np.random.default_rng(seed)
    masks = reading.masks
    shares = np.linspace(0, 1, steps + 1)
    counts = sum(mask.sum(1) for mask in masks.values())  # [B] tokens of a case
    cut = np.round(shares[1:-1] * counts[:, None])  # [B, S - 1]
    variants: list[dict[str, np.ndarray]] = [{name: mask[:, None] & [[True], [False]] for name, mask in masks.items()}]
    for importance in by.values():
        rank = _ranks(masks, importance, chance)
        variants += [
            {n: mask[:, None] & (rank[n][:, None] >= cut[..., None]) for n, mask in masks.items()},
            {n: mask[:, None] & (rank[n][:, None] < cut[..., None]) for n, mask in masks.items()},
        ]
    for _order in range(random):
        rank = _ranks(masks, None, chance)
        variants.append({n: mask[:, None] & (rank[n][:, None] >= cut[..., None]) for n, mask in masks.items()})
    keep = {name: np.concatenate([variant[name] for variant in variants], 1) for name in masks}
    followed = _followed(reading, keep)  # [B, V]
    ends, between = followed[:, :2], followed[:, 2:]
    parts = between.reshape(len(between), -1, steps - 1)  # [B, orders, S - 1]
    by_name = {
        name: Curves(_closed(ends, parts[:, 2 * i]), _closed(ends[:, ::-1], parts[:, 2 * i + 1]), shares)
        for i, name in enumerate(by)
    }
    if random:
        mean = _closed(ends, parts[:, 2 * len(by) :].mean(1))
        by_name["random"] = Curves(mean, mean[:, ::-1], shares)
    return by_name


def _ranks(
    masks: Mapping[str, np.ndarray], importance: Sequence[Importance] | None, chance: np.random.Generator
) -> dict[str, np.ndarray]:
    """Place of each token in the order of its case, 0 first, [B, N] per input; without importance at random."""
    names, cases = list(masks), len(next(iter(masks.values())))
    ranks = {name: np.full(masks[name].shape, np.inf) for name in names}
    for b in range(cases):
        here = [name for name in names if masks[name][b].any()]
        sizes = [int(masks[name][b].sum()) for name in here]
        if importance is None:
            values = np.zeros(sum(sizes))
        else:
            values = np.concatenate([np.asarray(importance[b][name], float) for name in here]) if here else np.zeros(0)
        order = np.lexsort((chance.random(len(values)), -values))
        place = np.empty(len(values))
        place[order] = np.arange(len(values))
        for name, part in zip(here, np.split(place, np.cumsum(sizes)[:-1]), strict=bool(here)):
            ranks[name][b, masks[name][b]] = part
    return ranks


def _followed(reading: PanelReading, keep: Mapping[str, np.ndarray]) -> np.ndarray:
    """[B, V] probability of the class predicted for the whole case (see Curves for regression)."""
    panel = reading.panel
    outputs = panel.activate(reading.under(keep)).mean(0)  # [B, V, K]
    if panel.task.name == "regression":
        whole = panel.activate(reading.answer()[0]).mean(0)  # [B, 1]
        return (1 / (1 + (outputs[..., 0] - whole).abs() / panel.standards[1].mean())).numpy().astype(float)
    chosen = reading.chosen()[:, None, None].expand(*outputs.shape[:2], 1)
    return torch.gather(outputs, -1, chosen)[..., 0].numpy().astype(float)


def _closed(ends: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """[B, S + 1] with the two ends [B, 2] put on."""
    return np.concatenate([ends[:, :1], middle, ends[:, 1:]], 1)


def area(curve: np.ndarray) -> float:
    """Area under a curve over shares from 0 to 1."""
    return float(np.trapezoid(curve, np.linspace(0, 1, len(curve))))
