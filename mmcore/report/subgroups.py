"""How a method does in parts of a cohort: by sex, age, site or device, each with its size and its interval."""

from __future__ import annotations

from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.evaluation import metric_label
from mmcore.evaluation.subgroup_scores import SubgroupVerdict, columns_of_people, compare_subgroups, parts_of
from mmcore.report.document import Table
from mmcore.report.numbers import interval
from mmcore.runs import Run


def subgroups(cohort: Cohort, run: Run) -> Table | None:
    """The compared metric of a run in each part; None where no column divides the cohort into parts that make sense."""
    if run.target is None or run.outputs is None or run.ids != cohort.ids:
        return None
    parts = parts_of(cohort.table, columns_of_people(cohort.table))
    if not parts:
        return None
    compared = compare_subgroups(
        run.spec.task, run.target, run.outputs, parts, run.groups, metric=run.spec.metric
    )  # fmt: skip
    words = {
        SubgroupVerdict.WORSE: _("worse"),
        SubgroupVerdict.BETTER: _("better"),
        SubgroupVerdict.UNSETTLED: _("may be chance"),
        SubgroupVerdict.TOO_FEW: _("too few to tell"),
    }
    rows = [
        (
            row.name,
            str(row.cases),
            _("too few to tell") if row.verdict is SubgroupVerdict.TOO_FEW else interval(row.score),
            words[row.verdict],
        )
        for row in compared.rows
    ]
    note = _("Each part is compared with all other cases.")
    if compared.looked_at > 1:
        note += " " + _(
            "Among many parts, one looks bad by chance; the verdicts allow for the {count} that were examined "
            "(Holm's correction)."
        ).format(count=compared.looked_at)
    columns = (
        _("part"),
        _("cases"),
        _("{metric} [95%]").format(metric=metric_label(run.spec.metric)),
        _("against the others"),
    )
    return Table(columns, tuple(rows), note)
