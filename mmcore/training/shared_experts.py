"""What the methods of a comparison share: experts that were lately fitted to an input on a fold, and what they read.

The same cases, folds and encoders give every method the same expert of an input, and reading and fitting it takes
longer than training a small network.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from mmcore.encoders import Encoder
from mmcore.encoders.fitting import FoldPart
from mmcore.features import Features
from mmcore.training.linear_fit import FoldVectors, InputFit
from mmcore.training.normalise import Normaliser
from mmcore.training.table_rows import TableRows
from mmcore.training.training_rows import TrainingRows
from mmcore.training.views import CohortFeatures, ReadOnce

_BYTES = 128 * 2**20  # of vectors and fitted parts that are held in memory


@dataclass(frozen=True, eq=False)
class ReadInput:
    """An input as a fold reads it. part: what its encoder learnt, None where it learns nothing. fit: its expert, None
    where there is nothing to fit."""

    part: FoldPart | None
    fit: InputFit | None

    @property
    def bytes(self) -> int:
        held = 0 if self.fit is None else self.fit.vectors.values.nbytes
        return held + (sum(value.nbytes for value in self.part.state().values()) if self.part is not None else 0)


def content_key(
    features: CohortFeatures,
    encoder: Encoder | None,
    training: TrainingRows,
    components: int,
    fold: int,
    stretched: bool = False,
) -> Hashable:
    """Equal where everything that decides an expert is. stretched: whether stretches of the tokens are tried, too."""
    table = isinstance(features, TableRows)
    while isinstance(features, TableRows | ReadOnce):
        features = features.features
    content: object = features.content if isinstance(features, Features) else features  # else: the very object
    learns = None
    if encoder is not None and encoder.fits_on_fold:
        learns = encoder.identity(), json.dumps(encoder.options(), sort_keys=True, default=str)
    groups = () if training.groups is None else tuple(training.groups.tolist())
    own = (training.rows, training.inner, training.labels.numpy(), training.weight.numpy())
    task = (training.task.name, training.task.classes, training.task.outputs)
    return content, learns, task, components, fold, stretched, table, groups, tuple(array.tobytes() for array in own)


class SharedExperts:
    """The last few, as many as fit into so many bytes. Folds ask side by side."""

    def __init__(self, most: int = _BYTES) -> None:
        self._most, self._held = most, 0
        self._inputs: OrderedDict[Hashable, ReadInput] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> ReadInput | None:
        with self._lock:
            if key in self._inputs:
                self._inputs.move_to_end(key)
            return self._inputs.get(key)

    def vectors(self, normaliser: Normaliser) -> FoldVectors | None:
        """What this very normaliser made of the whole cohort it was fitted for, if it is still held."""
        with self._lock:
            fits = [own.fit for own in self._inputs.values() if own.fit is not None]
        return next((fit.vectors for fit in fits if fit.vectors.normaliser is normaliser), None)

    def keep(self, key: Hashable, own: ReadInput) -> None:
        with self._lock:
            if key not in self._inputs:
                self._inputs[key] = own
                self._held += own.bytes
            while self._held > self._most:
                self._held -= self._inputs.popitem(last=False)[1].bytes


shared = SharedExperts()
