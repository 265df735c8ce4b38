"""Protects Chinese in reports: pictures and PDF hold the signs, and the PDF takes them along."""

from __future__ import annotations

import io
import warnings

import pytest

from mmcore.report import fonts
from mmcore.report.document import Document
from mmcore.report.drawings import MethodScore, intervals
from mmcore.report.pdf import write_pdf

needs_font = pytest.mark.skipif(fonts.chinese_font() is None, reason="this machine has no Chinese font")


@needs_font
def test_a_picture_lacks_no_sign():
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # matplotlib warns of a sign it has not
        intervals([MethodScore("心电图", 0.5, 0.4, 0.6, "fusion")], "越高越好 ≥", 0.7)


@needs_font
def test_a_pdf_embeds_the_signs_it_uses():
    pypdf = pytest.importorskip("pypdf")
    page = pypdf.PdfReader(io.BytesIO(write_pdf(Document("融合", ("有帮助 ≥",), "不用于临床", (), "今天")))).pages[0]
    used = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    embedded = {name for font in used if "/FontDescriptor" in font and "/FontFile2" in font["/FontDescriptor"]
                for name in [str(font["/BaseFont"])]}  # fmt: skip
    assert len(embedded) == 2 and "有帮助 ≥" in page.extract_text()


def test_without_a_chinese_font_the_readers_own_is_named(monkeypatch):
    monkeypatch.setattr(fonts, "chinese_font", lambda _weight=400: None)
    data = write_pdf(Document("融合", ("有帮助",), "", (), "今天"))
    assert b"STSong-Light" in data and intervals([MethodScore("a", 0.5, 0.4, 0.6, "plain")], "AUROC", None).png
