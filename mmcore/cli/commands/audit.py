"""`audit`: what could mislead a study of a cohort."""

from __future__ import annotations

import argparse

from mmcore.base.name_lists import first_of
from mmcore.base.settings import _
from mmcore.cli.cohort_arguments import opened
from mmcore.cli.output import Bar, Document, Shown, put, put_problems
from mmcore.cohorts.auditing.table_columns import numbers_of_tables
from mmcore.cohorts.missing_codes import code_sentences
from mmcore.studies.audit_with_features import audited


def run(arguments: argparse.Namespace) -> Shown:
    cohort = opened(arguments)
    with Bar(arguments.json) as progress:
        findings = audited(cohort, progress)
    in_findings = code_sentences(numbers_of_tables(cohort))  # findings name them with their cases
    return {
        "cohort": cohort.name,
        "cases": len(cohort),
        "findings": [finding.document() for finding in findings],
        "problems": [sentence for sentence in cohort.problems if sentence not in in_findings],
    }, show


def show(document: Document) -> None:
    if not document["findings"]:
        put(_("Nothing was found that would mislead a study of '{name}'.").format(name=document["cohort"]))
    for finding in document["findings"]:
        put(f"{finding['severity'].upper()}: {finding['summary']}")
        put(f"  {finding['advice']}")
        if finding["cases"]:
            put("  " + _("Cases: {ids}").format(ids=first_of(finding["cases"], 8)))
    put_problems(document)
