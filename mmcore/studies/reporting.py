"""A report of a comparison, as a file for people who were not there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from mmcore import report
from mmcore.base.errors import BadInput, unknown
from mmcore.base.settings import _, write_whole
from mmcore.cohorts.auditing import AuditFinding
from mmcore.report.contents import report_of
from mmcore.report.document import Document
from mmcore.report.html import write_html
from mmcore.report.pdf import write_pdf
from mmcore.report.slides import write_slides
from mmcore.studies.comparison import Comparison

WRITERS: dict[str, Callable[[Document], bytes]] = {".html": write_html, ".pdf": write_pdf, ".pptx": write_slides}


def report_document(comparison: Comparison, findings: Sequence[AuditFinding]) -> Document:
    """What the report of a comparison says; see `report.contents`. No single case is in it."""
    compared = comparison.document()
    return report_of(comparison.cohort, compared, comparison.by_method, findings, _answer(comparison))


def report_bytes(document: Document, suffix: str) -> bytes:
    """The report as a file of this kind. Raises NotFound for a suffix other than .html, .pdf and .pptx."""
    if suffix.lower() not in WRITERS:
        raise unknown(_("kind of report"), suffix, list(WRITERS))
    return WRITERS[suffix.lower()](document)


def check_report_path(path: str | Path) -> Path:
    """The path, if a report can be written there. Raises BadInput or NotFound before any work is done."""
    path = Path(path)
    if path.suffix.lower() not in WRITERS:
        raise unknown(_("kind of report"), path.suffix or path.name, list(WRITERS))
    if not path.parent.is_dir():
        raise BadInput(_("There is no folder {folder}.").format(folder=path.parent), _("Make it first."))
    return path


def write_report(comparison: Comparison, findings: Sequence[AuditFinding], path: str | Path) -> Path:
    """Write the report; the suffix says which kind. Raises BadInput or NotFound."""
    path = check_report_path(path)
    write_whole(path, report_bytes(report_document(comparison, findings), path.suffix))
    return path


def _answer(comparison: Comparison) -> list[str]:
    """What the comparison comes to, in sentences."""
    document = comparison.document()
    verdict = document.get("verdict") or {}
    answer = [report.plain_ahead(document["plain_lead"])] if document["plain_lead"] else []
    answer += [str(verdict["text"])] if verdict.get("text") else []
    gaps = {
        name: gap
        for name, gap in comparison.differences.items()
        if gap is not None and len(comparison.by_method[name].spec.inputs) > 1
    }
    if gaps and comparison.best_single:
        answer += [report.standing(gaps, comparison.best_single), report.leading(gaps)]
    return answer or [_("One method was trained; there is nothing to compare it with yet.")]
