"""What a check is: a cohort whose values were read once -> findings, ranked; and how all of them are run."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from mmcore.base.errors import BadInput
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.registry import Registry, label, why_unavailable
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts.auditing.facts import ValueFacts, facts_of
from mmcore.cohorts.base import Cohort

_log = logging.getLogger(__name__)
MOST_CASES = 50  # ids that a finding lists
CLASSES = ("binary", "multiclass", "multilabel")
ANY_TARGET = (*CLASSES, "regression", "survival")


class Severity(StrEnum):
    """How far a finding can mislead: high, a score may be worthless; medium, it may be wrong; low, good to know."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class AuditFinding:
    """One thing that could mislead a study.

    check: the name of the check. summary: the finding in a sentence. numbers: what it rests on. cases: ids of the cases
    it is about (at most MOST_CASES; `numbers` has the full count). advice: what to do, in a sentence.
    """

    check: str
    severity: Severity
    summary: str
    advice: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    cases: tuple[str, ...] = ()

    @property
    def already_out(self) -> bool:
        """A grave fault of a column that no model sees."""
        return self.severity is Severity.HIGH and bool(self.numbers.get("left_out"))

    def document(self) -> dict[str, Any]:
        """An entry of `audit --json`."""
        return {**asdict(self), "severity": str(self.severity), "cases": list(self.cases[:MOST_CASES])}


class AuditedCohort:
    """A cohort with what was seen of each value when it was read, once, for all checks.

    facts: input -> case id -> Facts, for values that are there and can be read. features: input -> what an encoder
    made of it [N, D], NaN where missing, for inputs that are encoded already.
    """

    def __init__(
        self, cohort: Cohort, progress: Progress = silent, features: Mapping[str, np.ndarray] | None = None
    ) -> None:
        self.cohort, self.features = cohort, features or {}
        self.facts: dict[str, dict[str, ValueFacts]] = {}
        self.numbers: dict[str, np.ndarray] = {}  # what `case_features.numbers_of` made of an input
        media = [name for name, spec in cohort.inputs.items() if spec.kind is not Kind.TABLE]
        for number, name in enumerate(media):
            self.facts[name] = {}
            for row, id in enumerate(cohort.ids):
                if row % 100 == 0:
                    label = _("Looking at {input}").format(input=name)
                    progress(Step(label, number * len(cohort) + row, len(media) * len(cohort)))
                try:
                    value = cohort.value(id, name)
                except BadInput:
                    continue  # set aside, and listed among the cohort's problems
                if value is not None:
                    self.facts[name][id] = facts_of(value)

    @cached_property
    def ids(self) -> np.ndarray:
        """[N] ids of the cases."""
        return np.array(self.cohort.ids, object)

    @cached_property
    def target(self) -> np.ndarray:
        """[N] class index (of several labels the rarest, of survival whether the event was seen) or value of each case
        as float, NaN where it is not known."""
        values = np.asarray(self.cohort.strata, float)
        return values if self.cohort.schema.task == "regression" else np.where(values < 0, np.nan, values)

    @property
    def task(self) -> str | None:
        return self.cohort.schema.task

    def table_columns(self) -> dict[str, str]:
        """Columns of table inputs -> the input that reads them."""
        inputs = self.cohort.inputs.items()
        return {column: name for name, spec in inputs if spec.kind is Kind.TABLE for column in spec.columns}

    def other_columns(self) -> list[str]:
        """Columns of the table that no input reads, and that are neither group, target nor what it was made from."""
        read = {column for spec in self.cohort.inputs.values() for column in spec.columns}
        schema = self.cohort.schema
        taken = {*read, schema.target, schema.group, *schema.target_columns}
        return [str(column) for column in self.cohort.table.columns if column not in taken]

    def column(self, name: str) -> pd.Series:
        """A column of the table, one row a case."""
        return self.cohort.table[name].set_axis(range(len(self.cohort)), axis=0)


class Check(ABC):
    """One family of ways in which a cohort misleads. A subclass registers itself and implements `find`.

    tasks: kinds of target that it can be made with, empty where it needs none. least: cases (with a target, where it
    needs one) below which it claims nothing. by_group: whether it needs groups.
    """

    name: ClassVar[str]  # set by the registry
    tasks: ClassVar[tuple[str, ...]] = ()
    least: ClassVar[int] = 0
    by_group: ClassVar[bool] = False

    @classmethod
    def unavailable(cls) -> str | None:
        """None if usable here, else what to install."""
        return None

    @classmethod
    def fits(cls, cohort: Cohort) -> bool:
        """Whether it can say anything of this cohort: of one that it does not fit, no finding is no good news."""
        cases = int(cohort.labelled.sum()) if cls.tasks else len(cohort)
        of_kind = not cls.tasks or cohort.schema.task in cls.tasks
        return of_kind and cases >= cls.least and (cohort.groups is not None or not cls.by_group)

    @abstractmethod
    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        """What is wrong, if anything. Never changes the cohort; raises nothing for data, however odd."""


checks: Registry[Check] = Registry("audit check", "mmcore.cohorts.auditing")


def audit(
    cohort: Cohort, progress: Progress = silent, features: Mapping[str, np.ndarray] | None = None
) -> list[AuditFinding]:
    """All findings, the gravest first. Every value is read once. Raises what `progress` raises.

    features: of inputs that are encoded already, see AuditedCohort. A check that fails is itself a finding.
    """
    audited = AuditedCohort(cohort, progress, features)
    findings: list[AuditFinding] = []
    for _name, check in checks.items():
        progress(Step(_("Checking: {what}").format(what=label(check)), 0, 0))
        if why_unavailable(check) is None:
            findings += _carried_out(check(), audited)
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def _carried_out(check: Check, audited: AuditedCohort) -> list[AuditFinding]:
    findings = []
    try:
        for finding in check.find(audited):
            findings.append(finding)
    except (ValueError, ArithmeticError, np.linalg.LinAlgError, KeyError, IndexError, TypeError) as error:
        _log.error("audit check '%s' failed", check.name, exc_info=error)  # data can be odder than a check foresees
        findings.append(
            AuditFinding(
                check.name,
                Severity.LOW,
                _("The check '{check}' could not be finished for this cohort.").format(check=label(type(check))),
                _("Its result is therefore unknown; the log gives the reason."),
                {"reason": str(error)[:200]},
            )
        )
    return findings
