"""A table row as the leaves it falls into: boosted trees, grown on the training fold, as a source of features."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import numpy as np
import torch
from torch import Tensor

from mmcore.base.errors import BadInput
from mmcore.base.registry import Range
from mmcore.base.settings import N_, _
from mmcore.base.values import InputSpec, Tokens
from mmcore.encoders.base import encoders
from mmcore.encoders.fitting import Encoded, FoldPart, fold_parts
from mmcore.encoders.table.standardised import Standardised, missing, present_numbers

_RATE, _SHARE = 0.1, 0.5  # what a tree adds, and the share of cases it is grown on


@encoders.register("boosted_leaves")
class BoostedLeaves(Standardised):
    """Boosted trees: the leaf a row falls into, tree by tree.

    Gradient boosting grows shallow trees on the target of the training fold; each tree then says in which of its leaves
    a row lies, as a one-hot. Missing numbers go their own way at any split. To keep the trees from learning their own
    cases by heart they are few and shallow, each grown on half of the cases, with leaves of a fortieth of them or more.

    What stops the training early is judged by cases the trees have not seen; all seeds of a fold then share these.

    trees: trees grown, shared out among the classes where there are more than two
    depth: largest number of questions that a tree asks one after another
    """

    citation = "He et al., Practical Lessons from Predicting Clicks on Ads at Facebook, ADKDD 2014"
    licence = N_("own implementation; trees of scikit-learn (BSD-3-Clause)")
    trained_on = N_("the training fold of the run it is part of")
    supervised = True

    def __init__(
        self, spec: InputSpec, *, trees: Annotated[int, Range(4, 200)] = 30, depth: Annotated[int, Range(1, 5)] = 2
    ) -> None:
        super().__init__(spec)
        self.trees, self.depth = trees, depth

    def identity(self) -> str:
        # The rows on disk are the same, whatever trees read them.
        return Standardised(self.spec).identity()

    def fit(self, features: Encoded, rows: np.ndarray, target: np.ndarray | None) -> FoldPart:
        """Trees grown on these rows. Raises BadInput where there is no target."""
        if target is None:
            raise BadInput(
                _("Boosted trees cannot be grown without a target."), _("Choose 'columns' or 'standardised' instead.")
            )
        classes = np.issubdtype(np.asarray(target).dtype, np.integer)
        target = np.asarray(target, float)
        labelled = (target >= 0) if classes else np.isfinite(target)
        rows = np.asarray(rows)
        rows = rows[(features.counts[rows] > 0) & labelled[rows]]
        count = int(target.max()) + 1 if classes else 2
        each = count if count > 2 else 1  # trees of a round
        rounds = max(4, self.trees // each)
        if len(rows) < 4 or len(set(target[rows])) < 2:
            return Leaves.none(self.dims, rounds * each, self.depth, self.flags())
        values, present = present_numbers(features, rows, self.flags())
        stand_in = _below(values, present)
        forest = _grown(torch.where(present, values, stand_in).numpy(), target[rows], classes, rounds, self.depth)
        return Leaves.of(forest, rounds * each, self.depth, stand_in, self.flags())


@fold_parts.register("leaves")
class Leaves(FoldPart):
    """Rows [B, 1, W] -> one-hot of the leaves they fall into [B, 1, T * 2**depth].

    For T trees of up to M nodes: feature, threshold, left, right [T, M] (a leaf leads to itself); rank [T, M] a leaf's
    number in its tree. stand_in, flags [W]: what a missing number is read as, see `standardised.Filled`.
    """

    NAMES = ("feature", "threshold", "left", "right", "rank", "stand_in", "flags")

    def __init__(self, **state: Tensor) -> None:
        self._state = {name: state[name] for name in self.NAMES}

    @classmethod
    def none(cls, width: int, trees: int, depth: int, flags: Tensor) -> Leaves:
        """Trees of one leaf each, where there was nothing to grow them on."""
        return cls(**_empty(trees, depth), stand_in=torch.zeros(width), flags=flags)

    @classmethod
    def of(cls, forest: Iterable[Any], trees: int, depth: int, stand_in: Tensor, flags: Tensor) -> Leaves:
        """forest: trees of scikit-learn; at least so many trees are kept room for, so that all folds are as wide."""
        state = _empty(trees, depth)
        for i, tree in enumerate(forest):
            leaf = tree.children_left < 0
            own, count = np.arange(tree.node_count), tree.node_count
            state["feature"][i, :count] = torch.from_numpy(np.where(leaf, 0, tree.feature))
            state["threshold"][i, :count] = torch.from_numpy(tree.threshold)
            state["left"][i, :count] = torch.from_numpy(np.where(leaf, own, tree.children_left))
            state["right"][i, :count] = torch.from_numpy(np.where(leaf, own, tree.children_right))
            state["rank"][i, :count] = torch.from_numpy(np.cumsum(leaf) - 1)
        return cls(**state, stand_in=stand_in, flags=flags)

    @property
    def depth(self) -> int:
        return (self._state["feature"].shape[1] + 1).bit_length() - 2

    @property
    def dims(self) -> int:
        return len(self._state["feature"]) * 2**self.depth

    def __call__(self, tokens: Tokens) -> Tokens:
        ranks = self._state["rank"].to(tokens.values.device)
        nodes = self.nodes(tokens.values[..., 0, :])  # [..., B, T]
        rank = ranks.expand(*nodes.shape, -1).gather(-1, nodes.unsqueeze(-1)).squeeze(-1)
        hot = torch.nn.functional.one_hot(rank, 2**self.depth).flatten(-2).to(tokens.values)
        return Tokens(hot.unsqueeze(-2) * tokens.mask.unsqueeze(-1), tokens.mask)

    def nodes(self, values: Tensor) -> Tensor:
        """The node each row [..., W] ends in, tree by tree: [..., T], numbered as scikit-learn does."""
        state = {name: value.to(values.device) for name, value in self._state.items()}
        values = torch.where(missing(values, state["flags"]), state["stand_in"].to(values), values)
        trees = torch.arange(len(state["feature"]), device=values.device)
        node = torch.zeros(*values.shape[:-1], len(trees), dtype=torch.long, device=values.device)
        for _level in range(self.depth):
            values_read = values.gather(-1, state["feature"][trees, node]).double()
            goes_left = values_read <= state["threshold"][trees, node]
            node = torch.where(goes_left, state["left"][trees, node], state["right"][trees, node])
        return node

    def state(self) -> dict[str, Tensor]:
        return dict(self._state)

    @classmethod
    def restore(cls, state: Mapping[str, Tensor]) -> Leaves:
        return cls(**state)


def _below(values: Tensor, present: Tensor) -> Tensor:
    """[W] a number well below all known ones of each column, so that a split can set missing ones apart; else 0."""
    least = torch.where(present, values, torch.inf).amin(0)
    most = torch.where(present, values, -torch.inf).amax(0)
    return torch.where(present.any(0), least - (most - least) - 1, 0.0)


def _grown(values: np.ndarray, target: np.ndarray, classes: bool, rounds: int, depth: int) -> list:
    """Trees of scikit-learn, round by round."""
    from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

    made = GradientBoostingClassifier if classes else GradientBoostingRegressor
    forest = made(
        n_estimators=rounds,
        learning_rate=_RATE,
        max_depth=depth,
        subsample=_SHARE if len(target) >= 40 else 1.0,
        min_samples_leaf=max(2, len(target) // 40),
        random_state=0,
    )
    forest.fit(values, target.astype(int) if classes else target)
    return [tree.tree_ for tree in forest.estimators_.ravel()]


def _empty(trees: int, depth: int) -> dict[str, Tensor]:
    """Trees that are a single leaf, with room for all nodes of that depth."""
    nodes = 2 ** (depth + 1) - 1
    own = torch.arange(nodes).expand(trees, nodes).clone()
    zeros = torch.zeros(trees, nodes, dtype=torch.long)
    return {
        "feature": zeros.clone(),
        "threshold": torch.zeros(trees, nodes, dtype=torch.float64),
        "left": own,
        "right": own.clone(),
        "rank": zeros,
    }
