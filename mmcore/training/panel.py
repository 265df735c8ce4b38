"""Asking a trained method many things about the same cases at once: what if these tokens were not there?

Legend: R replicates, B cases, V variants of a case, N tokens, M inputs, C width of a token as the model reads it,
O outputs. Tokens are normalised, read by learnt parts and projected once; variants differ only in which are kept.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import Tokens
from mmcore.fusion.base import Fused, fusions
from mmcore.fusion.layers import stack
from mmcore.training import Fitted
from mmcore.training.input_reading import Heard, hear, kept
from mmcore.training.model import Model

_NUMBERS = 6_000_000  # float32 numbers of tokens worked on at once


class Panel:
    """Replicates of a method that are asked together; made once, used for many cases and from several threads.

    replicates: rows of `fitted.replicates`, all by default. Raises BadInput for an empty choice.
    """

    def __init__(self, fitted: Fitted, replicates: Sequence[int] | None = None) -> None:
        self.fitted, self.task, self.inputs = fitted, fitted.task, fitted.inputs
        self.replicates = list(range(len(fitted.replicates))) if replicates is None else list(replicates)
        if not self.replicates:
            raise BadInput(_("No replicate was chosen."), _("Choose at least one."))
        pipelines = [fitted.pipeline(i) for i in self.replicates]
        self.pipelines, self.folds = pipelines, [fitted.replicates[i][0] for i in self.replicates]
        self.learnt = {
            name: [p.model.learnt[i] for p in pipelines] for i, name in enumerate(self.inputs) if name in fitted.learnt
        }
        part = fusions[fitted.fusion]
        self.pooled = part.reads == "vectors"
        deciders = [_without(p.model, "learnt") for p in pipelines]
        self._models = [stack(deciders).eval()] if part.stackable else deciders
        self._bare = [_without(model, "projections") for model in self._models]
        standards = torch.tensor([fitted.standards[fold] for fold in self.folds])  # [R, 2]
        self.mean, self.scale = standards[:, 0], standards[:, 1]

    def __len__(self) -> int:
        return len(self.replicates)

    def read(self, tokens: Mapping[str, Tokens]) -> Reading:
        """What the replicates read of B cases. tokens: raw, values [B, N, D] and mask [B, N] of every input."""
        with torch.no_grad():
            return Reading(self, {name: hear(self, name, tokens[name]) for name in self.inputs})

    def decide(self, said: Mapping[str, Tokens], projected: bool = False) -> tuple[Tensor, Fused]:
        """Outputs of the head [R, B, O] and what the fusion says, of tokens as the model reads them [R, B, L, C].

        projected: they are in the common space already. Differentiable.
        """
        models = self._bare if projected else self._models
        wide = {n: Tokens(t.values, t.mask.expand(t.values.shape[:-1])) for n, t in said.items()}
        if len(models) == 1 and models[0].head.weight.dim() == 3:
            answer = models[0](wide)
            return answer.outputs, answer.fused
        answers = [
            model({n: Tokens(t.values[i], t.mask[i]) for n, t in wide.items()}) for i, model in enumerate(models)
        ]
        names = answers[0].fused.attention
        attention = {name: torch.stack([a.fused.attention[name] for a in answers]) for name in names}
        vector = torch.stack([a.fused.vector for a in answers])
        return torch.stack([a.outputs for a in answers]), Fused(vector, attention)

    def project(self, name: str, tokens: Tokens) -> Tokens:
        """Tokens [R, B, N, C] of one input in the common space [R, B, N, W]."""
        i = self.inputs.index(name)
        if len(self._models) == 1 and self._models[0].head.weight.dim() == 3:
            return self._models[0].projections[i](tokens)
        values = [model.projections[i](Tokens(tokens.values[r], tokens.mask[r])).values
                  for r, model in enumerate(self._models)]  # fmt: skip
        return Tokens(torch.stack(values), tokens.mask)

    def activate(self, outputs: Tensor) -> Tensor:
        """Outputs [R, ..., O] -> probabilities [R, ..., K]; for regression values in the target's unit."""
        spare = (1,) * (outputs.dim() - 1)
        return self.task.activate(outputs, self.mean.reshape(-1, *spare), self.scale.reshape(-1, *spare))

    def score(self, outputs: Tensor, chosen: Tensor) -> Tensor:
        """What explanations explain, [R, ...]: log-odds of the chosen class [...], or the value for regression."""
        if self.task.name == "regression":
            return self.activate(outputs).squeeze(-1)
        if self.task.name == "binary":
            return outputs.squeeze(-1) * (2 * chosen - 1).to(outputs.dtype)
        own = chosen.expand(outputs.shape[:-1]).unsqueeze(-1)
        others = outputs.scatter(-1, own, -torch.inf)
        return outputs.gather(-1, own).squeeze(-1) - torch.logsumexp(others, -1)


class Reading:
    """B cases, read by a panel; asks it about variants in which some tokens are not there."""

    def __init__(self, panel: Panel, heard: Mapping[str, Heard]) -> None:
        self.panel, self.heard = panel, dict(heard)

    def __len__(self) -> int:
        return len(next(iter(self.heard.values())).mask)

    def __getitem__(self, rows: slice) -> Reading:
        return Reading(self.panel, {name: one.cases(rows) for name, one in self.heard.items()})

    def repeated(self, times: int) -> Reading:
        """The first case, that many times."""
        return Reading(self.panel, {name: one.cases([0] * times) for name, one in self.heard.items()})

    def replaced(self, name: str, tokens: Tokens) -> Reading:
        """The same cases with other raw tokens [B, N, D] of one input; the other inputs are not read again."""
        with torch.no_grad():
            return Reading(self.panel, {**self.heard, name: hear(self.panel, name, tokens)})

    @property
    def masks(self) -> dict[str, np.ndarray]:
        """Which tokens there are, [B, N] bool per input."""
        return {name: one.mask.numpy() for name, one in self.heard.items()}

    @property
    def size(self) -> int:
        """Numbers of all tokens of one case, as the replicates read them."""
        return sum(one.parts[:, 0].numel() for one in self.heard.values())

    def answer(self) -> tuple[Tensor, dict[str, np.ndarray]]:
        """Outputs of the head [R, B, O] for the cases as they are, and attention maps [R, B, ...] (see Fused)."""
        with torch.no_grad():
            outputs, fused = self.panel.decide(self.said({n: one.mask[:, None] for n, one in self.heard.items()}), True)
        return outputs, {name: values.numpy() for name, values in fused.attention.items()}

    def chosen(self) -> Tensor:
        """[B] the class predicted by the mean over replicates; zeros for regression."""
        said = self.panel.activate(self.answer()[0]).mean(0)
        return torch.zeros(len(said), dtype=torch.long) if self.panel.task.name == "regression" else said.argmax(-1)

    def under(self, keep: Mapping[str, np.ndarray | Tensor]) -> Tensor:
        """Outputs [R, B, V, O] for V variants of every case that keep only these tokens, [B, V, N] bool per input.

        Tokens of an input that are not kept count as absent; where none is kept the input is missing.
        """
        keep = {name: torch.as_tensor(keep[name]) & one.mask[:, None] for name, one in self.heard.items()}
        variants = next(iter(keep.values())).shape[1]
        step = max(1, _NUMBERS // max(self.size * len(self), 1))
        parts = []
        with torch.no_grad():
            for start in range(0, variants, step):
                part = {name: some[:, start : start + step] for name, some in keep.items()}
                outputs, _fused = self.panel.decide(self.said(part), True)
                parts.append(outputs.unflatten(1, (len(self), -1)))
        return torch.cat(parts, 2)

    def said(self, keep: Mapping[str, Tensor]) -> dict[str, Tokens]:
        """Tokens [R, B * V, L, W] of every input in the common space, for masks [B, V, N]."""
        return {name: kept(self.panel, name, self.heard[name], mask) for name, mask in keep.items()}

    def batches(self, copies: int) -> Iterator[tuple[slice, Reading]]:
        """The cases in portions such that `copies` of each fit into memory."""
        step = max(1, _NUMBERS // max(self.size * copies, 1))
        for start in range(0, len(self), step):
            rows = slice(start, min(start + step, len(self)))
            yield rows, self[rows]


def _without(model: Model, part: str) -> Model:
    """The same model, sharing its weights, in which this part passes tokens on as they are."""
    bare = copy.copy(model)
    bare._modules = dict(model._modules)
    bare._modules[part] = nn.ModuleList(nn.Identity() for _ in model.inputs)
    return bare
