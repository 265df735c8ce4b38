"""What is to be predicted of the cases of a cohort, in the forms in which it is asked for."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from mmcore.base import label_sets
from mmcore.base.settings import _
from mmcore.cohorts.names import class_name
from mmcore.cohorts.schema import Schema
from mmcore.cohorts.several_labels import codes_in


class CohortTarget:
    """The target of a cohort: schema says which column of the table it is, and what its classes or labels are."""

    schema: Schema
    table: pd.DataFrame

    @property
    def positive(self) -> str | None:
        """The class a binary task asks for."""
        return self.schema.classes[1] if self.schema.task == "binary" else None

    @property
    def target_names(self) -> list[str | float | None]:
        """[N] what is true of each case as people read it; None where it is not known."""
        return [self._target_name(row) for row in range(len(self.table))]

    @cached_property
    def target(self) -> np.ndarray:
        """[N] int class index or set of labels (see `label_sets`), -1 unlabelled; float for regression, NaN
        unlabelled."""
        if self.schema.task == "regression":
            return pd.to_numeric(self.table[self.schema.target], errors="coerce").to_numpy(dtype=float)
        if self.schema.task is None:
            return np.full(len(self.table), -1, dtype=np.int64)
        if self.schema.task == "multilabel":
            return codes_in(self.table[self.schema.target], self.schema.classes)
        place = {name: i for i, name in enumerate(self.schema.classes)}
        return np.array(
            [place.get(class_name(cell) or "", -1) for cell in self.table[self.schema.target]], dtype=np.int64
        )

    @cached_property
    def strata(self) -> np.ndarray:
        """[N] what can be one class a case: the target, or the number of the rarest of a case's labels."""
        labels = len(self.schema.classes)
        return label_sets.rarest_labels(self.target, labels) if self.schema.task == "multilabel" else self.target

    @property
    def stratum_names(self) -> tuple[str, ...]:
        """What the numbers of `strata` are called; empty where the target is a number."""
        classes = self.schema.classes
        return (*classes, _("none of them")) if self.schema.task == "multilabel" else classes

    def has_class(self, number: int) -> np.ndarray:
        """[N] bool: cases of this class, or with this label."""
        if self.schema.task == "multilabel":
            return label_sets.memberships(self.target, len(self.schema.classes))[:, number]
        of_class: np.ndarray = self.target == number
        return of_class

    @property
    def labelled(self) -> np.ndarray:
        """[N] bool: cases whose target is known."""
        return ~np.isnan(self.target) if self.schema.task == "regression" else self.target >= 0

    def _target_name(self, row: int) -> str | float | None:
        if self.schema.task is None:
            return None
        target = self.target[row]
        if self.schema.task == "regression":
            return None if np.isnan(target) else float(target)
        if self.schema.task == "multilabel":
            return (
                None
                if target < 0
                else label_sets.BETWEEN.join(label_sets.names_of(target, self.schema.classes)) or _("none")
            )
        return None if target < 0 else self.schema.classes[target]
