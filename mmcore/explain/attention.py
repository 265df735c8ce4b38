"""Where a trained model attends in one case: its weights, averaged over replicates and laid on places of the input.

Legend: R replicates, K classes, N tokens, Q queries. Nothing is made up: a method without weights gives empty maps,
and a missing input has no map.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mmcore.base.values import Case, Place, Tokens
from mmcore.encoders import Encoder
from mmcore.explain.links import links
from mmcore.features import encode_case
from mmcore.fusion import AttentionMaps, Direction
from mmcore.training import Fitted


@dataclass(frozen=True, eq=False)
class Attention:
    """What a method says of one case, and where it looked.

    probabilities, spread: [K] mean and sd over replicates (regression: [1] value in the target's unit).
    weights: input -> (mean, sd) over replicates, summing to 1 over inputs, 0 where missing; empty if the method does
    not weigh inputs.
    maps, map_spread: input -> [N] weight of each token, mean and sd over replicates, the mean summing to 1; no entry
    for a missing input, empty if the method does not weigh tokens.
    places: input -> what the N tokens of each present input stand for.
    cross: direction -> [Q, N] weight of each token of `source` for each query of `to`; empty without cross-attention.
    raw: every map as the method gave it, [R, ...]: gates, experts, edges, heads and layers too.
    valid: [N] bool, which tokens of each present input the raw maps mean.
    missing: inputs the case lacks. replicates: how many were averaged. out_of_fold: none of them had seen the case.
    network_share: how much of the answer is the network's, whose weights these are, mean over replicates; the rest is
    that of the linear part, which has none.
    """

    probabilities: np.ndarray
    spread: np.ndarray
    weights: dict[str, tuple[float, float]] = field(default_factory=dict)
    maps: dict[str, np.ndarray] = field(default_factory=dict)
    map_spread: dict[str, np.ndarray] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)
    cross: dict[Direction, np.ndarray] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    replicates: int = 0
    out_of_fold: bool = True
    inputs: tuple[str, ...] = ()
    raw: AttentionMaps[np.ndarray] = field(default_factory=AttentionMaps)
    valid: dict[str, np.ndarray] = field(default_factory=dict)
    network_share: float = 1.0

    def links(self, *, head: int | None = None, layer: int | None = None) -> dict[tuple[str, str], np.ndarray]:
        """(to, from) -> [N_to, N_from]: what each token of `to` attends to in `from` (see `explain.links`)."""
        return links(self.raw, self.inputs, self.valid, head=head, layer=layer)


def attend(
    fitted: Fitted,
    encoders: Mapping[str, Encoder],
    case: Case,
    tokens: Mapping[str, Tokens] | None = None,
    *,
    replicates: Sequence[int] | None = None,
    out_of_fold: bool = True,
) -> Attention:
    """Run these replicates (all by default) on one case and gather their weights.

    encoders: by input of the method. tokens: raw tokens [1, N, D] per input, encoded here if not given.
    Raises BadInput for a value that cannot be encoded.
    """
    tokens = encode_inputs(fitted.inputs, encoders, case) if tokens is None else tokens
    answer = fitted.run(tokens, replicates)
    here = [name for name in fitted.inputs if bool(tokens[name].mask[0].any())]
    probabilities = answer.probabilities[:, 0]  # [R, K]
    attention = answer.attention.map(lambda values: np.asarray(values, float)[:, 0])

    weights = {}
    if attention.inputs is not None:
        mean, sd = attention.inputs.mean(0), attention.inputs.std(0)
        weights = {name: (float(mean[i]), float(sd[i])) for i, name in enumerate(fitted.inputs)}
    valid = {name: answer.masks[name][0].astype(bool) for name in here}
    maps = {name: attention.tokens[name][:, valid[name]] for name in here if name in attention.tokens}
    return Attention(
        probabilities=probabilities.mean(0),
        spread=probabilities.std(0),
        weights=weights,
        maps={name: values.mean(0) for name, values in maps.items()},
        map_spread={name: values.std(0) for name, values in maps.items()},
        places={name: encoders[name].places(case.values[name]) for name in here if name in case.values},
        cross={
            direction: values.mean(0)[:, valid[direction.source]]
            for direction, values in attention.cross.items()
            if direction.to in here and direction.source in here
        },
        missing=tuple(name for name in fitted.inputs if name not in here),
        replicates=len(probabilities),
        out_of_fold=out_of_fold,
        inputs=fitted.inputs,
        raw=attention,
        valid=valid,
        network_share=network_share(fitted, replicates),
    )


def network_share(fitted: Fitted, replicates: Sequence[int] | None = None) -> float:
    """How much of the answer of these replicates (all by default) is the network's, on average."""
    chosen = range(len(fitted.replicates)) if replicates is None else replicates
    return float(np.mean([fitted.network_share[fitted.replicates[i][0]] for i in chosen]))


def encode_inputs(inputs: Sequence[str], encoders: Mapping[str, Encoder], case: Case) -> dict[str, Tokens]:
    """Raw tokens [1, N, D] of every input; what the case lacks has a mask all False. Raises BadInput."""
    return {name: encode_case(encoders[name], case.values.get(name)) for name in inputs}
