"""Whether there are enough cases of each class, and whether cases belong together that are counted apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from mmcore.base.settings import _
from mmcore.cohorts.auditing.base import CLASSES, AuditedCohort, AuditFinding, Check, Severity, checks

RARE, FEW = 0.05, 10
HALF = 0.5  # of the cases: where no class has as many, accuracy is not high by always naming one
PERSON = re.compile(
    r"(patient|subject|person|participant|donor|mrn|\brid\b|ptid|speaker|study_?id|lesion|患者|病人|受试者)",
    re.IGNORECASE,
)


@checks.register("imbalance")
class Imbalance(Check):
    """Classes or labels with too few cases to learn from, or to judge by."""

    tasks = CLASSES

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        if audited.task not in self.tasks:
            return
        classes = audited.target[np.isfinite(audited.target)].astype(int)
        for number, label in enumerate(audited.cohort.schema.classes):
            count = int(audited.cohort.has_class(number).sum())
            share = count / max(len(classes), 1)
            if count >= FEW and share >= RARE:
                continue
            summary = (
                _("Label '{label}' is true of {count} of {all} cases.")
                if audited.task == "multilabel"
                else _("Class '{label}' has {count} of {all} cases.")
            )
            yield AuditFinding(
                self.name,
                Severity.HIGH if count < FEW // 2 else Severity.MEDIUM if count < FEW else Severity.LOW,
                summary.format(label=label, count=count, all=len(classes)),
                advice_on(audited.task, classes, share),
                {"class": label, "cases": count, "share": share},
            )


def advice_on(task: str | None, classes: np.ndarray, share: float) -> str:
    """What to do about a class that has this share of the cases."""
    if task == "multilabel":
        return _("Look at AUROC and AUPRC of this label by itself, and at the width of their intervals.")
    most = np.bincount(classes).max() / max(len(classes), 1)
    if share >= RARE or most < HALF:
        return _("So few cases show little of a class. Gather more, or join classes that belong together.")
    return _(
        "Accuracy says little here: always predicting the most frequent class reaches {most}. Look at AUROC, AUPRC and "
        "balanced accuracy, and at the width of their intervals."
    ).format(most=f"{most:.0%}" if most < 0.985 else f"{most:.1%}")


@checks.register("groups")
class Groups(Check):
    """Several cases of one person that could end up in training and in testing."""

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        cohort = audited.cohort
        for name in audited.other_columns():
            column = audited.column(name)
            counts = column.dropna().astype(str).value_counts()
            repeated = counts[counts > 1]
            many = len(counts) >= 5 and len(counts) > 0.2 * column.notna().sum()
            if not PERSON.search(name) or repeated.empty or not many or self._same_fold(audited, name):
                continue
            cases = audited.ids[column.astype(str).isin(repeated.index).to_numpy()]
            yield AuditFinding(
                self.name,
                Severity.HIGH if len(cases) > len(cohort) / 10 else Severity.MEDIUM,
                _(
                    "{count} cases share a value of '{column}' with another case, but may be split between "
                    "training and testing."
                ).format(count=len(cases), column=name),
                _(
                    "If '{column}' names a person, make it the group: a model tested on people it was trained "
                    "on looks better than it is."
                ).format(column=name),
                {"column": name, "values": len(counts), "repeated": len(repeated), "cases": len(cases)},
                tuple(cases),
            )

    def _same_fold(self, audited: AuditedCohort, name: str) -> bool:
        """Whether the cohort's own grouping never parts cases that share a value of this column."""
        groups = audited.cohort.groups
        if groups is None:
            return False
        column = audited.column(name)
        there = column.notna().to_numpy()
        pairs = set(zip(column[there].astype(str), groups[there], strict=True))
        return len(pairs) == len({value for value, _group in pairs})
