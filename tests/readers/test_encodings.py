"""Protects: text comes out with the letters it was written in, and a guessed encoding is named."""

from __future__ import annotations

import pytest

from mmcore import readers
from mmcore.readers.encodings import decode

NOTES = [
    ("患者无胸痛，心率正常。", "gb18030", "GB18030"),
    ("右下肺片状密度增高影", "gb18030", "GB18030"),
    ("病患呼吸平順，無胸痛，體溫正常", "big5", "Big5"),
    ("咳嗽と発熱があり、胸部に異常はない", "cp932", "Shift-JIS"),
    ("환자는 가슴 통증이 없고 호흡이 정상", "cp949", "EUC-KR"),
    ("Больной жалуется на кашель и боль в груди", "cp1251", "Windows-1251"),
    ("Ο ασθενής δεν έχει πυρετό ούτε βήχα", "cp1253", "Windows-1253"),
    ("Chora zgłasza ból głowy, gorączki nie było", "cp1250", "Windows-1250"),
    ("Größe unverändert, späte R-Progression", "latin-1", "Windows-1252"),
    ("Épanchement à droite, fièvre légère", "cp1252", "Windows-1252"),
    ("Röntgen av lungorna, sjukdomen är över", "cp1252", "Windows-1252"),
]


@pytest.mark.parametrize("text, encoding, name", NOTES, ids=[f"{n[1]}-{i}" for i, n in enumerate(NOTES)])
def test_a_guess_gives_the_letters_and_is_named(text, encoding, name):
    decoded = decode(text.encode(encoding))
    assert decoded.text == text and decoded.guessed.startswith(name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_a_file_says_itself_is_no_guess(encoding):
    decoded = decode("Größe 5 µm, 患者".encode(encoding))
    assert decoded.text == "Größe 5 µm, 患者" and not decoded.guessed


def test_a_note_that_was_guessed_is_remarked(tmp_path):
    (tmp_path / "note.txt").write_bytes("Жалоб нет".encode("cp1251"))
    remarks: list[str] = []
    assert readers.read("text", tmp_path / "note.txt", remarks=remarks) == "Жалоб нет"
    assert len(remarks) == 1 and "Windows-1251" in remarks[0] and "note.txt" in remarks[0]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("胸痛の訴えはない。発熱はない。", "iso2022_jp"),
        ("Жалоб на боль нет, одышка при ходьбе.", "utf-16-le"),
        ("Жалоб на боль нет, одышка при ходьбе.", "cp866"),
        ("Pacjent zgłasza ból i duszność, gorączki brak.", "iso8859_2"),
        ("החולה מתלונן על כאבים בחזה וקוצר נשימה.", "cp1255"),
        ("Größe unverändert, Ödeme nicht über dem Knöchel.", "cp850"),
        ("Pas de fièvre; douleur à l'épaule, état général conservé.", "cp850"),
        ("右下肺片状密度增高影，心影不大。No pain.", "utf-7"),
        ("Größe unverändert, Ödeme nicht über dem Knöchel.", "utf-7"),
        ("患者咳嗽发热三天胸痛气急双肺纹理清晰心影正常", "utf-16-le"),
        ("患者咳嗽发热三天，双肺纹理清晰。\n心影正常", "utf-16-be"),
        ("胸痛の訴えはない。発熱はない。", "utf-32-le"),
        ("患者咳嗽发热三天，双肺纹理清晰", "utf-32-be"),
        ("المريض يشكو من ألم في الصدر وضيق في التنفس.", "cp1256"),
    ],
)
def test_rarer_encodings_come_out_right_and_are_named(text, encoding):
    remarks: list[str] = []
    assert readers.read_bytes("text", "a.txt", text.encode(encoding), remarks=remarks) == text
    assert len(remarks) == 1 and "a guess" in remarks[0]


@pytest.mark.parametrize("text", ["CD4+CD8+- cells, HER2+ER+- tumour", "a +ABC- b", "++++ oedema, +++- pain, 1+2-3"])
def test_signs_of_a_note_are_no_encoding(text):
    decoded = decode(text.encode())
    assert decoded.text == text and not decoded.guessed


def test_a_mark_at_the_beginning_says_utf_32():
    decoded = decode(b"\x00\x00\xfe\xff" + "患者 A".encode("utf-32-be"))
    assert decoded.text == "患者 A" and not decoded.guessed


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("住院号,性别,是否死亡\n1,男,是\n2,女,否\n", "gb18030"),
        ("病歷號,性別,診斷\n1,男,高血壓\n2,女,糖尿病\n", "big5"),
        ("患者番号,年齢,性別\n1,３４,男\n2,５６,女\n", "cp932"),
        ("患者番号,性別,診断\n1,男,正常\n2,女,異常\n", "euc_jp"),
        ("환자번호,성별,당뇨병\n1,남,있음\n2,여,없음\n", "cp949"),
        ("Geschlecht;Größe (cm)\nmännlich;181\nweiblich;170\n", "mac_roman"),
        ("Sexe;Âge;Décès\nH;61;oui\nF;70;non\n", "mac_roman"),
    ],
)
def test_the_few_words_of_a_table_come_out_as_well(text, encoding):
    decoded = decode(text.encode(encoding))
    assert decoded.text == text and decoded.guessed
