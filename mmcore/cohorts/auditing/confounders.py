"""What a case was recorded with, where, and how, telling what it should not know."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from mmcore.base.name_lists import list_of
from mmcore.base.settings import N_, _
from mmcore.cohorts.auditing.association import LEAST, associate, design
from mmcore.cohorts.auditing.base import ANY_TARGET, AuditedCohort, AuditFinding, Check, Severity, checks
from mmcore.cohorts.auditing.table_columns import RECORDED
from mmcore.cohorts.dates import dates_of

MARGIN = 0.05  # AUROC or R² above chance
_MOST_VALUES = 60
# what a file says of how it was recorded, as `facts.ValueFacts.shape` calls it -> as people do
_CALLED = {
    "height": N_("height"), "width": N_("width"), "colours": N_("number of colours"),
    "channels": N_("number of channels"), "duration": N_("duration"), "rate": N_("sampling rate"),
}  # fmt: skip


@checks.register("confounders")
class Confounders(Check):
    """Circumstances that give the target away: site, device, view, date, size of an image, length of a recording."""

    tasks, least = ANY_TARGET, LEAST

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        if audited.task is None:
            return
        names = [*audited.other_columns(), *audited.table_columns()]
        columns = {name: audited.column(name) for name in names if RECORDED.search(name)}
        group = audited.cohort.schema.group
        if group and RECORDED.search(group):
            columns[group] = audited.column(group)
        columns = {name: _usable(column) for name, column in columns.items()}
        columns = {name: column for name, column in columns.items() if column is not None}
        if columns:
            yield from self._findings(audited, list(columns), pd.DataFrame(columns))
        for input, facts in audited.facts.items():
            table = pd.DataFrame({id: facts[id].shape if id in facts else {} for id in audited.ids}).T
            table = table.reindex(audited.ids).reset_index(drop=True).astype(float)
            table = table.loc[:, table.nunique() > 1].drop(columns="characters", errors="ignore")
            if len(table.columns):
                names = [_("{name} of {input}").format(name=_(_CALLED[name]), input=input) for name in table.columns]
                yield from self._findings(audited, names, table)

    def _findings(self, audited: AuditedCohort, names: list[str], table: pd.DataFrame) -> Iterator[AuditFinding]:
        """A finding if these columns together tell the target; each by itself is in its numbers."""
        together = associate(design(table), audited.target, str(audited.task))
        if together is None or not together.beats(MARGIN):
            return
        alone = {
            name: link.score
            for name, column in zip(names, table, strict=True)
            if (link := associate(design(table[[column]]), audited.target, str(audited.task))) is not None
        }
        yield AuditFinding(
            self.name,
            Severity.HIGH if together.score > together.chance + 0.35 else Severity.MEDIUM,
            _("How a case was recorded gives the target away: {metric} {score:.2f} from {names} alone.").format(
                metric=together.metric.upper(), score=together.score, names=list_of(names)
            ),
            self._advice([name for name in names if name in audited.table_columns()]),
            {together.metric: together.score, "alone": alone},
        )

    @staticmethod
    def _advice(inputs: list[str]) -> str:
        """What to do; inputs: those of the columns that are read."""
        if not inputs:
            return _(
                "A model can learn this from the inputs instead of the disease, though none of them holds it as a "
                "column. Test on a site or device that it has not seen: group the cases by it."
            )
        return _(
            "A model can learn this instead of the disease. Leave {columns} out of the inputs, and test on a site or "
            "device that it has not seen: group the cases by it."
        ).format(columns=list_of(f"'{name}'" for name in inputs))


def _usable(column: pd.Series) -> pd.Series | None:
    """As numbers or a few categories; dates as days. None where it says nothing, or something else for every case."""
    filled = column.notna().sum()
    if filled < 0.2 * len(column) or column.nunique() < 2:
        return None
    if pd.api.types.is_numeric_dtype(column):
        return column if column.nunique() > 2 else column.astype("string")
    dates = dates_of(column)
    if dates.notna().sum() >= 0.9 * filled:
        days = (dates - dates.min()).dt.total_seconds() / 86400
        return days.astype(float).where(dates.notna(), np.nan)
    return column.astype("string") if column.nunique() <= _MOST_VALUES else None
