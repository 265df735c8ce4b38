"""What if? One case with something changed: only the changed input is encoded again.

Legend: R replicates, K classes, N tokens of an input, V variants.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from mmcore.base.errors import unknown
from mmcore.base.settings import _
from mmcore.base.values import Case, Signal, Tokens, Value
from mmcore.encoders import Encoder
from mmcore.encoders.loading import one_core
from mmcore.explain.attention import encode_inputs
from mmcore.features import encode_case
from mmcore.training import Fitted
from mmcore.training.panel import PanelReading

_REMEMBERED = 64  # edited values whose tokens are kept


@dataclass(frozen=True, eq=False)
class WhatIfAnswer:
    """What the replicates say of a case.

    probabilities, spread: [K] mean and sd over replicates (regression: [1] value in the target's unit). low, high: [K]
    the least and the most that a replicate says. weights: input -> (mean, sd), empty if the method weighs no inputs.
    chosen: the predicted class (0 for regression; of several labels the likeliest; of survival the horizon told).
    called: of several labels those whose probability reaches their threshold, else None. missing: inputs that are
    absent. seconds: what the answer took.
    """

    probabilities: np.ndarray
    spread: np.ndarray
    low: np.ndarray
    high: np.ndarray
    weights: dict[str, tuple[float, float]] = field(default_factory=dict)
    chosen: int = 0
    missing: tuple[str, ...] = ()
    seconds: float = 0.0
    called: frozenset[int] | None = None

    @property
    def decision(self) -> frozenset[int]:
        """What is decided for: the predicted class, or the labels that are called."""
        return frozenset({self.chosen}) if self.called is None else self.called


class WhatIf:
    """A case that may be changed as often as wanted; every question starts from the case as it was.

    `start` is the answer for the case itself. encoders: by input of the method. replicates: as for `Fitted.run`. Safe
    for several threads. Raises BadInput for a value that cannot be encoded.
    """

    def __init__(
        self, fitted: Fitted, encoders: Mapping[str, Encoder], case: Case, *, replicates: Sequence[int] | None = None
    ) -> None:
        self.panel, self.encoders, self.case = fitted.panel(replicates), dict(encoders), case
        self.inputs = fitted.inputs
        self.called_at = fitted.called_at if fitted.task.name == "multilabel" else None
        self.tokens = encode_inputs(fitted.inputs, encoders, case)
        self.reading = self.panel.read(self.tokens)
        self._encodings: dict[tuple[str, str], Tokens] = {}
        self._lock = threading.Lock()
        self.start = self.ask({})

    @one_core()
    def ask(self, changes: Mapping[str, Value | None]) -> WhatIfAnswer:
        """The answer when these inputs have other values; None takes an input away.

        Raises NotFound for an input the method does not read, BadInput for a value that cannot be encoded.
        """
        started = time.perf_counter()
        reading = self.reading
        for name, value in changes.items():
            reading = reading.replaced(name, self._encoded(name, value))
        return _answer(reading, started, self.called_at)[0]

    @one_core()
    def ask_each(self, name: str, values: Sequence[Value | None]) -> list[WhatIfAnswer]:
        """The answers to several values of one input, the others unchanged: quicker than one by one."""
        if not values:
            return []
        started = time.perf_counter()
        each = [self._encoded(name, value) for value in values]
        longest = max(tokens.mask.shape[1] for tokens in each)
        padded = torch.zeros(len(each), longest, each[0].values.shape[-1])
        mask = torch.zeros(len(each), longest, dtype=torch.bool)
        for i, tokens in enumerate(each):
            count = tokens.mask.shape[1]
            padded[i, :count], mask[i, :count] = tokens.values[0], tokens.mask[0]
        return _answer(self.reading.repeated(len(each)).replaced(name, Tokens(padded, mask)), started, self.called_at)

    @one_core()
    def effects(self, keep: Mapping[str, np.ndarray]) -> np.ndarray:
        """[V] change of the score of the predicted class (see `Panel.score`) when only these tokens are kept.

        keep: [V, N] bool for any inputs of the case; the others stay whole. No value is encoded again.
        """
        variants = len(next(iter(keep.values())))
        masks = {name: np.repeat(mask[:, None], variants, 1) for name, mask in self.reading.masks.items()}
        for name, mask in keep.items():
            masks[name] = masks[name] & np.asarray(mask)[None]
        chosen = torch.tensor([self.start.chosen])
        score = self.panel.score(self.reading.under(masks)[:, 0], chosen)  # [R, V]
        return (score - self.panel.score(self.reading.answer()[0], chosen)).mean(0).numpy().astype(float)

    def _encoded(self, name: str, value: Value | None) -> Tokens:
        if name not in self.inputs:
            raise unknown(_("input of the run"), name, self.inputs)
        if value is None:
            own = self.tokens[name]
            return Tokens(own.values, torch.zeros_like(own.mask))
        key = (name, _digest(value))
        with self._lock:
            if key in self._encodings:
                return self._encodings[key]
        tokens = encode_case(self.encoders[name], value)
        with self._lock:
            self._encodings[key] = tokens
            while len(self._encodings) > _REMEMBERED:
                self._encodings.pop(next(iter(self._encodings)))
        return tokens


def _answer(reading: PanelReading, started: float, called_at: np.ndarray | None = None) -> list[WhatIfAnswer]:
    outputs, maps = reading.answer()
    probabilities = reading.panel.activate(outputs).numpy().astype(float)  # [R, V, K]
    names, masks = list(reading.inputs), reading.masks
    seconds = (time.perf_counter() - started) / max(probabilities.shape[1], 1)
    task = reading.panel.task
    answers = []
    for v in range(probabilities.shape[1]):
        own = probabilities[:, v]
        low, high = own.min(0), own.max(0)  # a case of the cohort has too few replicates for percentiles
        weights = {}
        if maps.inputs is not None:
            given = maps.inputs[:, v]
            weights = {n: (float(given[:, i].mean()), float(given[:, i].std())) for i, n in enumerate(names)}
        missing = tuple(name for name in names if not masks[name][v].any())
        chosen = task.main_horizon if task.name in ("regression", "survival") else int(own.mean(0).argmax())
        called = None if called_at is None else frozenset(np.flatnonzero(own.mean(0) >= called_at).tolist())
        answers.append(WhatIfAnswer(own.mean(0), own.std(0), low, high, weights, chosen, missing, seconds, called))
    return answers


def _digest(value: Value) -> str:
    """Digest of a value's content."""
    whole = hashlib.blake2b(digest_size=16)
    if isinstance(value, str):
        whole.update(value.encode())
    elif isinstance(value, Signal):
        whole.update(repr((value.samples.shape, value.rate_hz, value.channel_names, value.unit)).encode())
        whole.update(np.ascontiguousarray(value.samples).tobytes())
    elif isinstance(value, np.ndarray):
        whole.update(repr((value.shape, value.dtype)).encode())
        whole.update(np.ascontiguousarray(value).tobytes())
    else:
        whole.update(repr(sorted(value.items())).encode())
    return whole.hexdigest()
