"""What could mislead a study of a cohort, found before anything is trained. One file for each family of checks."""

from mmcore.cohorts.auditing.base import AuditedCohort, AuditFinding, Check, Severity, audit, checks

__all__ = ["AuditFinding", "AuditedCohort", "Check", "Severity", "audit", "checks"]
