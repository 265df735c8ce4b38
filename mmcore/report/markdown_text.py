"""A report as Markdown, for a file that lies beside weights."""

from __future__ import annotations

from mmcore.report.document import Document, Section, Table


def write_markdown(document: Document) -> str:
    """Its text, without pictures."""
    parts = [f"# {document.title}", f"> **{document.warning}**", *document.answer]
    for section in document.sections:
        parts.append(_section(section))
    return "\n\n".join([*parts, document.made]) + "\n"


def _section(section: Section) -> str:
    parts = [f"## {section.heading}"]
    if section.lines:
        parts.append("\n".join(f"- {line}" for line in section.lines))
    if section.table is not None:
        parts.append(_table(section.table))
    return "\n\n".join(parts)


def _table(table: Table) -> str:
    rows = [table.columns, ("---",) * len(table.columns), *table.rows]
    text = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
    return f"{text}\n\n{table.note}" if table.note else text
