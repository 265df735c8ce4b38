"""A trained method: all replicates with their weights, out-of-fold outputs and history; saved without pickle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from mmcore.base.errors import BadInput, MMError
from mmcore.base.settings import _
from mmcore.base.values import Tokens
from mmcore.fusion.attention_maps import AttentionMaps, joined
from mmcore.fusion.base import fusions
from mmcore.fusion.layers import filled
from mmcore.training.linear_expert import LinearPart, below
from mmcore.training.model import Model, build
from mmcore.training.normalise import Normaliser
from mmcore.training.panel import Panel
from mmcore.training.recalibration import Recalibration, read_recalibration
from mmcore.training.replicate_module import Pipeline
from mmcore.training.tasks import Task
from mmcore.training.training_spec import TrainingSpec

_CASES = 256  # cases answered at a time, fewer if their tokens hold more numbers than this:
_NUMBERS = 32_000_000


@dataclass(frozen=True, eq=False)
class Output:
    """probabilities: [R, B, K] (regression: values [R, B, 1]). attention: maps [R, B, ...].

    masks: by input, [B, N] which of the tokens that maps speak of are valid (those that leave a learnt encoder part).
    """

    probabilities: np.ndarray
    attention: AttentionMaps[np.ndarray]
    masks: dict[str, np.ndarray]


@dataclass(eq=False)
class Fitted:
    """All replicates of one method.

    outputs: [S, N, K] out-of-fold predictions, nan where a case is in no test fold. replicates: (fold, seed) in the
    order of the leading dimension of `weights`. fold_of: [N], -1 = in no test fold. normalisers: by input, per fold.
    standards: per fold, what `Task.standards` reads off the training target. modules: how learnt encoder parts are
    made, by input; set it after `load` if there are any. linear: the linear part per fold, or None; network_share: how
    much of a fold's answers is the network's, the rest being the linear part's (1 where there is none).
    network_outputs: as `outputs`, of the networks alone. linear_outputs: [N, K], of the linear part alone, nan where
    there is none. recalibrations: per fold, what puts its probabilities right, or None. thresholds: per fold, at which
    probability each of several labels is called [L], of survival the horizons [H], or None for other tasks.
    """

    fusion: str
    fusion_options: dict
    inputs: tuple[str, ...]
    task: Task
    training: TrainingSpec
    outputs: np.ndarray
    history: pd.DataFrame
    parameters: int
    seconds: float
    mode: str
    replicates: list[tuple[int, int]]
    fold_of: np.ndarray
    weights: dict[str, Tensor]
    normalisers: list[dict[str, Normaliser]]
    standards: list[tuple[float, ...]]
    learnt: tuple[str, ...] = ()
    modules: Mapping[str, Callable[[], nn.Module]] = field(default_factory=dict)
    linear: list[LinearPart | None] = field(default_factory=list)
    network_share: list[float] = field(default_factory=list)
    network_outputs: np.ndarray = field(default_factory=lambda: np.empty(0))
    linear_outputs: np.ndarray = field(default_factory=lambda: np.empty(0))
    recalibrations: list[Recalibration | None] = field(default_factory=list)
    thresholds: list[np.ndarray | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Runs trained before there was a linear part are their networks alone."""
        if not self.network_share:
            self.linear, self.network_share = [None] * len(self.normalisers), [1.0] * len(self.normalisers)
        if not self.network_outputs.size:
            self.network_outputs = self.outputs
        if not self.linear_outputs.size:
            self.linear_outputs = np.full(self.outputs.shape[1:], np.nan, np.float32)
        if not self.recalibrations:
            self.recalibrations = [None] * len(self.normalisers)

    @property
    def called_at(self) -> np.ndarray:
        """[L] at which probability each of several labels is called for a new case: the mean over folds."""
        given = [each for each in self.thresholds if each is not None]
        return np.mean(given, 0) if given else np.full(self.task.columns, 0.5)

    def pipeline(self, replicate: int) -> Pipeline:
        """One replicate as a module on raw tokens, for attribution."""
        state = {name: value[replicate] for name, value in self.weights.items()}
        fold = self.replicates[replicate][0]
        model = cast(Model, filled(self._blank(), state))
        return Pipeline(self.normalisers[fold], model, self.linear[fold], self.network_share[fold])

    def panel(self, replicates: Sequence[int] | None = None) -> Panel:
        """Replicates (all by default) that are asked together. Raises BadInput for an empty choice."""
        chosen = list(range(len(self.replicates))) if replicates is None else list(replicates)
        if not chosen:
            raise BadInput(_("No trained model of the run was chosen."), _("Choose at least one."))
        folds = [self.replicates[i][0] for i in chosen]
        pipelines, standards = [self.pipeline(i) for i in chosen], [self.standards[fold] for fold in folds]
        corrections = [self.recalibrations[fold] for fold in folds]
        return Panel(self.fusion, self.task, pipelines, folds, standards, self.learnt, chosen, corrections)

    @torch.no_grad()
    def run(self, tokens: Mapping[str, Tokens], replicates: Sequence[int] | None = None) -> Output:
        """What these replicates (all by default) predict. tokens: raw, values [B, N, D], mask [B, N] per input.

        Raises BadInput if an input is absent from `tokens` (a missing input is one whose mask is all False).
        """
        self._check(tokens)
        chosen = list(range(len(self.replicates))) if replicates is None else list(replicates)
        count = len(next(iter(tokens.values())).mask)
        largest = max(tokens[name].values[:1].numel() for name in self.inputs)
        step = max(1, min(_CASES, _NUMBERS // max(largest, 1)))
        portions = [{n: _cut(tokens[n], i, step) for n in self.inputs} for i in range(0, count, step)]
        probabilities: list[np.ndarray] = [np.empty(0)] * len(chosen)
        maps: list[AttentionMaps[np.ndarray]] = [AttentionMaps()] * len(chosen)
        masks: dict[str, np.ndarray] = {}
        for fold in sorted({self.replicates[i][0] for i in chosen}):
            at = [j for j, i in enumerate(chosen) if self.replicates[i][0] == fold]
            panel = self.panel([chosen[j] for j in at])
            readings = [panel.read(portion) for portion in portions]
            answers = [reading.answer() for reading in readings]
            masks = {n: np.concatenate([reading.masks[n] for reading in readings]) for n in self.inputs}
            outputs = panel.activate(torch.cat([outputs for outputs, _attention in answers], 1)).numpy()
            for k, j in enumerate(at):
                probabilities[j] = outputs[k]
                own = [attention.map(itemgetter(k)) for _outputs, attention in answers]
                maps[j] = joined(own, np.concatenate)
        return Output(np.stack(probabilities), joined(maps, np.stack), masks)

    def _blank(self) -> Model:
        """The model without its weights."""
        absent = [name for name in self.learnt if name not in self.modules]
        if absent:
            raise BadInput(
                _("The learnt encoder part of {inputs} is not available.").format(inputs=", ".join(absent)),
                _("Set `fitted.modules` to how the run's encoders make it (encoder.module)."),
            )
        dims = {name: normalise.dims for name, normalise in self.normalisers[0].items()}
        part = fusions.usable(self.fusion)
        return build(
            dims,
            lambda: part(self.inputs, self.training.width, **self.fusion_options),
            self.task.outputs,
            {name: self.modules[name] for name in self.learnt},
        )

    def _check(self, tokens: Mapping[str, Tokens]) -> None:
        absent = [name for name in self.inputs if name not in tokens]
        if absent:
            raise BadInput(
                _("The run needs the inputs {needed}; there is nothing for {absent}.").format(
                    needed=", ".join(self.inputs), absent=", ".join(absent)
                ),
                _("Give a missing input as tokens whose mask is all False."),
            )
        for name in self.inputs:
            width, expected = tokens[name].values.shape[-1], self.normalisers[0][name].inside
            if width != expected:
                raise BadInput(
                    _("Tokens of '{input}' are {width} wide; the run was trained on {expected}.").format(
                        input=name, width=width, expected=expected
                    ),
                    _("Encode the input with the encoder the run was trained with."),
                )

    def save(self, folder: str | Path) -> None:
        """Write weights.safetensors, fitted.json and history.json into `folder`, which is made."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {f"model/{name}": value for name, value in self.weights.items()}
        for fold, normalisers in enumerate(self.normalisers):
            for i, name in enumerate(self.inputs):
                tensors |= {f"normal/{fold}/{i}/{part}": value for part, value in normalisers[name].state().items()}
        for fold, linear in enumerate(self.linear):
            if linear is not None:
                state = linear.state({name: self.normalisers[fold][name] for name in self.inputs})
                tensors |= {f"linear/{fold}/{name}": value for name, value in state.items()}
        for name in ("outputs", "fold_of", "network_outputs", "linear_outputs"):
            tensors[name] = torch.from_numpy(getattr(self, name))
        save_file({name: value.contiguous().clone() for name, value in tensors.items()}, folder / "weights.safetensors")
        facts = {
            "fusion": self.fusion,
            "fusion_options": self.fusion_options,
            "inputs": list(self.inputs),
            "task": self.task.model_dump(),
            "training": self.training.model_dump(),
            "parameters": self.parameters,
            "seconds": self.seconds,
            "mode": self.mode,
            "replicates": [list(pair) for pair in self.replicates],
            "standards": [list(pair) for pair in self.standards],
            "learnt": list(self.learnt),
            "network_share": self.network_share,
            "recalibrations": [None if each is None else each.document() for each in self.recalibrations],
            "thresholds": [None if each is None else each.tolist() for each in self.thresholds],
            "levels": [{name: n.level for name, n in each.items()} for each in self.normalisers],
        }
        (folder / "fitted.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        self.history.to_json(folder / "history.json", orient="columns", double_precision=15)

    @classmethod
    def load(cls, folder: str | Path, modules: Mapping[str, Callable[[], nn.Module]] | None = None) -> Fitted:
        """Read what `save` wrote. Raises MMError if it is not there or damaged."""
        folder = Path(folder)
        try:
            facts = json.loads((folder / "fitted.json").read_text(encoding="utf-8"))
            tensors = load_file(folder / "weights.safetensors")
            history = pd.read_json(folder / "history.json", orient="columns")
            return cls._from(facts, tensors, history, modules or {})
        except (OSError, ValueError, KeyError) as error:
            raise MMError(
                _("No trained method can be read from {folder}: {reason}").format(folder=folder, reason=error)
            ) from error

    @classmethod
    def _from(cls, facts: dict, tensors: dict[str, Tensor], history: pd.DataFrame, modules: Mapping) -> Fitted:
        normalisers = []
        for fold, levels in enumerate(facts.pop("levels")):
            parts = {name: below(tensors, f"normal/{fold}/{i}/") for i, name in enumerate(facts["inputs"])}
            normalisers.append({name: Normaliser.restore(levels[name], part) for name, part in parts.items()})
        ordered = [{name: each[name] for name in facts["inputs"]} for each in normalisers]
        linear = [_linear(below(tensors, f"linear/{fold}/"), each) for fold, each in enumerate(ordered)]
        return cls(
            fusion=facts["fusion"],
            fusion_options=facts["fusion_options"],
            inputs=tuple(facts["inputs"]),
            task=Task(**facts["task"]),
            training=TrainingSpec(**facts["training"]),
            outputs=tensors["outputs"].numpy(),
            history=history,
            parameters=facts["parameters"],
            seconds=facts["seconds"],
            mode=facts["mode"],
            replicates=[tuple(pair) for pair in facts["replicates"]],
            fold_of=tensors["fold_of"].numpy(),
            weights=below(tensors, "model/"),
            normalisers=normalisers,
            standards=[tuple(pair) for pair in facts["standards"]],
            learnt=tuple(facts["learnt"]),
            modules=modules,
            linear=linear,
            network_share=facts.get("network_share", [1.0] * len(normalisers)),
            recalibrations=[
                None if each is None else read_recalibration(each)
                for each in facts.get("recalibrations", [None] * len(normalisers))
            ],
            thresholds=[None if each is None else np.array(each) for each in facts.get("thresholds", [])],
            network_outputs=tensors["network_outputs"].numpy() if "network_outputs" in tensors else np.empty(0),
            linear_outputs=tensors["linear_outputs"].numpy() if "linear_outputs" in tensors else np.empty(0),
        )


def _linear(state: Mapping[str, Tensor], normalisers: Mapping[str, Normaliser]) -> LinearPart | None:
    return LinearPart.restore(state, normalisers) if state else None


def _cut(tokens: Tokens, start: int, count: int) -> Tokens:
    return Tokens(tokens.values[start : start + count], tokens.mask[start : start + count])
