"""`report`: what was compared and found, as HTML, PDF or slides."""

from __future__ import annotations

import argparse

from mmcore import studies
from mmcore.base.settings import _
from mmcore.cli import beforehand
from mmcore.cli.arguments import encoders_of, settings_of
from mmcore.cli.cohort_arguments import opened
from mmcore.cli.output import Bar, Document, Shown, put, put_problems
from mmcore.cohorts.auditing import audit
from mmcore.jobs import engine
from mmcore.studies.reporting import check_report_path, write_report


def run(arguments: argparse.Namespace) -> Shown:
    path = check_report_path(arguments.out)
    cohort, encoders = opened(arguments), encoders_of(arguments)
    if arguments.case is not None:
        cohort.position(arguments.case)  # an id that is not there is told before any work
    settings = settings_of(arguments, plain=arguments.plain)
    specs = studies.planned(cohort, arguments.fusion, encoders, settings)
    beforehand.warn(cohort, encoders)
    beforehand.announce(cohort, specs)
    with Bar(arguments.json) as progress:
        findings = audit(cohort, progress)
        comparison = engine.run(studies.compare_planned, cohort, specs, settings, progress=progress, label=_("compare"))
    write_report(comparison, findings, path, arguments.case)
    return {
        "report": str(path),
        "cohort": cohort.name,
        "methods": list(comparison.by_method),
        "findings": len(findings),
        "problems": comparison.problems,
    }, show


def show(document: Document) -> None:
    put(_("Written: {path}").format(path=document["report"]))
    put_problems(document)
