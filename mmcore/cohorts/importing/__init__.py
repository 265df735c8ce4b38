"""Importing: what the columns of somebody's own files are taken for, changed where it is wrong, and written down."""

from mmcore.cohorts.importing.changes import changed
from mmcore.cohorts.importing.open_questions import OpenQuestion
from mmcore.cohorts.importing.proposal import COLUMN_ROLES, Proposal, ProposedColumn, RowProblem, propose
from mmcore.cohorts.importing.saving import imported

__all__ = ["COLUMN_ROLES", "OpenQuestion", "Proposal", "ProposedColumn", "RowProblem", "changed", "imported", "propose"]
