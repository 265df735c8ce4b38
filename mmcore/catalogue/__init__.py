"""Public data sets: what they hold and under which licence, their download, and their layout as a cohort folder."""

from mmcore.catalogue.base import Download, PublicCohort, public_cohorts
from mmcore.catalogue.fetching import get

__all__ = ["Download", "PublicCohort", "get", "public_cohorts"]
