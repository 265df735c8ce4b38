"""Whether it is by chance that something is missing, or because of what is to be predicted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmcore.base.name_lists import first_of
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts.auditing.association import LEAST, associate
from mmcore.cohorts.auditing.base import ANY_TARGET, AuditedCohort, AuditFinding, Check, Severity, checks
from mmcore.cohorts.auditing.likeliest import likeliest

SHARE = 0.03  # of the cases must lack it, and have it, for the question to make sense
MARGIN = 0.02  # AUROC or R² above chance
LEAST_IN_GROUP = 10  # cases of a group whose share is compared
APART = 0.5  # by which the shares missing of two groups differ
MOST = 20  # groups that are listed


@checks.register("missing_inputs")
class MissingInputs(Check):
    """Inputs and columns whose absence depends on the target."""

    tasks, least = ANY_TARGET, LEAST

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        if audited.task is None:
            return
        has_target = np.isfinite(audited.target)
        if not has_target.any():
            return
        lacking = lacking_of(audited)
        shares = {name: float(absent[has_target].mean()) for name, absent in lacking.items()}
        candidates = [name for name, share in shares.items() if SHARE <= share <= 1 - SHARE]
        flags = [lacking[name].astype(float) for name in candidates]
        for name in likeliest(candidates, flags, audited.target, audited.task):
            absent, share = lacking[name], shares[name]
            link = associate(absent[:, None].astype(float), audited.target, audited.task)
            if link is None or not link.beats(MARGIN):
                continue
            yield AuditFinding(
                self.name,
                Severity.HIGH if link.score > link.chance + 0.2 else Severity.MEDIUM,
                _("Whether '{name}' is missing predicts the target by itself ({metric} {score:.2f}).").format(
                    name=name, metric=link.metric.upper(), score=link.score
                ),
                _(
                    "Ask why it is missing. A model learns that somebody chose to measure it, which may not hold "
                    "elsewhere: compare results with and without it."
                ),
                {
                    "name": name,
                    "share_missing": share,
                    link.metric: link.score,
                    "by_class": _by_class(audited, absent),
                },
                tuple(audited.ids[absent]),
            )


@checks.register("missing_by_group")
class MissingByGroup(Check):
    """Inputs and columns that some groups have and others lack."""

    by_group = True

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        groups = audited.cohort.groups
        if groups is None:
            return
        names, rows, counts = np.unique(groups, return_inverse=True, return_counts=True)
        large = counts >= LEAST_IN_GROUP
        if large.sum() < 2:
            return
        telling = {}
        for name, absent in lacking_of(audited).items():
            shares = (np.bincount(rows, absent, len(names)) / counts)[large]
            if shares.max() - shares.min() >= APART and SHARE <= absent.mean() <= 1 - SHARE:
                telling[name] = {
                    str(group): float(share) for group, share in zip(names[large][:MOST], shares[:MOST], strict=False)
                }
        if telling:
            listed = first_of([f"'{name}'" for name in telling], 6)
            yield AuditFinding(
                self.name,
                Severity.MEDIUM,
                _("Present in some groups of '{group}' and lacking in others: {names}.").format(
                    group=audited.cohort.schema.group, names=listed
                ),
                _(
                    "A missing value then tells a model which group a case comes from. Compare results "
                    "with and without these, and keep each group on one side of a split."
                ),
                {"share_missing": telling},
            )


def lacking_of(audited: AuditedCohort) -> dict[str, np.ndarray]:
    """Input or column of a table -> [N] bool, where it is missing."""
    lacking = {
        name: ~audited.cohort.present(name)
        for name, spec in audited.cohort.inputs.items()
        if spec.kind is not Kind.TABLE
    }
    columns = list(audited.table_columns())
    absent = audited.cohort.table[columns].isna().to_numpy()
    return lacking | {column: absent[:, place] for place, column in enumerate(columns)}


def _by_class(audited: AuditedCohort, absent: np.ndarray) -> dict[str, float] | None:
    """Share missing in each class; None for values."""
    if audited.task == "regression":
        return None
    members = audited.cohort.class_members
    return {label: float(absent[rows].mean()) for label, rows in members.items() if rows.any()}
