"""The forward path through trained replicates, and many questions at once: what if these tokens were not there?

Legend: R replicates, B cases, V variants of a case, N tokens, M inputs, C width of a token as the model reads it,
O outputs, K numbers reported. Tokens are normalised, read by learnt parts and projected once; variants differ only in
which tokens are there.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps, joined
from mmcore.fusion.base import Fused, fusions
from mmcore.fusion.layers import stack
from mmcore.training.blend import blended
from mmcore.training.input_reading import InputReader, InputReading, pooled_parts
from mmcore.training.model import Model
from mmcore.training.recalibration import Recalibration
from mmcore.training.replicate_module import Pipeline
from mmcore.training.tasks import Task

_NUMBERS = 6_000_000  # float32 numbers of tokens worked on at once


class Panel:
    """Replicates of a method that are asked together; made once, used for many cases and from several threads.

    pipelines: one for each replicate; folds: the fold of each. standards: of the target on the training part of
    each one's fold (see `Task.standards`). learnt: inputs with a learnt encoder part. recalibrations: what puts the
    probabilities of each right, if anything does. See `Fitted.panel`.
    """

    recalibrations: Sequence[Recalibration | None] = ()

    def __init__(
        self,
        fusion: str,
        task: Task,
        pipelines: Sequence[Pipeline],
        folds: Sequence[int],
        standards: Sequence[tuple[float, ...]],
        learnt: Sequence[str] = (),
        replicates: Sequence[int] = (),
        recalibrations: Sequence[Recalibration | None] = (),
    ) -> None:
        self.task, self.pipelines, self.folds = task, list(pipelines), list(folds)
        self.inputs, self.replicates = self.pipelines[0].model.inputs, list(replicates)
        self.recalibrations = list(recalibrations)
        self.pooled = fusions[fusion].reads == "vectors"
        self.stacked = fusions[fusion].stackable
        deciders = [_without(p.model, "learnt") for p in pipelines]
        self._models = [cast(Model, stack(deciders).eval())] if self.stacked else deciders
        self._bare = [_without(model, "projections") for model in self._models]
        self.standards = torch.tensor(list(standards)).unbind(-1)  # [R] each
        nothing = torch.zeros(task.outputs)
        self.bias = torch.stack([nothing if p.linear is None else p.linear.bias for p in self.pipelines])  # [R, O]
        self.network_share = torch.tensor([p.network_share for p in self.pipelines]).view(-1, 1, 1)
        self.readers = {name: self._reader(i, name in learnt) for i, name in enumerate(self.inputs)}

    def _reader(self, i: int, learnt: bool) -> InputReader:
        name = self.inputs[i]
        one_vector = not learnt and self.pipelines[0].normalisers[name].level == "vectors"
        return InputReader(
            self.folds,
            [p.normalisers[name] for p in self.pipelines],
            [p.model.learnt[i] for p in self.pipelines] if learnt else None,
            [None if p.linear is None else p.linear.inputs.get(name) for p in self.pipelines],
            self.pooled or one_vector,
            lambda tokens: self._project(i, tokens),
            self.task.outputs,
        )

    @property
    def has_linear(self) -> bool:
        """Whether there is a linear part beside the networks."""
        return any(pipeline.linear is not None for pipeline in self.pipelines)

    def __len__(self) -> int:
        return len(self.pipelines)

    def read(self, tokens: Mapping[str, Tokens]) -> PanelReading:
        """What the replicates read of B cases. tokens: raw, values [B, N, D] and mask [B, N] of every input."""
        with torch.no_grad():
            return PanelReading(self, {name: reader.read(tokens[name]) for name, reader in self.readers.items()})

    def decide(self, parts: Mapping[str, Tensor], masks: Mapping[str, Tensor]) -> Tensor:
        """Outputs [R, B, O] of cases given by the parts of their tokens [R, B, N, C + O] (see `InputReading.parts`).

        masks: [B, N]. Differentiable.
        """
        tokens, linear = {}, []
        for name, combined in parts.items():
            values, shares = combined[..., : -self.task.outputs], combined[..., -self.task.outputs :]
            linear.append(shares.sum(-2))
            whole = Tokens(values, masks[name].expand(values.shape[:-1]))
            tokens[name] = pooled_parts(values, masks[name]) if self.readers[name].pooled else whole
        return self._blended(self._outputs(tokens, self._models)[0], linear)

    def outputs(self, projected: Mapping[str, Tokens], linear: Sequence[Tensor]) -> tuple[Tensor, Fused]:
        """Outputs [R, B, O] and what the fusion gives, of tokens in the common space [R, B, L, W].

        linear: what each input adds to the linear part [R, B, O].
        """
        outputs, fused = self._outputs(projected, self._bare)
        return self._blended(outputs, linear), fused

    def _blended(self, network: Tensor, linear: Sequence[Tensor]) -> Tensor:
        if not self.has_linear:
            return network
        whole = torch.stack(list(linear)).sum(0) + self.bias.unsqueeze(1)
        return blended(network, whole, self.network_share)

    def _outputs(self, tokens: Mapping[str, Tokens], models: Sequence[Model]) -> tuple[Tensor, Fused]:
        if self.stacked:
            answer = models[0](tokens)
            return answer.outputs, answer.fused
        answers = [model({n: Tokens(t.values[i], t.mask[i]) for n, t in tokens.items()})
                   for i, model in enumerate(models)]  # fmt: skip
        attention = joined([answer.fused.attention for answer in answers], torch.stack)
        vector = torch.stack([a.fused.vector for a in answers])
        return torch.stack([a.outputs for a in answers]), Fused(vector, attention)

    def _project(self, i: int, tokens: Tokens) -> Tokens:
        """Tokens [R, B, N, C] of one input in the common space [R, B, N, W]."""
        if self.stacked:
            return self._models[0].projections[i](tokens)
        values = [model.projections[i](Tokens(tokens.values[r], tokens.mask[r])).values
                  for r, model in enumerate(self._models)]  # fmt: skip
        return Tokens(torch.stack(values), tokens.mask)

    def activate(self, outputs: Tensor) -> Tensor:
        """Outputs [R, ..., O] -> probabilities [R, ..., K]; for regression values in the target's unit."""
        spare = (1,) * (outputs.dim() - 1)
        values = self.task.activate(outputs, *(each.reshape(-1, *spare) for each in self.standards))
        if not any(self.recalibrations):
            return values
        right = [
            own if correct is None else torch.from_numpy(correct(own.detach().numpy())).to(own.dtype)
            for own, correct in zip(values, self.recalibrations, strict=True)
        ]
        return torch.stack(right)

    def score(self, outputs: Tensor, chosen: Tensor) -> Tensor:
        """What explanations explain, [R, ...]: log-odds of the chosen class or label [...], the value for regression,
        or for survival the log of the relative hazard."""
        if self.task.name == "survival":
            return outputs.squeeze(-1)
        if self.task.name == "regression":
            return self.activate(outputs).squeeze(-1)
        if self.task.name == "multilabel":
            return outputs.gather(-1, chosen.expand(outputs.shape[:-1]).unsqueeze(-1)).squeeze(-1)
        if self.task.name == "binary":
            return outputs.squeeze(-1) * (2 * chosen - 1).to(outputs.dtype)
        own = chosen.expand(outputs.shape[:-1]).unsqueeze(-1)
        others = outputs.scatter(-1, own, -torch.inf)
        return outputs.gather(-1, own).squeeze(-1) - torch.logsumexp(others, -1)


class PanelReading:
    """B cases, read by a panel; asks it about variants in which some tokens are not there."""

    def __init__(self, panel: Panel, inputs: Mapping[str, InputReading]) -> None:
        self.panel, self.inputs = panel, dict(inputs)

    def __len__(self) -> int:
        return len(next(iter(self.inputs.values())).mask)

    def __getitem__(self, rows: slice) -> PanelReading:
        return PanelReading(self.panel, {name: own.cases(rows) for name, own in self.inputs.items()})

    def repeated(self, times: int) -> PanelReading:
        """The first case, that many times."""
        return PanelReading(self.panel, {name: own.cases([0] * times) for name, own in self.inputs.items()})

    def replaced(self, name: str, tokens: Tokens) -> PanelReading:
        """The same cases with other raw tokens [B, N, D] of one input; the other inputs are not read again."""
        with torch.no_grad():
            return PanelReading(self.panel, {**self.inputs, name: self.panel.readers[name].read(tokens)})

    @property
    def masks(self) -> dict[str, np.ndarray]:
        """Which tokens there are, [B, N] bool per input."""
        return {name: own.mask.numpy() for name, own in self.inputs.items()}

    @property
    def size(self) -> int:
        """Numbers of all tokens of one case, as the replicates read them."""
        return sum(own.numbers for own in self.inputs.values())

    def answer(self) -> tuple[Tensor, AttentionMaps[np.ndarray]]:
        """Outputs [R, B, O] for the cases as they are, and attention maps [R, B, ...]."""
        with torch.no_grad():
            outputs, fused = self._answer({name: own.mask[:, None] for name, own in self.inputs.items()})
        return outputs, fused.attention.numpy()

    def chosen(self) -> Tensor:
        """[B] the class predicted by the mean over replicates (of several labels the likeliest); 0 for
        regression, and the number of the horizon that is told for survival."""
        predicted = self.panel.activate(self.answer()[0]).mean(0)
        if self.panel.task.name in ("regression", "survival"):
            return torch.full((len(predicted),), self.panel.task.main_horizon)
        return predicted.argmax(-1)

    def under(self, keep: Mapping[str, np.ndarray | Tensor]) -> Tensor:
        """Outputs [R, B, V, O] for V variants of every case that keep only these tokens, [B, V, N] bool per input.

        Tokens of an input that are not kept count as absent; where none is kept the input is missing.
        """
        masks = {name: torch.as_tensor(keep[name]) & own.mask[:, None] for name, own in self.inputs.items()}
        variants = next(iter(masks.values())).shape[1]
        step = max(1, _NUMBERS // max(self.size * len(self), 1))
        parts = []
        with torch.no_grad():
            for start in range(0, variants, step):
                outputs, _fused = self._answer({name: mask[:, start : start + step] for name, mask in masks.items()})
                parts.append(outputs.unflatten(1, (len(self), -1)))
        return torch.cat(parts, 2)

    def _answer(self, keep: Mapping[str, Tensor]) -> tuple[Tensor, Fused]:
        """Outputs [R, B * V, O] for masks [B, V, N]."""
        projected = {name: self.inputs[name].keeping(mask) for name, mask in keep.items()}
        linear = [self.inputs[name].linear(mask) for name, mask in keep.items()] if self.panel.has_linear else []
        outputs, fused = self.panel.outputs(projected, linear)
        if self.panel.pooled:
            return outputs, fused
        condensed = {n: keep[n].flatten(0, 1) for n, reader in self.panel.readers.items() if reader.pooled}
        return outputs, replace(fused, attention=over_tokens(fused.attention, condensed)) if condensed else fused

    def batches(self, copies: int) -> Iterator[tuple[slice, PanelReading]]:
        """The cases in portions such that `copies` of each fit into memory."""
        step = max(1, _NUMBERS // max(self.size * copies, 1))
        for start in range(0, len(self), step):
            rows = slice(start, min(start + step, len(self)))
            yield rows, self[rows]


def over_tokens(attention: AttentionMaps[Tensor], masks: Mapping[str, Tensor]) -> AttentionMaps[Tensor]:
    """Maps of a method over tokens that was given some inputs as one token: its weight, shared evenly by the tokens
    that it stands for. masks: those inputs' tokens, [B, N]."""

    def shared(name: str, values: Tensor) -> Tensor:
        if name not in masks:
            return values
        mask = masks[name]
        even = mask / mask.sum(-1, keepdim=True).clamp_min(1)
        return values * even.reshape(len(mask), *(1,) * (values.dim() - 3), mask.shape[1])

    return replace(
        attention,
        tokens={name: shared(name, values) for name, values in attention.tokens.items()},
        pools={name: shared(name, values) for name, values in attention.pools.items()},
        cross={way: shared(way.source, values) for way, values in attention.cross.items()},
        cross_heads={way: shared(way.source, values) for way, values in attention.cross_heads.items()},
    )


def _without(model: Model, part: str) -> Model:
    """The same model, sharing its weights, in which this part passes tokens on as they are."""
    bare = copy.copy(model)
    bare._modules = dict(model._modules)
    bare._modules[part] = nn.ModuleList(nn.Identity() for _ in model.inputs)
    return bare
