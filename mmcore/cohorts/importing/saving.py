"""A proposal that somebody agreed to, as a plain folder: cases.csv, media and cohort.toml."""

from __future__ import annotations

from pathlib import Path

from mmcore.base.errors import BadInput
from mmcore.base.progress import Progress, silent
from mmcore.base.settings import _
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.importing.proposal import Proposal
from mmcore.cohorts.opening import open_cohort
from mmcore.cohorts.writing import write_cohort


def imported(proposal: Proposal, out: str | Path, name: str = "", progress: Progress = silent) -> Cohort:
    """Write what is proposed as a folder, and open that: the same cases, values, targets and groups.

    Every value is read on the way; one that cannot be is left out and told in the problems. name: of the cohort, as it
    is if empty. Raises the error of a proposal that cannot be opened, BadInput for a folder that holds something.
    """
    if proposal.cohort is None:
        raise proposal.error or BadInput(
            _("No cohort can be made of this table yet."), _("Choose which columns are inputs and which is the target.")
        )
    cohort = proposal.cohort
    units = {column.name: column.unit for column in proposal.columns if column.unit}
    folder = write_cohort(cohort, out, progress, name=name, units=units)
    unread = [sentence for input in cohort.inputs for sentence in _unread(cohort, input)]
    written = open_cohort(folder)
    written.tell(unread)
    return written


def _unread(cohort: Cohort, input: str) -> list[str]:
    return [
        _("Case {id}: {input} could not be read and was left out. {reason}").format(id=id, input=input, reason=reason)
        for id, reason in cohort.unreadable(input).items()
    ]
