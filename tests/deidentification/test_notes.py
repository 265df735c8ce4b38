"""Protects: what identifies a person goes out of a note as often as is stated, and findings stay as they are."""

from __future__ import annotations

import pytest

from mmcore.deidentification import QUALITY, deidentified
from tests.benchmarks.bench_deidentification import measured
from tests.deidentification.labelled_notes import HARMLESS, HARMLESS_ZH, notes

HARMLESS_TOO = [
    "CHEST, PA and lateral. MRI, Brain without contrast. COPD, Asthma and CHF.", "TIMI and GRACE scores; TIMI, GRACE low.",
    "Pt Denies chest pain. Patient Presents with cough.", "St. Jude valve; St. John's wort; ST elevation in V2.",
    "MRI Mark at 3 cm; ECG Normal was seen. CAD, A. fib; HEPATITIS B. COPD, L. sided", "von Willebrand disease, de Quervain thyroiditis.",
    "AFEBRILE Today. WEST Virginia. MRI Brain was reviewed; REPEAT Scan was seen and attended to. Vitamin D, B. Hepatitis, A.",
    "Hospital Course: uneventful at the General Hospital, then seen in Cardiology Clinic.", "外院CT示结节，转入我院，当地医院予抗感染。",
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_stated_quality_holds(language):
    recalls, precision = measured(notes(150, 7, language))
    stated, slack = QUALITY[language], 0.06  # three standard errors of a share among some 300 names
    assert abs(recalls.pop("NAME") - stated.names) < slack, "state what is measured"
    assert min(recalls.values()) >= stated.others - 0.01 and precision >= stated.precision - 0.02


@pytest.mark.parametrize("text", [*HARMLESS, *HARMLESS_ZH, *HARMLESS_TOO])
def test_findings_stay(text):
    assert deidentified(text).text == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Mr. O'Brien, DOB 3/4/1956, MRN: 0012345.", "Mr. [NAME], DOB [DATE], MRN: [ID]."),
        ("Call 555-123-4567 or jane@x.org. Jane Miller agrees; Miller's wife too.",
         "Call [PHONE] or [EMAIL]. [NAME] agrees; [NAME]'s wife too."),
        ("He lives at 12 Oak Avenue, Boston, MA 02115 since March 2019.", "He lives at [ADDRESS] since [DATE]."),
        ("A 93-year-old man", "A [AGE]-year-old man"),
        ("患者王小明，男，65岁，于2021年3月4日入院，住院号：12345678。", "患者[NAME]，男，65岁，于[DATE]入院，住院号：[ID]。"),
        ("SMITH, Jane was seen; Pt John Q. Doe denies pain.", "[NAME] was seen; Pt [NAME] denies pain."),
        ("PATIENT: DOE, JOHN. Pt. Okafor denies pain; Ms OKAFOR agrees.",
         "PATIENT: [NAME]. Pt. [NAME] denies pain; Ms [NAME] agrees."),
        ("SMITH Jane was asked; Jane SMITH agreed.", "[NAME] was asked; [NAME] agreed."),
        ("O'BRIEN, Mary-Ann and van der Berg, A. are informed.", "[NAME] and [NAME] are informed."),
        ("OKAFOR Thandiwe attended. Thandiwe OKAFOR, MRN 12345.", "[NAME] attended. [NAME], MRN [ID]."),
        ("Sent by A. van der Berg; Anna de la CRUZ; NOWAK, J.; Smith, J.R.", "Sent by [NAME]; [NAME]; [NAME]; [NAME]"),
        ("Moved from St. Mary's Hospital to Mercy General Hospital.", "Moved from [HOSPITAL] to [HOSPITAL]."),
        ("患者就诊于北京协和医院心内科。", "患者就诊于[HOSPITAL]心内科。"),
        ("联系电话13812345678，李医生查房。", "联系电话[PHONE]，[NAME]医生查房。"),
    ],
)  # fmt: skip
def test_usual_wordings(text, clean):
    assert deidentified(text).text == clean


def test_an_empty_note_stays_empty():
    assert deidentified("").text == "" and not deidentified("").counts
