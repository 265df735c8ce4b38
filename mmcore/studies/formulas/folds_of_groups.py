"""Cross-validation with and without groups: what it does when cases of one patient lie on both sides."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import pandas as pd

from mmcore.base.registry import Range
from mmcore.base.settings import _
from mmcore.base.values import Case, ColumnSpec, InputSpec, Kind
from mmcore.cohorts import Cohort
from mmcore.cohorts.schema import Schema
from mmcore.cohorts.splits import folds_of
from mmcore.figures import plain_charts
from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas

WIDTH = 6


@formulas.register("folds_of_groups")
class FoldsOfGroups(Formula):
    """Cross-validation.

    keep_patients_together: all cases of a patient lie in the same fold
    patients: patients in the cohort
    visits: cases of each patient
    folds: parts that are held out in turn
    """

    stage, place = Stage.JUDGE, 120
    formula = (
        r"\text{score} = \frac{1}{N} \sum_{k=1}^{K} \sum_{i \in \text{fold}_k} \big[\hat{y}^{(-k)}(x_i) = y_i\big]"
    )
    code = "mmcore.cohorts.splits.folds_of"
    page = "compare"

    def __init__(
        self,
        *,
        keep_patients_together: bool = False,
        patients: Annotated[int, Range(10, 30)] = 16,
        visits: Annotated[int, Range(2, 8)] = 5,
        folds: Annotated[int, Range(2, 6)] = 4,
    ) -> None:
        self.split = "group" if keep_patients_together else "random"
        self.patients, self.visits, self.folds = patients, visits, folds

    @staticmethod
    def title() -> str:
        return _("Cross-validation with groups")

    @staticmethod
    def meaning() -> str:
        return _(
            "Nothing can be learnt here: each patient's class is drawn by lot. Yet the visits of a "
            "patient look alike, so a model that has seen one visit knows the others. With visits in "
            "different folds, the score comes closer to 1 the more visits there are; with patients kept "
            "together, it stays around one half, by chance a little above or below."
        )

    @staticmethod
    def used() -> str:
        return _("How this cohort was divided")

    def worked(self, case: Case | None = None) -> Worked:
        cohort = _cohort(self.patients, self.visits)
        fold, right = held_out(cohort, self.split, self.folds)
        table = fold.reshape(self.patients, self.visits).T + 1
        split = sum(len({*own}) > 1 for own in table.T)
        columns, rows = [f"P{i + 1}" for i in range(self.patients)], [str(i + 1) for i in range(self.visits)]
        figure = plain_charts.cells(
            table.astype(float), rows, columns, ends=(0, self.folds), axes=(_("patients"), _("visit")), digits=".0f"
        )
        numbers = {_("share of held-out cases classified correctly"): right, _("patients on both sides"): float(split)}
        data = pd.DataFrame({"patient": cohort.groups, "fold": fold + 1})
        return Worked(numbers, figure, data, _("Table of the fold of each visit of each patient"))


def _cohort(patients: int, visits: int) -> Cohort:
    """Cases of a patient look alike, and their class says nothing of how they look."""
    chance = np.random.default_rng(0)
    own = np.repeat(chance.normal(size=(patients, WIDTH)), visits, 0)
    values = own + 0.15 * chance.normal(size=own.shape)
    label = np.repeat(chance.permutation(np.arange(patients) % 2), visits)
    names = tuple(f"x{i + 1}" for i in range(WIDTH))
    table = pd.DataFrame(values, columns=list(names), index=[f"c{i}" for i in range(len(values))])
    table["label"], table["patient"] = np.array(["no", "yes"], object)[label], np.repeat(np.arange(patients), visits)
    spec = InputSpec(
        name="values", kind=Kind.TABLE, columns=names, table=tuple(ColumnSpec(name=name) for name in names)
    )
    schema = Schema(
        name="visits", inputs={"values": spec}, task="binary", target="label", classes=("no", "yes"), group="patient"
    )
    return Cohort.from_memory(schema, table, {}, fingerprint=f"visits-{patients}-{visits}")


def held_out(cohort: Cohort, split: str, folds: int) -> tuple[np.ndarray, float]:
    """[N] fold of each case, and the share that its nearest case in the other folds tells rightly."""
    plan = folds_of(cohort, split, folds)
    values, target = cohort.table[list(cohort.inputs["values"].columns)].to_numpy(float), cohort.target
    fold, right = np.zeros(len(cohort), int), np.zeros(len(cohort), bool)
    for number, (train, test) in enumerate(plan.folds):
        fold[test] = number
        distance = ((values[test, None] - values[None, train]) ** 2).sum(-1)
        right[test] = target[train][distance.argmin(1)] == target[test]
    return fold, float(right.mean())
