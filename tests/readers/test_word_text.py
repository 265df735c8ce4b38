"""Protects: each word of a Word document is read once, and what is not read of it is told."""

import io

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from mmcore.base.values import Kind
from mmcore.readers import read_bytes


@pytest.fixture
def document():
    document = docx.Document()
    document.add_paragraph("Chest pain.")
    return document


def read(document):
    content, remarks = io.BytesIO(), []
    document.save(content)
    return read_bytes(Kind.TEXT, "note.docx", content.getvalue(), None, remarks), remarks


def test_merged_cells_come_once(document):
    table = document.add_table(3, 3)
    for i, row in enumerate(table.rows):
        for j, cell in enumerate(row.cells):
            cell.text = f"r{i}c{j}"
    for cell in (table.cell(0, 1), table.cell(0, 2), table.cell(2, 0)):
        cell.text = ""
    table.cell(0, 0).merge(table.cell(0, 2)).text = "Laboratory"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "troponin"
    text, remarks = read(document)
    assert text.splitlines()[1:] == ["Laboratory", "troponin\tr1c1\tr1c2", "\tr2c1\tr2c2"]
    assert text.count("Laboratory") == text.count("troponin") == 1 and not remarks


def test_a_table_in_a_cell_of_a_table_is_read(document):
    cell = document.add_table(1, 2).cell(0, 1)
    cell.text = "values"
    cell.add_table(1, 2).cell(0, 1).text = "CRP 12"
    text, _remarks = read(document)
    assert text.count("values") == text.count("CRP 12") == 1


def test_tracked_changes_are_read_as_accepted_and_told(document):
    run = '<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'
    paragraph = document.add_paragraph("No fever")
    for mark, tag, text in (("ins", "t", " but cough"), ("del", "delText", " at all")):
        inner = run.format(tag=tag, text=text)
        paragraph._p.append(parse_xml(f'<w:{mark} {nsdecls("w")} w:id="1" w:author="a">{inner}</w:{mark}>'))
    text, remarks = read(document)
    assert text.splitlines()[1] == "No fever but cough" and "tracked changes" in remarks[0]


def test_headers_of_pages_are_not_read_but_told(document):
    document.sections[0].header.paragraphs[0].text = "Jane Roe, born 1950"
    text, remarks = read(document)
    assert text == "Chest pain." and "headers" in remarks[0] and "Roe" not in remarks[0]
