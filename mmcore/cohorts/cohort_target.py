"""What is to be predicted of the cases of a cohort, in the forms in which it is asked for."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from mmcore.base import label_sets, survival_times
from mmcore.base.number_text import number_text
from mmcore.base.settings import _
from mmcore.cohorts.names import class_name
from mmcore.cohorts.schema import Schema
from mmcore.cohorts.several_labels import codes_in
from mmcore.cohorts.time_to_event import codes_in as times_in


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
        """[N] int class index or set of labels (see `label_sets`), -1 unlabelled; float for regression and times to an
        event (see `survival_times`), NaN unlabelled."""
        if self.schema.task == "regression":
            return pd.to_numeric(self.table[self.schema.target], errors="coerce").to_numpy(dtype=float)
        if self.schema.task == "survival":
            return times_in(self.table[self.schema.target])
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
        """[N] what can be one class a case: the target, the number of the rarest of a case's labels, or whether the
        event was seen."""
        if self.schema.task == "survival":
            return np.where(self.labelled, survival_times.events(self.target), -1).astype(np.int64)
        labels = len(self.schema.classes)
        return label_sets.rarest_labels(self.target, labels) if self.schema.task == "multilabel" else self.target

    @property
    def stratum_names(self) -> tuple[str, ...]:
        """What the numbers of `strata` are called; empty where the target is a number."""
        classes = self.schema.classes
        if self.schema.task == "survival":
            return _("no event seen"), _("event seen")
        return (*classes, _("none of them")) if self.schema.task == "multilabel" else classes

    def has_class(self, number: int) -> np.ndarray:
        """[N] bool: cases of this class, with this label, or whose event was seen by this horizon."""
        if self.schema.task == "survival":
            by = survival_times.times_of(self.schema.classes)[number]
            return survival_times.events(self.target) & (np.abs(self.target) <= by)
        if self.schema.task == "multilabel":
            return label_sets.memberships(self.target, len(self.schema.classes))[:, number]
        of_class: np.ndarray = self.target == number
        return of_class

    @property
    def class_members(self) -> dict[str, np.ndarray]:
        """What people divide the cases by: class or label, or whether the event was seen -> [N] bool; empty where the
        target is a number."""
        if self.schema.task == "survival":
            return {name: self.strata == number for number, name in enumerate(self.stratum_names)}
        return {name: self.has_class(number) for number, name in enumerate(self.schema.classes)}

    @property
    def labelled(self) -> np.ndarray:
        """[N] bool: cases whose target is known."""
        if self.schema.task == "survival":
            return survival_times.followed(self.target)
        return ~np.isnan(self.target) if self.schema.task == "regression" else self.target >= 0

    def _target_name(self, row: int) -> str | float | None:
        if self.schema.task is None:
            return None
        target = self.target[row]
        if self.schema.task == "regression":
            return None if np.isnan(target) else float(target)
        if self.schema.task == "survival":
            return self._followed_time(float(target))
        if self.schema.task == "multilabel":
            return (
                None
                if target < 0
                else label_sets.BETWEEN.join(label_sets.names_of(target, self.schema.classes)) or _("none")
            )
        return None if target < 0 else self.schema.classes[target]

    def _followed_time(self, target: float) -> str | None:
        unit = survival_times.unit_of(self.schema.classes)
        time = number_text(abs(target), 3) + (f" {unit}" if unit else "")
        if not survival_times.followed(np.array(target)):
            return None
        return (_("event after {time}") if target > 0 else _("no event in {time}")).format(time=time)
