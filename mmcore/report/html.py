"""A report as one HTML file that needs nothing else: no script, no network, pictures inside."""

from __future__ import annotations

import base64
from html import escape

from mmcore.report.document import Document, Picture, Section, Table, stays_whole

_STYLE = """
:root { color-scheme: light; background: #fff }
body { font: 16px/1.55 system-ui, "Noto Sans CJK SC", sans-serif; color: #18242e; max-width: 52rem; margin: 2.5rem auto;
       padding: 0 1.25rem }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem } h2 { font-size: 1.2rem; margin: 2.4rem 0 .5rem }
.answer { background: #e9f5f6; border-left: 4px solid #0e7c86; border-radius: 6px; padding: .8rem 1.1rem;
          margin: 1.2rem 0 }
.answer p { margin: .3rem 0; font-size: 1.08rem } .answer p:first-child { font-weight: 650 }
.warning { color: #7a4a00; background: #fff4df; border-radius: 6px; padding: .5rem .9rem; font-size: .95rem }
.question { font-size: 1.1rem; color: #5a6874; margin: .2rem 0 1rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: .92rem; margin: .7rem 0; width: 100% }
th { text-align: left; color: #5a6874; font-weight: 600 }
th, td { padding: .32rem .7rem .32rem 0; vertical-align: top; border-bottom: 1px solid #dfe6eb }
tr.marked td { font-weight: 650 }
.note, footer { color: #5a6874; font-size: .88rem }
img { max-width: 100%; height: auto; display: block; margin: .6rem 0 }
@media screen { .whole { white-space: nowrap } }
@page { margin: 18mm }
@media print { h2, p:has(+ .wide), p:has(+ img), p:has(+ p + .wide), p:has(+ p + img) { break-after: avoid }
               :root { font-size: 12px } body { font-size: 1rem; margin: 0; padding: 0; max-width: none }
               thead { break-after: avoid } img, p, tr { break-inside: avoid } }
"""


def write_html(document: Document) -> bytes:
    """The file's bytes (UTF-8)."""
    answer = "".join(f"<p>{escape(line)}</p>" for line in document.answer)
    body = "".join(_section(section) for section in document.sections)
    page = (
        f'<!doctype html>\n<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(document.title)}</h1>\n"
        f'<p class="question">{escape(document.question)}</p>\n'
        f'<p class="warning">{escape(document.warning)}</p>\n<div class="answer">{answer}</div>\n{body}\n</main>\n'
        f"<footer><p>{escape(document.made)}</p></footer>\n</body>\n</html>\n"
    )
    return page.encode()


def _section(section: Section) -> str:
    parts = [f"<h2>{escape(section.heading)}</h2>\n"]
    parts += [f"<p>{escape(line)}</p>\n" for line in section.lines]
    if section.picture is not None:
        parts.append(_picture(section.picture))
    if section.table is not None:
        parts.append(_table(section.table))
    return f"<section>\n{''.join(parts)}</section>\n"


def _picture(picture: Picture) -> str:
    data = base64.b64encode(picture.png).decode()
    width = round(96 * picture.width)
    return f'<img alt="{escape(picture.alt)}" width="{width}" src="data:image/png;base64,{data}">\n'


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = "".join(
        f"<tr{' class=marked' if number in table.marked else ''}>"
        + "".join(f"<td{' class=whole' if stays_whole(cell) else ''}>{escape(cell)}</td>" for cell in row)
        + "</tr>\n"
        for number, row in enumerate(table.rows)
    )
    note = f'<p class="note">{escape(table.note)}</p>\n' if table.note else ""
    return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n{note}'
