"""Small files of medical formats, made by the libraries that define them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np


def dicom(pixels: np.ndarray, **facts: object) -> bytes:
    """A DICOM file of these 16-bit pixels [H, W] or frames [F, H, W]."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CTImageStorage, generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    made.PatientName, made.Modality = "Doe^Jane", "CT"
    made.Rows, made.Columns = pixels.shape[-2:]
    made.SamplesPerPixel, made.BitsAllocated, made.BitsStored, made.HighBit = 1, 16, 16, 15
    made.PixelRepresentation, made.PhotometricInterpretation = 1, "MONOCHROME2"
    if pixels.ndim == 3:
        made.NumberOfFrames = len(pixels)
    for name, value in facts.items():
        setattr(made, name, value)
    made.PixelData = pixels.astype("<i2").tobytes()
    content = io.BytesIO()
    made.save_as(content, enforce_file_format=True)
    return content.getvalue()


def dicom_waveform() -> bytes:
    """The ECG that pydicom ships."""
    import pydicom

    return (Path(pydicom.__file__).parent / "data" / "test_files" / "waveform_ecg.dcm").read_bytes()


def nifti() -> bytes:
    """A volume of five slices; only the middle one is not empty."""
    import nibabel

    values = np.zeros((6, 8, 5), np.int16)
    values[:, :, 2] = np.arange(48).reshape(6, 8)
    return nibabel.Nifti1Image(values, np.eye(4)).to_bytes()


def edf(*signals: tuple[str, float, str]) -> bytes:
    """An EDF file of (label, rate, unit); four seconds of a sine."""
    import edfio

    made = [
        edfio.EdfSignal(np.sin(np.arange(int(4 * rate)) / 5), rate, label=label, physical_dimension=unit)
        for label, rate, unit in signals
    ]
    content = io.BytesIO()
    edfio.Edf(made).write(content)
    return content.getvalue()


def sound(form: str) -> bytes:
    """Two seconds of a tone of 200 Hz."""
    import soundfile

    content = io.BytesIO()
    soundfile.write(content, 0.5 * np.sin(2 * np.pi * 200 * np.arange(16000) / 8000), 8000, format=form)
    return content.getvalue()


def npz(**arrays: object) -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()


def mat(**arrays: object) -> bytes:
    from scipy.io import savemat

    content = io.BytesIO()
    savemat(content, arrays)
    return content.getvalue()


def pdf(text: str) -> bytes:
    """A page with one line, or an empty page."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode() if text else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(content)
    return content + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def docx(*paragraphs: str, row: tuple[str, ...] = ()) -> bytes:
    """A document of these paragraphs, and a table of one row."""
    import docx as library

    document, content = library.Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if row:
        for cell, text in zip(document.add_table(1, len(row)).rows[0].cells, row, strict=True):
            cell.text = text
    document.save(content)
    return content.getvalue()
