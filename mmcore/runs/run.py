"""A finished run, read from its folder: numbers at once, predictions and weights when asked for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from mmcore.base import json_files
from mmcore.base.errors import BadInput, MMError
from mmcore.base.settings import _
from mmcore.evaluation import Interval, scores
from mmcore.evaluation.intervals import VERSION as EVALUATION
from mmcore.runs.run_spec import RunSpec, is_single_input
from mmcore.training import Fitted, learnt_module

_MANIFEST = "manifest.json"
_SEALED = (".json", ".safetensors", ".npz")  # files that the manifest must name


@dataclass(frozen=True)
class RunSummary:
    """One line about a run, from the index. metric, mean, low, high: the one methods are compared by.

    evaluation: version of what it was measured with.
    """

    key: str
    cohort: str
    cohort_key: str
    method: str
    fusion: str
    inputs: tuple[str, ...]
    task: str
    metric: str
    mean: float
    low: float
    high: float
    folds: int
    seeds: int
    split: str
    parameters: int
    seconds: float
    created: float
    evaluation: int = EVALUATION

    @property
    def single_input(self) -> bool:
        """As of its spec."""
        return is_single_input(self.fusion, self.inputs)


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """What is scored of a run: target [N], outputs [S, N, K] of models that had not seen the case, groups [N]."""

    target: np.ndarray
    outputs: np.ndarray
    groups: np.ndarray | None


class Run:
    """A finished run; numbers are read now, predictions and weights when asked for.

    spec, key, folder; created: seconds since 1970; metrics: {METRIC: Interval}; parameters: trained weights of one
    replicate; seconds: what all replicates took when they ran; cases: how many were scored; versions: of the packages
    it ran with; cached: whether it was found rather than trained; ranges: column of numbers -> where nearly all of its
    cells lay in training ; recordings: signal input -> how far its recordings swing, and their
    rate, see `recording_facts` (both empty for runs of earlier versions).
    """

    def __init__(self, folder: Path, *, cached: bool = True) -> None:
        """Raises OSError, ValueError or KeyError if the folder holds no whole run."""
        self.folder, self.cached = Path(folder), cached
        self.spec = RunSpec.model_validate({"version": 1, **json_files.read(self.folder / "spec.json")})
        facts = json_files.read(self.folder / "metrics.json")
        self.created, self.parameters, self.seconds, self.cases = (
            facts["created"],
            facts["parameters"],
            facts["seconds"],
            facts["cases"],
        )
        self.versions: dict[str, str] = facts["versions"]
        self._stored = {name: Interval.read(row) for name, row in facts["metrics"].items()}
        self._evaluation = facts.get("evaluation")
        self.ranges = {name: (float(low), float(high)) for name, (low, high) in facts.get("ranges", {}).items()}
        self.recordings: dict[str, dict[str, Any]] = facts.get("recordings", {})

    @cached_property
    def metrics(self) -> dict[str, Interval]:
        """By name. Those that an earlier version measured are measured anew, unless the cases are not here."""
        if self._evaluation == EVALUATION or self.outputs is None or self.target is None:
            return self._stored
        cases = self.out_of_fold
        return scores(self.spec.task, cases.target, cases.outputs, cases.groups, folds=self.spec.folds)

    @property
    def key(self) -> str:
        return self.spec.key

    @property
    def method(self) -> str:
        return self.spec.method

    @cached_property
    def _arrays(self) -> dict[str, np.ndarray]:
        with np.load(self.folder / "predictions.npz", allow_pickle=False) as file:
            return {name: file[name] for name in file.files}

    @property
    def ids(self) -> list[str]:
        """Ids of the N cases of the cohort, in the order of every array of the run. Empty in an exported run."""
        return self._arrays["ids"].tolist() if "ids" in self._arrays else []

    @property
    def target(self) -> np.ndarray | None:
        """[N] class index (-1 unlabelled), or value for regression (NaN unlabelled). None in an exported run."""
        return self._arrays.get("target")

    @property
    def groups(self) -> np.ndarray | None:
        """[N] str or None: a number for each group, in the order of their names."""
        return self._arrays.get("groups")

    @property
    def outputs(self) -> np.ndarray | None:
        """[S, N, K] out-of-fold probabilities (regression: values [S, N, 1]), NaN for cases in no test fold.

        None in an exported run.
        """
        return self._arrays.get("outputs")

    @property
    def out_of_fold(self) -> OutOfFold:
        """Target, outputs and groups of the cohort's cases. Raises BadInput for an exported run, which holds none."""
        if self.target is None or self.outputs is None:
            raise BadInput(
                _("Run {key} was exported without its cases.").format(key=self.key[:8]),
                _("Use the run in the folder where it was trained."),
            )
        return OutOfFold(self.target, self.outputs, self.groups)

    @cached_property
    def linear_outputs(self) -> np.ndarray | None:
        """[1, N, K] out of fold, of the method's linear part alone, which only adds up what each input tells.

        None where it has none, or in an exported run.
        """
        outputs = self._outputs_of_part("linear_outputs")
        return None if outputs is None else outputs[None]

    @cached_property
    def network_outputs(self) -> np.ndarray | None:
        """[S, N, K] out of fold, of the method's networks alone. None in an exported run, or where none were kept."""
        return self._outputs_of_part("network_outputs")

    @cached_property
    def network_share(self) -> float:
        """How much of the answers is the networks', mean over folds; the rest is the linear part's."""
        shares = json_files.read(self.folder / "fitted.json").get("network_share") or [1.0]
        return float(np.mean(shares))

    def _outputs_of_part(self, name: str) -> np.ndarray | None:
        try:
            with safe_open(self.folder / "weights.safetensors", "np") as tensors:
                outputs: np.ndarray = tensors.get_tensor(name)
        except (SafetensorError, OSError):  # trained by an earlier version
            return None
        tested = self.fold_of >= 0
        whole = outputs.shape[-2] == len(tested) and tested.any() and bool(np.isfinite(outputs[..., tested, :]).all())
        return outputs if whole else None

    @property
    def fold_of(self) -> np.ndarray:
        """[N] the fold each case was tested in, -1 in none."""
        return self._arrays["fold_of"]

    @property
    def digests(self) -> np.ndarray:
        """[N] digest of the content of each case, by which a case is known again whatever its id."""
        return self._arrays["digests"]

    @cached_property
    def fitted(self) -> Fitted:
        """Weights of all replicates, loaded on first use. Raises BadInput if they are damaged."""
        modules = {
            name: learnt_module(encoder) for name, encoder in self.spec.make_encoders().items() if encoder.trains_in_run
        }
        try:
            return Fitted.load(self.folder, modules=modules)
        except MMError as error:
            raise BadInput(
                _("The weights of run {key} cannot be read.").format(key=self.key), _("Train it again.")
            ) from error

    def summary(self) -> RunSummary:
        spec, chief = self.spec, self.metrics[self.spec.metric]
        return RunSummary(
            spec.key,
            spec.cohort,
            spec.cohort_key,
            spec.method,
            spec.fusion,
            spec.inputs,
            spec.task,
            spec.metric,
            chief.mean,
            chief.low,
            chief.high,
            spec.folds,
            spec.seeds,
            spec.split,
            self.parameters,
            self.seconds,
            self.created,
        )

    def __reduce__(self) -> tuple[type[Run], tuple[Path]]:
        return Run, (self.folder,)


def open_folder(folder: str | Path) -> Run:
    """A run from an exported folder. Raises BadInput if there is none."""
    run = whole(Path(folder))
    if run is None:
        raise BadInput(
            _("{folder} holds no run, or a damaged one.").format(folder=folder),
            _("Give a folder with an exported run, or export the run again."),
        )
    return run


def seal(folder: Path) -> None:
    """Write the manifest, last of all files: a folder without it, or that differs from it, counts as absent."""
    json_files.write(
        folder / _MANIFEST,
        {str(path.relative_to(folder)): _digest(path) for path in sorted(folder.rglob("*")) if path.is_file()},
    )


def whole(folder: Path) -> Run | None:
    """The run in this folder, or None if anything of it is missing or differs from its manifest."""
    try:
        manifest = json_files.read(folder / _MANIFEST)
        there = {file.name for file in folder.iterdir() if file.suffix in _SEALED} - {_MANIFEST}
        if not {"spec.json", "metrics.json"} <= there <= manifest.keys():
            return None
        if any(_digest(folder / name) != digest for name, digest in manifest.items()):
            return None
        return Run(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
