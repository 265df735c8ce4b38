"""Protects: what files and notes say of a person is said, is not read, and with de-identification is nowhere kept."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mmcore.base.settings import home
from mmcore.cli import main
from mmcore.cohorts import Roles, open_cohort
from mmcore.cohorts.identifying import headers_remarks
from mmcore.encoders import make
from mmcore.features import encode
from mmcore.readers import identifiers_of
from tests.readers import made


def table(folder, **columns):
    names, rows = list(columns), zip(*columns.values(), strict=True)
    lines = [",".join(["id", *names, "label"]), *(f"{i},{','.join(row)},{'ab'[i % 2]}" for i, row in enumerate(rows))]
    (folder / "cases.csv").write_text("\n".join(lines))
    return folder


def test_headers_that_name_persons_are_counted(tmp_path, capsys):
    import wfdb

    for i in range(4):
        facts = {"PatientBirthDate": "19560304", "PatientID": "77"} if i < 2 else {"PatientName": ""}
        (tmp_path / f"{i}.dcm").write_bytes(made.dicom(np.arange(64).reshape(8, 8), **facts))
        wfdb.wrsamp(
            f"r{i}", 100, ["mV"], ["II"], np.random.default_rng(i).normal(size=(300, 1)), fmt=["16"],
            write_dir=str(tmp_path), comments=["Name: Jane Doe"] if i else [],
        )  # fmt: skip
    table(tmp_path, film=[f"{i}.dcm" for i in range(4)], ecg=[f"r{i}.hea" for i in range(4)])
    assert main(["inspect", str(tmp_path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    sentences = {sentence.partition(":")[0]: sentence for sentence in document["identifying_headers"]}
    assert (
        "the headers of 2 of 4 files hold names, birth dates and identity numbers. The files are used, but none of this"
        in sentences["film"]
    )
    assert "the headers of 3 of 4 files hold names" in sentences["ecg"]
    assert set(document["identifying_headers"]) <= set(document["problems"])
    cohort = open_cohort(tmp_path)
    assert "Doe" not in str([cohort.case(id) for id in cohort.ids])


@pytest.mark.parametrize("where", ["cells", "files"])
def test_notes_are_deidentified_before_anything_is_kept(tmp_path, where):
    notes = [f"Mr. Xanthopoulos was seen on 2021-03-0{i % 9 + 1}. No chest pain {i}." for i in range(12)]
    if where == "files":
        for i, note in enumerate(notes):
            (tmp_path / f"{i}.txt").write_text(note)
        notes = [f"{i}.txt" for i in range(12)]
    table(tmp_path, note=notes)
    plain, clean = open_cohort(tmp_path), open_cohort(tmp_path, Roles(deidentify=True))
    assert "Xanthopoulos" in plain.value("0", "note")
    assert clean.value("0", "note") == "Mr. [NAME] was seen on [DATE]. No chest pain 0."
    assert "Xanthopoulos" not in clean.table.to_csv() and plain.key != clean.key
    assert any("Read what is left" in sentence for sentence in clean.problems)
    encode(clean, "note", make("tfidf_svd", clean.inputs["note"]))
    assert not any(b"Xanthopoulos" in file.read_bytes() for file in home().rglob("*") if file.is_file())


def test_cohort_toml_can_ask_for_it(tmp_path):
    table(tmp_path, note=[f"Mr. Smith came again without chest pain today {i}." for i in range(12)])
    (tmp_path / "cohort.toml").write_text("deidentify = true\n")
    assert open_cohort(tmp_path).value("3", "note") == "Mr. [NAME] came again without chest pain today 3."


def test_sequences_private_elements_and_headers_of_photos_are_told(tmp_path):
    from PIL import Image, PngImagePlugin
    from pydicom.dataset import Dataset

    inner = Dataset()
    inner.PatientName = "Doe^Jane"
    pixels = np.arange(64).reshape(8, 8)
    (tmp_path / "a.dcm").write_bytes(made.dicom(pixels, ReferencedPatientSequence=[inner]))
    (tmp_path / "b.dcm").write_bytes(made.dicom(pixels, PatientComments="Jane Doe of Bern"))
    assert "name" in identifiers_of(tmp_path / "a.dcm")
    assert "text" in identifiers_of(tmp_path / "b.dcm")
    text, exif = PngImagePlugin.PngInfo(), Image.Exif()
    text.add_text("Patient", "Jane Doe")
    exif.get_ifd(0x8825)[2] = (46.0, 57.0, 0.0)
    photo = Image.fromarray(pixels.astype(np.uint8))
    photo.save(tmp_path / "a.png", pnginfo=text)
    photo.save(tmp_path / "b.jpg", exif=exif)
    photo.save(tmp_path / "c.png")
    assert [identifiers_of(tmp_path / name) for name in ("a.png", "b.jpg", "c.png")] == [("text",), ("place",), ()]


def test_authors_of_documents_are_told_and_programs_are_not(tmp_path):
    """As the names in the headers of DICOM are; the text is read without them."""
    import docx

    for name, author in (("a.docx", "Dr Jane Roe"), ("b.docx", "python-docx")):
        document = docx.Document()
        document.add_paragraph("No pain.")
        properties = document.core_properties
        properties.author, properties.last_modified_by, properties.comments = author, "", ""
        if name == "a.docx":
            properties.title = "Letter about John Doe"
        document.save(tmp_path / name)
    (tmp_path / "c.pdf").write_bytes(
        made.pdf("No pain.").replace(b"/Root 1 0 R", b"/Root 1 0 R /Info << /Author (Jane Roe) >>")
    )
    (tmp_path / "d.pdf").write_bytes(made.pdf("No pain."))
    kinds = [identifiers_of(tmp_path / name) for name in ("a.docx", "b.docx", "c.pdf", "d.pdf")]
    assert kinds == [("name", "text"), (), ("name",), ()]
    sentences = headers_remarks({"letter": [tmp_path / "a.docx", tmp_path / "b.docx"]})
    assert "names and comments" in sentences[0] and "1 of 2 files" in sentences[0] and "Roe" not in sentences[0]
