"""DICOM files of pictures and of waveforms alike: parsed, and what their headers say of a person."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from mmcore.base.errors import BadInput
from mmcore.base.settings import _

if TYPE_CHECKING:
    from pydicom import Dataset
    from pydicom.uid import UID

WAVEFORMS = b"1.2.840.10008.5.1.4.1.1.9."  # classes of ECG, sound and pressure curves begin so
_FREE_TEXT = ("LO", "LT", "PN", "SH", "ST", "UT")  # values of private elements that may name a person
_IDENTIFYING = {
    "name": ("PatientName", "OtherPatientNames", "PatientMotherBirthName", "ReferringPhysicianName", "OperatorsName",
             "PerformingPhysicianName", "NameOfPhysiciansReadingStudy"),
    "birth date": ("PatientBirthDate", "PatientBirthTime"),
    "number": ("PatientID", "OtherPatientIDs", "IssuerOfPatientID", "AccessionNumber", "AdmissionID"),
    "address": ("PatientAddress", "PatientTelephoneNumbers", "CountryOfResidence"),
    "text": ("PatientComments", "AdditionalPatientHistory", "StudyComments", "ImageComments", "InstitutionName"),
    "date": ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate"),
}  # fmt: skip


def is_dicom(head: bytes) -> bool:
    """Whether a file that begins like this is DICOM: 128 bytes of anything, then a mark."""
    return head[128:132] == b"DICM"


def identifiers_in(path: Path) -> tuple[str, ...]:
    """What a DICOM header says of the person, see `readers.identifiers_of`. Pixels are not read."""
    import pydicom

    kinds = {name: kind for kind, group in _IDENTIFYING.items() for name in group}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(path, stop_before_pixels=True, force=True)
        there = {
            kinds.get(element.keyword, "text")
            for element in dataset.iterall()  # sequences hold names as well
            if element.keyword in kinds or (element.tag.is_private and element.VR in _FREE_TEXT)
            if str(element.value or "").strip()
        }
    return (*there, "burnt in") if str(dataset.get("BurnedInAnnotation", "")).upper() == "YES" else tuple(sorted(there))


def dataset_of(data: bytes, filename: str) -> Dataset:
    """The parsed file. Raises BadInput."""
    import pydicom

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = pydicom.dcmread(io.BytesIO(data), force=not is_dicom(data[:132]))
            if "TransferSyntaxUID" not in dataset.file_meta:  # a bare data set: the encoding that was tried is right
                dataset.file_meta.TransferSyntaxUID = (
                    pydicom.uid.ImplicitVRLittleEndian if dataset.original_encoding[0] else _explicit(dataset)
                )
    except Exception as error:  # damaged files make pydicom raise almost anything
        raise BadInput(
            _("{file} is damaged or not a DICOM file.").format(file=filename), _("Export it again from the archive.")
        ) from error
    if not len(dataset):
        raise BadInput(
            _("{file} is not a DICOM file, or it is empty.").format(file=filename), _("Export it from the archive.")
        )
    return dataset


def _explicit(dataset: Dataset) -> UID:
    from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

    return ExplicitVRLittleEndian if dataset.original_encoding[1] else ExplicitVRBigEndian
